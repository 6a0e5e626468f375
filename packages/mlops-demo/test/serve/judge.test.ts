import { describe, expect, it } from 'vitest';
import { FlightFeatures } from '../../src/features/flight-features.js';
import { Trial } from '../../src/serve/challenger/trial.js';
import type { Challenge } from '../../src/serve/challenger/follow-challenger.js';
import { judge } from '../../src/serve/judge.js';
import { BATCH_LIMITS, MicroBatcher } from '../../src/serve/micro-batch.js';
import { Monitor } from '../../src/serve/monitor.js';
import type { Serving } from '../../src/serve/serving.js';

const FLIGHTS = Array.from({ length: 10 }, (_, index) => ({
  flightId: `flight-${index}`,
  origin: 'ATL',
  destination: 'SDF',
  departedAt: '2001-02-01T08:15:00-05:00',
  distanceMiles: 300 + index,
}));

/** What judging needs of a model at work; risks come from `score` below. */
function servingOf(version: string): Serving {
  const monitor = new Monitor({ riskHistogram: Array.from({ length: 10 }, () => 0.1), baseRate: 0.2 });
  return { manifest: { version }, monitor, features: new FlightFeatures() } as unknown as Serving;
}

/** A champion that says 0.2, and a challenger that answers every flight as it is told to. */
function beside(score: (rows: number) => number[], mostRows = 4_000) {
  const [champion, challenger] = [servingOf('m-1'), servingOf('m-2')];
  const record = { version: 'm-2', stage: 'canary', share: 1, since: '', by: 'test', because: '' } as const;
  const subject = { champion: 'm-1', challenger: 'm-2', stage: 'canary', share: 1, since: '' };
  const trial = new Trial({ subject, weightBytes: { champion: 1, challenger: 1 }, startedAt: 0 });
  const batcher = new MicroBatcher<Serving>({
    score: (model, rows) => {
      const count = rows.length / 27;
      return Float32Array.from(
        model === challenger ? score(count) : Array.from({ length: count }, () => 0.2),
      );
    },
    onScored: () => undefined,
    limits: { ...BATCH_LIMITS, mostRows },
    now: () => 0,
    later: (_ms, work) => void setImmediate(work),
  });
  let dropped = 0;
  const options = {
    champion,
    championNow: () => champion,
    challenge: { serving: challenger, champion, record, trial } satisfies Challenge,
    batcher,
    onDropped: () => (dropped += 1),
  };
  /** Ends the trial's first window, and tells its failures. */
  const failures = (): string | undefined => {
    trial.look(200);
    return trial.report().verdict.checks.find(({ check }) => check === 'success-rate')?.because;
  };
  return { options, trial, failures, dropped: () => dropped };
}

const versions = (judged: Awaited<ReturnType<typeof judge>>): string[] =>
  (judged ?? []).map(({ by, risk }) => `${by.manifest.version} ${risk.toFixed(1)}`);

describe('judging with a challenger', () => {
  it('the champion answers for a challenger that throws, and the trial counts each flight', async () => {
    const { options, trial, failures } = beside(() => {
      throw new Error('no such kernel');
    });
    expect(versions(await judge(FLIGHTS, options))).toEqual(FLIGHTS.map(() => 'm-1 0.2'));
    await expect.poll(() => trial.report().answered).toEqual({ champion: 10, challenger: 0 });
    expect(failures()).toMatch(/^100\.0 % of 10 canary requests failed, 0\.0 % of 10 at the primary/);
  });

  it('the champion answers where the challenger has no probability, and only there', async () => {
    const odd = (count: number) => Array.from({ length: count }, (_, row) => (row % 2 === 0 ? NaN : 0.9));
    const { options, trial, failures } = beside(odd);
    expect(versions(await judge(FLIGHTS, options))).toEqual(
      FLIGHTS.map((_, index) => (index % 2 === 0 ? 'm-1 0.2' : 'm-2 0.9')),
    );
    await expect.poll(() => trial.report().answered).toEqual({ champion: 5, challenger: 5 });
    expect(failures()).toMatch(/^50\.0 % of 10 canary requests failed/);
  });

  it('shadow questions that find no room are dropped and counted, the answers stay', async () => {
    const { options, dropped } = beside((count) => Array.from({ length: count }, () => 0.9), 10);
    const taken = options.batcher.askShadow({
      model: options.champion,
      rows: new Float32Array(270),
      rowCount: 10,
    });
    expect(versions(await judge(FLIGHTS, options))).toEqual(FLIGHTS.map(() => 'm-2 0.9'));
    expect(dropped()).toBe(1);
    await taken;
    await judge(FLIGHTS, options);
    expect(dropped()).toBe(1);
  });

  it('a full queue refuses the whole request', async () => {
    const { options } = beside((count) => Array.from({ length: count }, () => 0.9), 10);
    const first = judge(FLIGHTS, options);
    expect(await judge(FLIGHTS.slice(0, 1), options)).toBeUndefined();
    expect(await first).toHaveLength(10);
  });
});
