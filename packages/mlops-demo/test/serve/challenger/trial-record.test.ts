/** A trial outlives its process: as data, and as a file. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { seedRandom } from '../../../src/seeded-random.js';
import { readTrial, writeTrial } from '../../../src/serve/challenger/store.js';
import { trialRecordSchema, whyAnother } from '../../../src/serve/challenger/trial-record.js';
import type { TrialRecord } from '../../../src/serve/challenger/trial-record.js';
import { Trial } from '../../../src/serve/challenger/trial.js';

const subject = {
  champion: 'm-1',
  challenger: 'm-2',
  stage: 'canary',
  share: 0.1,
  since: '2001-04-02T10:00:00Z',
};
const weightBytes = { champion: 100, challenger: 100 };

/** Flights depart and land 50 flights later; some never land. Restarted after each of these flights. */
function run(flights: number, restarts: readonly number[]): Trial {
  const random = seedRandom(7);
  let trial = new Trial({ subject, weightBytes, startedAt: 0 });
  for (let flight = 0; flight < flights; flight++) {
    const truth = random() < 0.2 ? 0.7 : 0.1;
    trial.judged(`f-${flight}`, { champion: 0.22, challenger: random() < 0.01 ? undefined : truth });
    trial.answered(flight % 10 === 0 ? 'challenger' : 'champion');
    trial.scored('champion', 0.0003 + random() * 1e-4, 1);
    trial.scored('challenger', 0.0003 + random() * 1e-4, 1);
    if (flight % 97 === 0) trial.dropped(1);
    if (flight >= 50 && flight % 20 !== 0) trial.landed(`f-${flight - 50}`, random() < truth ? 30 : 0);
    trial.look(flight / 10);
    if (restarts.includes(flight)) {
      const record = trialRecordSchema.parse(JSON.parse(JSON.stringify(trial.record(flight / 10))));
      // Another process has another clock.
      trial = new Trial({ subject, weightBytes, startedAt: flight / 10, record });
    }
  }
  return trial;
}

describe('a trial as data', () => {
  it('says the same with restarts as without: windows, verdict, paired losses', () => {
    const undisturbed = run(1_500, []).report();
    expect(undisturbed.windows).toBeGreaterThan(2);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1_499 }), { maxLength: 5 }), (restarts) => {
        expect(run(1_500, restarts).report()).toEqual(undisturbed);
      }),
      { numRuns: 15 },
    );
  });

  it('stays small: of flights that never land the newest 20,000 wait', () => {
    const trial = new Trial({ subject, weightBytes, startedAt: 0 });
    for (let flight = 0; flight < 25_000; flight++)
      trial.judged(`flight-of-a-long-name-${flight}`, { champion: 0.123_456_789_012, challenger: 0.2 });
    const record = trial.record(1);
    expect(record.losses.waiting).toHaveLength(20_000);
    expect(JSON.stringify(record).length).toBeLessThan(1_500_000);
  });

  it('belongs to one pair, stage, share and beginning', () => {
    expect(whyAnother(subject, subject)).toBeUndefined();
    for (const change of [
      { champion: 'm-0' },
      { challenger: 'm-3' },
      { stage: 'shadow' },
      { share: 0.3 },
      { since: '2001-04-03T10:00:00Z' },
    ])
      expect(whyAnother({ ...subject, ...change }, subject)).toMatch(/^it is of m-/);
  });
});

describe('the file of a trial', () => {
  async function folder(): Promise<string> {
    const made = await mkdtemp(join(tmpdir(), 'triops-trial-'));
    onTestFinished(async () => rm(made, { recursive: true, force: true }));
    return made;
  }

  it('gives back what was written', async () => {
    const place = await folder();
    expect(await readTrial(place)).toEqual({ state: 'none' });
    const record: TrialRecord = run(700, []).record(70);
    await writeTrial(place, record);
    expect(await readTrial(place)).toEqual({ state: 'saved', record });
  });

  it.each([
    ['half a file', '{"subject": {"champ'],
    ['another shape', '{"subject": {}}'],
    ['a count below 0', JSON.stringify({ ...run(100, []).record(10), landedAtOpening: -1 })],
    ['nothing', ''],
  ])('%s is damaged, with the reason', async (_what, text) => {
    const place = await folder();
    await writeFile(join(place, 'trial.json'), text);
    const read = await readTrial(place);
    expect(read.state).toBe('damaged');
    expect(read).toHaveProperty('because', expect.stringMatching(/.+/));
  });
});
