/**
 * Simulate: windows of a canary beside its primary, as a small service has them.
 *
 * in: Scenario, Random → out: an endless row of CanaryWindow
 *
 * Rule: every canary draws its own conditions: 20 to 200 canary requests a window at a weight of 5 to 10 %, 0.1 to 1 % of
 * requests fail anyway, latencies are lognormal with a median of 8 to 40 ms. In each window both versions share one load. The
 * canary's process has just started; its speed counts once it is warm, as warm-up.ts has it.
 * When it misleads: real requests are not independent, real latencies have several humps, and routes differ. What holds here
 * is the least that must hold.
 */
import { WARM_UP } from 'devops-demo';
import type { CanaryWindow, VersionMeasurements } from 'devops-demo';
import type { Scenario } from './scenarios.js';
import type { Random } from './seeded-random.js';

export interface Conditions {
  /** Canary requests in a window, on average. */
  readonly requests: number;
  readonly weight: number;
  readonly failures: number;
  readonly medianSeconds: number;
  /** Deviation of the logarithm of a latency. */
  readonly spread: number;
}

/** The bounds of service-chassis' request histogram. */
const BOUNDS_SECONDS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 2, 3, 5, 10, Infinity];
const WINDOW_SECONDS = 30;
/** Deviation of the load's factor on latencies, from window to window. */
const LOAD_SPREAD = 0.1;
/** Factor on latencies. */
const STARVED = 3;
const Z99 = 2.326;
const QUIET = {
  saturation: { eventLoopLagSeconds: 0.005, residentBytes: 1e8, residentBytesPerSecond: 0 },
  newLogTemplates: [],
  restarts: 0,
};

/** @param requests a window; drawn like the rest when it is not given */
export function drawConditions(random: Random, requests?: number): Conditions {
  const between = (low: number, high: number) => low * (high / low) ** random.uniform();
  return {
    requests: requests ?? between(20, 200),
    weight: 0.05 + 0.05 * random.uniform(),
    failures: between(0.001, 0.01),
    medianSeconds: between(0.008, 0.04),
    spread: 0.4 + 0.4 * random.uniform(),
  };
}

export function* simulate(
  scenario: Scenario,
  conditions: Conditions,
  random: Random,
): Generator<CanaryWindow> {
  let answered = 0;
  const isWarm = () => answered >= WARM_UP.leastAnswers;
  for (;;) {
    const load = Math.exp(LOAD_SPREAD * random.normal());
    const { starvedWindows = 0 } = scenario;
    const starved = starvedWindows > 0 && random.uniform() < starvedWindows ? STARVED : 1;
    const primary = counting('1.0.0');
    const canary = counting('1.1.0');
    const arrivals = Math.round(conditions.requests / conditions.weight);
    for (let request = 0; request < arrivals; request++) {
      const toCanary = random.uniform() < conditions.weight;
      if (!toCanary) {
        const seconds = load * latency(conditions, {}, random);
        primary.answer(seconds, random.uniform() < conditions.failures, isWarm());
      } else if (scenario.noTraffic !== true) {
        const failed = random.uniform() < conditions.failures + (scenario.addedFailures ?? 0);
        const seconds =
          load * starved * slowdownAt(answered, scenario) * latency(conditions, scenario, random);
        canary.answer(seconds, failed, isWarm());
        answered += 1;
      }
    }
    const warmUp = { from: isWarm() ? 0 : null, answers: answered, ...WARM_UP };
    yield { primary: primary.measured(), canary: canary.measured(), seconds: WINDOW_SECONDS, warmUp };
  }
}

/** The factor on the latency of the canary's next answer. */
function slowdownAt(answered: number, { slowdown = 1, cold }: Scenario): number {
  return cold !== undefined && answered < cold.answers ? slowdown * cold.slowdown : slowdown;
}

function latency(
  { medianSeconds, spread }: Conditions,
  { doubledTail = false, stalled = 0 }: Partial<Scenario>,
  random: Random,
): number {
  const z = random.normal();
  const stretched = doubledTail && z > 0 ? spread + Math.LN2 / Z99 : spread;
  const usual = medianSeconds * Math.exp(stretched * z);
  const stall = stalled > 0 && random.uniform() < stalled;
  return stall ? usual + 2 * medianSeconds * Math.exp(Z99 * spread) : usual;
}

/** What a version's own counters would say. */
function counting(version: string) {
  const counts = BOUNDS_SECONDS.map(() => 0);
  let [requests, failures] = [0, 0];
  return {
    /** Of a cold process the time does not count. */
    answer(seconds: number, failed: boolean, isWarm: boolean) {
      requests += 1;
      if (failed) failures += 1;
      if (!isWarm) return;
      const bucket = BOUNDS_SECONDS.findIndex((bound) => seconds <= bound);
      counts[bucket] = (counts[bucket] ?? 0) + 1;
    },
    measured(): VersionMeasurements {
      let count = 0;
      const latency = BOUNDS_SECONDS.map((upToSeconds, at) => {
        count += counts[at] ?? 0;
        return { upToSeconds, count };
      });
      return { ...QUIET, version, requests, failures, latency };
    },
  };
}
