import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { Problem } from 'service-chassis';
import { decodeLogs } from '../src/otlp.js';

const NOW = 1_000;

function request(logRecords: unknown[], service: unknown = { stringValue: 'flights-api' }): object {
  const resource = { attributes: [{ key: 'service.name', value: service }] };
  return { resourceLogs: [{ resource, scopeLogs: [{ scope: { name: 'pino' }, logRecords }] }] };
}

function problemOf(body: unknown): Problem {
  try {
    decodeLogs(body, NOW);
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error('problemOf: expected a problem, got none');
}

describe('decodeLogs', () => {
  test('the example of the OTLP specification', () => {
    // opentelemetry-proto/examples/logs.json, shortened to what is read here.
    const body = {
      resourceLogs: [
        {
          resource: { attributes: [{ key: 'service.name', value: { stringValue: 'my.service' } }] },
          scopeLogs: [
            {
              scope: { name: 'my.library', version: '1.0.0' },
              logRecords: [
                {
                  timeUnixNano: '1544712660300000000',
                  observedTimeUnixNano: '1544712660300000000',
                  severityNumber: 10,
                  severityText: 'Information',
                  traceId: '5B8EFFF798038103D269B633813FC60C',
                  spanId: 'EEE19B7EC3C1B174',
                  body: { stringValue: 'Example log record' },
                },
              ],
            },
          ],
        },
      ],
    };
    expect(decodeLogs(body, NOW)).toEqual({
      records: [
        {
          at: 1544712660300,
          service: 'my.service',
          severity: 'INFO',
          body: 'Example log record',
          traceId: '5B8EFFF798038103D269B633813FC60C',
        },
      ],
      rejected: 0,
      because: '',
    });
  });

  test.each([
    [{ body: { intValue: '42' } }, '42'],
    [{ body: { boolValue: false } }, 'false'],
    [{ body: { kvlistValue: { values: [{ key: 'message', value: { stringValue: 'hi' } }] } } }, 'hi'],
    [
      {
        body: {
          kvlistValue: {
            values: [
              { key: 'a', value: { intValue: 1 } },
              { key: 'b', value: { boolValue: true } },
            ],
          },
        },
      },
      'a=1 b=true',
    ],
    [{ body: { arrayValue: { values: [{ stringValue: 'x' }, { stringValue: 'y' }] } } }, 'x y'],
    [{ body: {} }, ''],
    [{}, ''],
  ])('the body %j reads as "%s"', (record, text) => {
    expect(decodeLogs(request([record]), NOW).records[0]?.body).toBe(text);
  });

  test.each([
    [{ severityNumber: 17 }, 'ERROR'],
    [{ severityNumber: 24 }, 'FATAL'],
    [{ severityNumber: 0, severityText: 'warn' }, 'WARN'],
    [{ severityText: 'Notice' }, 'INFO'],
    [{}, 'INFO'],
  ])('the severity of %j is %s', (record, severity) => {
    expect(decodeLogs(request([record]), NOW).records[0]?.severity).toBe(severity);
  });

  test('a record without a time is of now, and one without a service has the name OTel gives it', () => {
    const { records } = decodeLogs(
      { resourceLogs: [{ scopeLogs: [{ logRecords: [{ timeUnixNano: '0' }] }] }] },
      NOW,
    );
    expect(records[0]).toMatchObject({ at: NOW, service: 'unknown_service' });
  });

  test('what PostgreSQL cannot store is taken out of a service name', () => {
    const { records } = decodeLogs(request([{}], { stringValue: '\u0000evil\ud800\tname' }), NOW);
    expect(records[0]?.service).toBe('evil name');
  });

  test('a wrong record is rejected and counted, the others are kept', () => {
    const good = { body: { stringValue: 'good' } };
    const bad = [{ severityNumber: 99 }, { timeUnixNano: 'yesterday' }, { body: 'text' }, 7, null];
    const decoded = decodeLogs(request([good, ...bad, good]), NOW);
    expect(decoded.records.map(({ body }) => body)).toEqual(['good', 'good']);
    expect(decoded.rejected).toBe(5);
    expect(decoded.because).toContain('severityNumber');
  });

  test('an empty request is a request', () => {
    expect(decodeLogs({}, NOW)).toEqual({ records: [], rejected: 0, because: '' });
  });

  test.each([
    [{ hello: 'world' }, 'resourceLogs'],
    [{ resourceSpans: [] }, 'resourceLogs'],
    [{ resource_logs: [] }, 'resourceLogs'],
    [{ resourceLogs: 'none' }, 'resourceLogs'],
    [{ resourceLogs: [{ scopeLogs: 3 }] }, 'resourceLogs[0].scopeLogs'],
    [[1, 2], 'resourceLogs'],
    [undefined, 'body'],
  ])('%j is no OTLP: 422 that names %s', (body, field) => {
    const problem = problemOf(body);
    expect(problem.status).toBe(422);
    expect(problem.errors[0]?.field).toBe(field);
    expect(problem.errors[0]?.fix).not.toBe('');
  });

  test('a body nested a thousand deep is cut, not followed', () => {
    let value: object = { stringValue: 'deep' };
    for (let depth = 0; depth < 1_000; depth += 1) value = { arrayValue: { values: [value] } };
    expect(decodeLogs(request([{ body: value }]), NOW).records[0]?.body).toBe('…');
  });

  test('whatever JSON comes, the answer is records or a problem', () => {
    const outcome = (body: unknown) => {
      try {
        return decodeLogs(body, NOW).rejected >= 0 ? 'decoded' : 'wrong';
      } catch (error) {
        return error instanceof Problem ? 'problem' : error;
      }
    };
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (whole, record) => {
        for (const body of [whole, request([record]), { resourceLogs: [record] }]) {
          expect(['decoded', 'problem']).toContain(outcome(body));
        }
      }),
    );
  });
});
