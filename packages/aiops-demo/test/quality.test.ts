import { describe, expect, test } from 'vitest';
import {
  announcedOf,
  findingsOf,
  incidentsOf,
  line,
  linesOf,
  only,
  up,
  watchTelemetry,
} from './quality-rounds.js';
import type { Telemetry, Values } from './quality-rounds.js';
import { dice } from './simulation.js';

/** Spoiled in these seconds, else untouched. */
const between =
  (from: number, to: number, spoil: (telemetry: Telemetry, second: number) => Telemetry | undefined) =>
  (second: number, telemetry: Telemetry) =>
    second >= from && second < to ? spoil(telemetry, second) : telemetry;

/** What a service's signals are when its scrape fails. */
function unscraped(values: Values, ...services: string[]): Values {
  const isOne = (id: string) => services.some((service) => id.startsWith(`${service}/`));
  return Object.fromEntries(
    Object.entries(values).map(([id, value]) => [id, isOne(id) ? (id.endsWith('/up') ? 0 : null) : value]),
  );
}

test('healthy telemetry has no finding in ten minutes, and every signal is judged', () => {
  const runs = watchTelemetry(600, (_second, telemetry) => telemetry);
  expect(findingsOf(runs)).toEqual([]);
  expect(runs.at(-1)?.assessed.report.notJudged).toEqual([]);
});

describe('missing scrapes', () => {
  test('a service that answers 503 to the scrape is not down', () => {
    const runs = watchTelemetry(
      180,
      between(60, 120, (telemetry) => ({
        ...telemetry,
        values: unscraped(telemetry.values, 'flights-api'),
        targets: only(telemetry, 'flights-api', {
          job: 'flights-api',
          url: 'http://flights-api:80',
          state: 'down',
          answered: true,
          because: 'flights-api:80 answered 503',
        }),
      })),
    );
    expect(incidentsOf(runs)).toEqual([]);
    expect(findingsOf(runs)).toEqual(['missing-scrapes of flights-api']);
    expect(announcedOf(runs)[0]).toBe(
      'data quality of flights-api: missing-scrapes: it answers, but gives no metrics: flights-api:80 answered 503; ' +
        'not judged: whether flights-api is up, and what it measures of itself',
    );
  });

  test('a service that goes on logging is not down, one that falls silent is', () => {
    const spoil = (isLogging: boolean) =>
      between(60, 120, (telemetry) => ({
        ...telemetry,
        values: unscraped(telemetry.values, 'model-server'),
        targets: [],
        logs: telemetry.logs.filter(({ service }) => isLogging || service !== 'model-server'),
      }));
    const alive = watchTelemetry(180, spoil(true));
    expect(incidentsOf(alive)).toEqual([]);
    expect(findingsOf(alive)).toEqual(['missing-scrapes of model-server']);

    const dead = watchTelemetry(180, spoil(false));
    const [incident] = dead.at(-1)?.reported.incidents ?? [];
    expect(incident?.signals.map(({ signalId }) => signalId)).toContain('model-server/up');
    expect(findingsOf(dead)).toEqual([]);
  });

  test('a collector that cannot reach even itself says nothing of the services', () => {
    const all = ['flights-api', 'model-server', 'replay', 'aiops'];
    const runs = watchTelemetry(
      180,
      between(60, 120, (telemetry) => ({
        ...telemetry,
        values: unscraped(telemetry.values, ...all),
        logs: [],
        targets: [],
      })),
    );
    expect(incidentsOf(runs)).toEqual([]);
    expect(findingsOf(runs)).toEqual(all.map((service) => `missing-scrapes of ${service}`));
    const during = runs[40]?.assessed.report.notJudged ?? [];
    expect(during.find(({ signalId }) => signalId === 'replay/up')?.because).toBe(
      'not judged: missing-scrapes of replay: the collector cannot even reach itself',
    );
  });

  test('a minute in which nobody looked is told', () => {
    const runs = watchTelemetry(
      180,
      between(60, 120, () => undefined),
    );
    expect(incidentsOf(runs)).toEqual([]);
    expect(findingsOf(runs)).toEqual(['missing-scrapes of collector']);
    expect(announcedOf(runs)[0]).toContain('nobody looked for 62 s');
  });
});

describe('stale targets', () => {
  /** What a cache in front of /metrics does: gauges stand still, rates fall to nothing, ratios are of nothing. */
  const frozen = (values: Values): Values => ({
    ...values,
    'model-server/request-rate': 0,
    'model-server/error-ratio': null,
    'model-server/latency-p95': 3,
    'model-server/resident-memory': 1.3e8,
    'model-server/event-loop-lag': 0.0125,
  });

  test('the same text for ten seconds is stale, and nothing of it is judged', () => {
    const runs = watchTelemetry(
      180,
      between(60, 120, (telemetry, second) => ({
        ...telemetry,
        // The latency turns absurd only when the target is known to be stale.
        values: second < 72 ? telemetry.values : frozen(telemetry.values),
        targets: only(
          telemetry,
          'model-server',
          up('model-server', telemetry.at, { sameSince: telemetry.at - (second - 60) * 1_000 }),
        ),
      })),
    );
    expect(incidentsOf(runs)).toEqual([]);
    expect(findingsOf(runs)).toEqual(['stale-target of model-server']);
    expect(runs[45]?.assessed.report.notJudged.map(({ signalId }) => signalId)).toContain(
      'model-server/latency-p95',
    );
  });

  test('samples that carry a timestamp of two minutes ago are stale', () => {
    const runs = watchTelemetry(
      120,
      between(60, 90, (telemetry) => ({
        ...telemetry,
        targets: only(telemetry, 'replay', up('replay', telemetry.at, { exposedAt: telemetry.at - 120_000 })),
      })),
    );
    expect(findingsOf(runs)).toEqual(['stale-target of replay']);
  });

  test('where somebody else scrapes, gauges that stand still for 20 s say it', () => {
    const runs = watchTelemetry(
      180,
      between(60, 120, (telemetry) => ({
        ...telemetry,
        targets: [],
        values: { ...frozen(telemetry.values), 'model-server/latency-p95': 0.006 },
      })),
    );
    expect(incidentsOf(runs)).toEqual([]);
    expect(findingsOf(runs)).toEqual(['stale-target of model-server']);
  });
});

test('counters that fall are a restart, told once, and no incident', () => {
  const runs = watchTelemetry(120, (second, telemetry) => ({
    ...telemetry,
    targets:
      second === 60
        ? only(telemetry, 'replay', up('replay', telemetry.at, { resets: 40 }))
        : telemetry.targets,
  }));
  expect(incidentsOf(runs)).toEqual([]);
  expect(findingsOf(runs)).toEqual(['counter-reset of replay']);
  expect(announcedOf(runs)).toEqual([
    'data quality of replay: counter-reset: 40 of its counters are lower than in the scrape before: it has restarted; ' +
      'not judged: what replay did between its last scrape and its restart',
    'data quality of replay: no more counter-reset',
  ]);
});

describe('clock skew', () => {
  const skewed = (offsetMs: number) => (_second: number, telemetry: Telemetry) => ({
    ...telemetry,
    logs: telemetry.logs.map((record) =>
      record.service === 'replay' ? { ...record, at: record.at + offsetMs } : record,
    ),
  });

  test.each([
    [90_500, '90 s ahead'],
    [-44_500, '45 s behind'],
  ])('lines %i ms off get the time of their arrival', (offsetMs, told) => {
    const runs = watchTelemetry(60, skewed(offsetMs));
    expect(incidentsOf(runs)).toEqual([]);
    expect(findingsOf(runs)).toEqual(['clock-skew of replay']);
    expect(announcedOf(runs)[0]).toContain(told);
    const last = runs.at(-1);
    expect(last?.assessed.logs.find(({ service }) => service === 'replay')?.at).toBe(last?.collected.at);
  });

  test('lines that a sender held for eight seconds are late, not skewed', () => {
    expect(findingsOf(watchTelemetry(60, skewed(-8_000)))).toEqual([]);
  });
});

describe('cardinality', () => {
  test('a target that shows ever more series is told before it breaks', () => {
    const runs = watchTelemetry(180, (second, telemetry) => ({
      ...telemetry,
      targets: only(
        telemetry,
        'flights-api',
        up('flights-api', telemetry.at, { samples: 400 + Math.max(0, second - 60) * 20 }),
      ),
    }));
    expect(incidentsOf(runs)).toEqual([]);
    expect(findingsOf(runs)).toEqual(['cardinality of flights-api']);
  });

  test('where series had to be refused, rates are not judged; without that they would be an incident', () => {
    const spoil = (refused: number) =>
      between(60, 120, (telemetry) => ({
        ...telemetry,
        values: { ...telemetry.values, 'flights-api/error-ratio': 0.4, 'flights-api/latency-p95': 5 },
        targets: only(telemetry, 'flights-api', up('flights-api', telemetry.at, { refused })),
      }));
    const runs = watchTelemetry(180, spoil(30));
    expect(incidentsOf(runs)).toEqual([]);
    expect(runs[45]?.assessed.report.findings[0]?.notJudged).toBe(
      'rates of flights-api: series are missing from their sums',
    );
    expect(incidentsOf(watchTelemetry(180, spoil(0)))).toHaveLength(1);
  });

  test('lines that are all different do not push out the templates of others', () => {
    const random = dice(3);
    const word = () =>
      Math.floor(random() * 1e9)
        .toString(36)
        .replaceAll(/\d/g, 'q');
    const runs = watchTelemetry(240, (second, telemetry) => ({
      ...telemetry,
      logs:
        second < 60
          ? telemetry.logs
          : [
              ...telemetry.logs,
              ...Array.from({ length: 200 }, () =>
                line('replay', telemetry.at, `${word()} ${word()} ${word()} ${word()}`),
              ),
            ],
    }));
    expect(incidentsOf(runs)).toEqual([]);
    expect(findingsOf(runs)).toEqual(['cardinality of replay']);
    expect(
      runs.at(-1)?.parsed.filter(({ record }) => record.service === 'replay').length,
    ).toBeLessThanOrEqual(20);
    expect(runs.at(-1)?.parsed.some(({ record, isNew }) => record.service === 'aiops' && isNew)).toBe(false);
  });
});

describe('log floods', () => {
  test('a hundred times the usual lines are thinned, and a slow intake is theirs', () => {
    const runs = watchTelemetry(
      180,
      between(60, 100, (telemetry) => ({
        ...telemetry,
        values: {
          ...telemetry.values,
          'aiops/latency-p95': 2,
          'aiops/error-ratio': 0.5,
          'aiops/event-loop-lag': 1.5,
        },
        logs: [
          ...telemetry.logs,
          ...Array.from({ length: 5_000 }, (_, index) =>
            line('flights-api', telemetry.at, `retry ${index} of the same call`),
          ),
        ],
      })),
    );
    expect(incidentsOf(runs)).toEqual([]);
    expect(findingsOf(runs)).toEqual(['log-flood of flights-api']);
    expect(announcedOf(runs)[0]).toContain(
      '5001 lines came at once, usually 1; not judged: 4501 of these lines',
    );
    expect(runs[35]?.parsed).toHaveLength(503);
  });
});

describe('duplicates', () => {
  test('a batch sent twice counts once', () => {
    const batch = (at: number) =>
      Array.from({ length: 30 }, (_, index) => line('replay', at - index, `flight ${index} left`));
    const runs = watchTelemetry(60, (second, telemetry) => ({
      ...telemetry,
      logs: [
        ...telemetry.logs,
        ...batch(telemetry.at),
        ...(second >= 20 && second < 30 ? batch(telemetry.at - 4_000) : []),
      ],
    }));
    expect(incidentsOf(runs)).toEqual([]);
    expect(findingsOf(runs)).toEqual(['duplicates of replay']);
    expect(new Set(runs.map(({ parsed }) => parsed.length))).toEqual(new Set([34]));
  });

  test('the same line again and again is no duplicate, it is a busy service', () => {
    const runs = watchTelemetry(60, (_second, telemetry) => ({
      ...telemetry,
      logs: [
        ...linesOf(telemetry.at),
        ...Array.from({ length: 50 }, () => line('replay', telemetry.at, 'tick')),
      ],
    }));
    expect(findingsOf(runs)).toEqual([]);
  });

  test('a scrape delivered twice is told, and changes nothing', () => {
    const runs = watchTelemetry(120, (second, telemetry) => ({
      ...telemetry,
      at: second === 62 ? telemetry.at - 2_000 : telemetry.at,
      logs: [],
    }));
    expect(incidentsOf(runs)).toEqual([]);
    expect(findingsOf(runs)).toEqual(['duplicates of collector']);
  });
});
