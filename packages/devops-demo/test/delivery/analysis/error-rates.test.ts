/** A small run of what `npm run bench:canary` prints: seeded, so these are bounds on fixed numbers. */
import { describe, expect, it } from 'vitest';
import { errorRates } from '../../../bench/canary/error-rates.js';
import { SCENARIOS } from '../../../bench/canary/scenarios.js';

const CANARIES = 60;
const SEED = 7;
/** The policy's 5 %, and what 60 canaries may add to it by chance: three of them. */
const MOST_WRONG = 0.1;

const scenarios = (truth: string) => SCENARIOS.filter((scenario) => scenario.truth === truth);

describe(`of ${CANARIES} simulated canaries`, () => {
  it.each(scenarios('good'))('hardly any good one is stopped: $name', (scenario) => {
    expect(errorRates(scenario, CANARIES, SEED).analysis.wrongStops).toBeLessThanOrEqual(MOST_WRONG);
  });

  it.each(scenarios('bad'))('hardly any bad one passes: $name', (scenario) => {
    expect(errorRates(scenario, CANARIES, SEED).analysis.wrongPasses).toBeLessThanOrEqual(MOST_WRONG);
  });

  it('no one without traffic is passed or stopped', () => {
    for (const scenario of scenarios('unknown'))
      expect(errorRates(scenario, CANARIES, SEED).analysis.inconclusive).toBe(1);
  });

  it('a static threshold passes what is slow but below its number', () => {
    const slower = SCENARIOS.find(({ name }) => name === 'all latencies +50 %');
    if (slower === undefined) throw new Error('expected the scenario of slower latencies, got none');
    const { analysis, threshold } = errorRates(slower, CANARIES, SEED);
    expect(threshold.wrongPasses).toBeGreaterThan(0.8);
    expect(analysis.wrongPasses).toBe(0);
  });
});
