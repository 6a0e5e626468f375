import { DEFAULT_POLICY } from 'devops-demo/analysis';
import { describe, expect, it } from 'vitest';
import { seedRandom } from '../../../src/seeded-random.js';
import { compareLosses } from '../../../src/serve/challenger/compare-losses.js';
import { PairedLosses } from '../../../src/serve/challenger/paired-losses.js';
import { Trial } from '../../../src/serve/challenger/trial.js';

const SUBJECT = {
  champion: 'm-1',
  challenger: 'm-2',
  stage: 'shadow',
  share: 0,
  since: '2001-02-01T12:00:00Z',
};
const WEIGHTS = { champion: 15_748, challenger: 15_748 };
const newTrial = (): Trial => new Trial({ subject: SUBJECT, weightBytes: WEIGHTS, startedAt: 0 });

type Risks = { champion: number | undefined; challenger: number | undefined };

/** Flights are judged, scored and landed until there is a verdict. Risks follow from a flight's true one. */
function run(risksOf: (truth: number, random: () => number) => Risks, seed = 1, slowdown = 1) {
  const random = seedRandom(seed);
  const trial = newTrial();
  for (let flight = 0, second = 0; flight < 5_000 && !trial.report().verdict.finished; flight++) {
    const truth = random() < 0.2 ? 0.7 : 0.1;
    trial.judged(`flight-${flight}`, risksOf(truth, random));
    const seconds = 0.0003 * (0.8 + 0.4 * random());
    trial.scored('champion', seconds, 1);
    trial.scored('challenger', seconds * slowdown, 1);
    trial.landed(`flight-${flight}`, random() < truth ? 30 : 0);
    if (flight % 10 === 0) trial.look(second++);
  }
  return trial.report();
}

describe('paired losses', () => {
  it('are the mean difference of log loss, with the error of its block means', () => {
    const losses = new PairedLosses();
    // Late flights; in the second block the challenger is less sure.
    for (let flight = 0; flight < 60; flight++) {
      losses.judged(String(flight), 0.5, flight < 25 ? 0.8 : 0.5);
      losses.landedWith(String(flight), 15);
    }
    const { pairs, champion, challenger, difference, standardError } = losses.compare();
    const gain = Math.log(0.5) - Math.log(0.8);
    expect([pairs, losses.landed]).toEqual([50, 60]);
    expect(champion).toBeCloseTo(Math.LN2, 12);
    expect(challenger).toBeCloseTo((Math.LN2 - Math.log(0.8)) / 2, 12);
    expect(difference).toBeCloseTo(gain / 2, 12);
    // Two block means, gain and 0: their deviation is |gain| / √2, the error of their mean |gain| / 2.
    expect(standardError).toBeCloseTo(Math.abs(gain) / 2, 12);
  });

  it('count a flight once, and only with the first risks', () => {
    const losses = new PairedLosses();
    losses.judged('A', 0.5, 0.5);
    losses.judged('A', 0.9, 0.1);
    losses.landedWith('A', 0);
    losses.landedWith('A', 60);
    losses.landedWith('B', 60);
    expect(losses.landed).toBe(1);
    for (let flight = 0; flight < 24; flight++) {
      losses.judged(String(flight), 0.5, 0.5);
      losses.landedWith(String(flight), 0);
    }
    expect(losses.compare()).toMatchObject({ pairs: 25, difference: 0 });
  });

  it('need 500 flights for an answer, and say so', () => {
    const check = compareLosses(new PairedLosses().compare(), DEFAULT_POLICY, 1);
    expect(check).toMatchObject({
      kind: 'inconclusive',
      because: '0 flights that both judged have landed, 500 are needed',
    });
  });
});

describe('a trial', () => {
  it('of a challenger that knows more passes, and says by how much', () => {
    const { verdict, losses } = run((truth) => ({ champion: 0.22, challenger: truth }));
    expect(verdict).toMatchObject({ kind: 'pass', finished: true });
    expect(verdict.because).toMatch(
      /^as good as the champion in all 6 checks; log loss 0\.\d{3} on [\d,]+ landed flights, the champion's 0\.\d{3}: at most -?0\.\d{3} worse, 0\.01 is tolerated$/,
    );
    expect(losses.difference).toBeLessThan(-0.05);
  });

  it('of a challenger that knows less fails', () => {
    const { verdict } = run((truth) => ({ champion: truth, challenger: 0.22 }));
    expect(verdict).toMatchObject({ kind: 'fail', finished: true });
    expect(verdict.because).toMatch(/^log loss .*: worse, and not by chance$/);
  });

  it('of a challenger without a probability for one flight in ten fails, whatever its other risks', () => {
    const { verdict } = run((truth, random) => ({
      champion: 0.22,
      challenger: random() < 0.1 ? undefined : truth,
    }));
    expect(verdict.kind).toBe('fail');
    expect(verdict.because).toContain('canary requests failed, 0.0 % of');
  });

  it('of a challenger five times as slow fails', () => {
    const { verdict } = run((truth) => ({ champion: 0.22, challenger: truth }), 1, 5);
    expect(verdict.kind).toBe('fail');
    expect(verdict.because).toContain('surely slower than a primary slowed by 100 %');
  });

  it('without traffic ends inconclusive after ten windows of two minutes', () => {
    const trial = newTrial();
    let finished = 0;
    for (let second = 0; second < 3_000; second++) if (trial.look(second)) finished = second;
    expect(finished).toBe(1_200);
    const { windows, verdict } = trial.report();
    expect([windows, verdict.kind, verdict.finished]).toEqual([10, 'inconclusive', true]);
    expect(verdict.because).toMatch(/^no answer after 10 windows: no request reached the canary: /);
  });

  it('is seldom wrong: of 60 equals hardly one is stopped, of 60 that are worse than tolerated hardly one passes', () => {
    const noisy = (share: number, random: () => number) =>
      Math.min(0.99, Math.max(0.01, share + (random() - 0.5) * 0.05));
    const kinds = { equal: [] as string[], worse: [] as string[] };
    for (let seed = 1; seed <= 60; seed++) {
      const equal = run(
        (truth, random) => ({ champion: noisy(truth, random), challenger: noisy(truth, random) }),
        seed,
      );
      kinds.equal.push(equal.verdict.kind);
      const worse = run((truth) => ({ champion: truth, challenger: 0.65 * truth + 0.1 }), seed);
      kinds.worse.push(worse.verdict.kind);
    }
    // 5 % of 60 are 3.
    expect(kinds.equal.filter((kind) => kind === 'fail').length).toBeLessThanOrEqual(3);
    expect(kinds.equal.filter((kind) => kind === 'pass').length).toBeGreaterThan(50);
    expect(kinds.worse.filter((kind) => kind === 'pass').length).toBeLessThanOrEqual(3);
  });
});
