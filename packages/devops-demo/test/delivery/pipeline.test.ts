import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digestOf, manifestOf } from '../../src/delivery/build.js';
import type { BuiltFile } from '../../src/delivery/build.js';
import { deliver, deliveryReport } from '../../src/delivery/pipeline.js';
import type { DeliveryFacts } from '../../src/delivery/pipeline.js';
import { between, quantile, trafficOf } from '../../src/delivery/traffic.js';
import type { HistogramValue } from '../../src/delivery/traffic.js';

const main: BuiltFile = { path: 'dist/main.js', sha256: 'a'.repeat(64), bytes: 10 };
const migration: BuiltFile = { path: 'migrations/0001_board.sql', sha256: 'b'.repeat(64), bytes: 20 };
const files = [main, migration];
const manifest = manifestOf({ name: 'devops-demo', version: '0.1.0', commit: 'c0ffee00c0ffee00' }, files);

const facts = (change: Partial<DeliveryFacts> = {}): DeliveryFacts => ({
  manifest: { kind: 'manifest', manifest },
  files,
  manifestRequired: true,
  deployment: { migrations: ['0001_board'], readySince: '2026-07-01T10:00:00.000Z', seconds: 0.8 },
  traffic: {
    requests: 1_000,
    failed: 2,
    buckets: [
      { le: 0.01, count: 500 },
      { le: 0.05, count: 1_000 },
      { le: Infinity, count: 1_000 },
    ],
  },
  ...change,
});

const NOW = new Date('2026-07-01T10:05:00Z');
/** Of the stages that every instance has, released or not. */
const statesOf = (given: DeliveryFacts) =>
  deliveryReport(deliver(given), NOW)
    .stages.filter(({ name }) => !['shift-traffic', 'analyze', 'release'].includes(name))
    .map(({ state }) => state);
const becauseOf = (given: DeliveryFacts, stage: string) =>
  deliveryReport(deliver(given), NOW).stages.find(({ name }) => name === stage)?.because;

describe('the delivery pipeline', () => {
  it('tells a good delivery from build to feedback', () => {
    const file = (stage: string) => `packages/devops-demo/src/delivery/${stage}.ts`;
    expect(deliveryReport(deliver(facts()), NOW)).toEqual({
      pipeline: 'devops',
      tested: null,
      updatedAt: '2026-07-01T10:05:00.000Z',
      stages: [
        {
          name: 'build',
          state: 'passed',
          because: `devops-demo 0.1.0 of commit c0ffee00c0ff: 2 files, digest ${manifest.digest.slice(0, 12)}`,
          file: file('build'),
        },
        {
          name: 'verify',
          state: 'passed',
          because: `2 files as built, digest ${manifest.digest.slice(0, 12)}`,
          file: file('verify'),
        },
        {
          name: 'deploy',
          state: 'passed',
          because: '1 migration applied, the last 0001_board; ready since 2026-07-01T10:00:00.000Z',
          file: file('deploy'),
          seconds: 0.8,
        },
        {
          name: 'shift-traffic',
          state: 'skipped',
          because: 'no release yet: one version answers everything',
          file: file('shift-traffic'),
        },
        {
          name: 'observe',
          state: 'passed',
          because: '1000 requests: 99.80 % succeeded (objective 99.50 %), p95 0.046 s (objective 0.500 s)',
          file: file('observe'),
        },
        {
          name: 'analyze',
          state: 'skipped',
          because: 'no release yet: there is nothing to compare',
          file: file('analyze'),
        },
        { name: 'release', state: 'skipped', because: 'no release yet', file: file('release') },
        {
          name: 'feedback',
          state: 'passed',
          because: 'keep this version: its objectives are kept',
          file: file('feedback'),
        },
      ],
    });
  });

  it('says beside the bundle whether its commit was tested', () => {
    const tested = {
      kind: 'untested',
      because: 'commit c0ffee00c0ff has no run of the tests: run npm test',
    } as const;
    expect(becauseOf(facts({ tested }), 'build')).toMatch(
      /; commit c0ffee00c0ff has no run of the tests: run npm test$/,
    );
  });

  it('in development there is no manifest, and it says so', () => {
    const given = facts({ manifest: { kind: 'absent' }, manifestRequired: false });
    expect(statesOf(given)).toEqual(['skipped', 'skipped', 'passed', 'passed', 'passed']);
  });

  it('in production a missing manifest stops the delivery', () => {
    const given = facts({ manifest: { kind: 'absent' } });
    expect(statesOf(given)).toEqual(['skipped', 'failed', 'waiting', 'waiting', 'failed']);
  });

  it.each<[string, Partial<DeliveryFacts>, string]>([
    [
      'an edited file',
      { files: [{ ...main, sha256: 'c'.repeat(64) }, migration] },
      'dist/main.js is not what was built',
    ],
    ['a missing file', { files: [main] }, 'migrations/0001_board.sql is missing'],
    ['a file too many', { files: [...files, { ...main, path: 'dist/x.js' }] }, 'dist/x.js was not built'],
    ['no files', { files: [] }, 'dist/main.js is missing; migrations/0001_board.sql is missing'],
    [
      'a manifest with an edited line',
      { manifest: { kind: 'manifest', manifest: { ...manifest, files: [main] } } },
      'the manifest does not fit its own digest',
    ],
  ])('%s is refused with its reason', (_what, change, because) => {
    expect(statesOf(facts(change)).slice(1, 3)).toEqual(['failed', 'waiting']);
    expect(becauseOf(facts(change), 'verify')).toBe(because);
  });

  it('many wrong files are counted, not listed', () => {
    const many = Array.from({ length: 9 }, (_, n) => ({ ...main, path: `dist/extra${n}.js` }));
    expect(becauseOf(facts({ files: [...files, ...many] }), 'verify')).toContain('and 6 more');
  });

  it('without traffic there is no judgement', () => {
    const given = facts({ traffic: { requests: 49, failed: 49, buckets: [] } });
    expect(statesOf(given)).toEqual(['passed', 'passed', 'passed', 'waiting', 'waiting']);
    expect(becauseOf(given, 'observe')).toBe('49 requests so far, 50 are needed for a judgement');
  });

  it('missed objectives are named, with what to do', () => {
    const slow = [
      { le: 1, count: 100 },
      { le: 2, count: 1_000 },
      { le: Infinity, count: 1_000 },
    ];
    const given = facts({ traffic: { requests: 1_000, failed: 6, buckets: slow } });
    expect(statesOf(given)).toEqual(['passed', 'passed', 'passed', 'failed', 'failed']);
    expect(becauseOf(given, 'feedback')).toBe(
      'mend first: the objective for success ratio and p95 is missed',
    );
  });

  it('an instance whose database is away is not deployed', () => {
    const deployment = { migrations: ['0001_board'], readySince: undefined, seconds: 0.8 };
    expect(statesOf(facts({ deployment }))).toEqual(['passed', 'passed', 'running', 'waiting', 'waiting']);
  });
});

describe('the digest', () => {
  it('does not depend on the order in which files are found', () => {
    const anyFiles = fc.uniqueArray(
      fc.record({ path: fc.string({ minLength: 1 }), sha256: fc.string(), bytes: fc.nat() }),
      { selector: ({ path }) => path, minLength: 1 },
    );
    fc.assert(
      fc.property(anyFiles, (some) => {
        expect(digestOf([...some].reverse())).toBe(digestOf(some));
      }),
      { seed: 2001 },
    );
  });

  it('is what sha256sum says of what sha256sum printed', () => {
    // printf '%s  %s\n' aaa… dist/main.js bbb… migrations/0001_board.sql | sha256sum
    expect(manifest.digest).toBe('b3abe8169376802beb7dc45e03273faaee6c9d2227a776227fa29c685d6c0589');
  });
});

describe('traffic', () => {
  const value = (suffix: string, labels: Record<string, string | number>, n: number): HistogramValue => ({
    metricName: `http_server_request_duration_seconds_${suffix}`,
    labels: { http_route: '/v1/flights', http_response_status_code: '200', ...labels },
    value: n,
  });

  it('counts the requests of the board, and 5xx and 499 as failed', () => {
    const traffic = trafficOf([
      value('bucket', { le: 1 }, 3),
      value('bucket', { le: '+Inf' }, 4),
      value('count', {}, 4),
      value('sum', {}, 9),
      value('count', { http_response_status_code: '503' }, 2),
      value('count', { http_response_status_code: '499', http_route: '/v1/flights/:flightId' }, 1),
      value('count', { http_response_status_code: '422' }, 8),
      value('count', { http_route: '/metrics' }, 100),
      value('count', { http_route: '/v1/feed', http_response_status_code: '503' }, 100),
    ]);
    expect(traffic).toEqual({
      requests: 15,
      failed: 3,
      buckets: [
        { le: 1, count: 3 },
        { le: Infinity, count: 4 },
      ],
    });
  });

  it('of a window is the difference of two readings, also when a bucket is new', () => {
    const earlier = { requests: 10, failed: 1, buckets: [{ le: 1, count: 10 }] };
    const later = {
      requests: 30,
      failed: 1,
      buckets: [
        { le: 1, count: 25 },
        { le: Infinity, count: 30 },
      ],
    };
    expect(between(earlier, later)).toEqual({
      requests: 20,
      failed: 0,
      buckets: [
        { le: 1, count: 15 },
        { le: Infinity, count: 30 },
      ],
    });
  });

  it('has the quantiles that Prometheus computes', () => {
    const buckets = [
      { le: 1, count: 10 },
      { le: 2, count: 20 },
      { le: Infinity, count: 20 },
    ];
    expect(quantile(0.5, buckets)).toBe(1);
    expect(quantile(0.75, buckets)).toBe(1.5);
    expect(quantile(0.25, buckets)).toBe(0.5);
    expect(
      quantile(1, [
        { le: 1, count: 1 },
        { le: Infinity, count: 2 },
      ]),
      'beyond the last bound',
    ).toBe(1);
    expect(quantile(0.95, []), 'an empty window has no p95').toBeUndefined();
    expect(quantile(0.95, [{ le: 1, count: 0 }])).toBeUndefined();
  });
});
