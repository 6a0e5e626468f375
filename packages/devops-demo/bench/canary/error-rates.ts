/**
 * Error rates: how often is an analysis wrong about releases whose truth is known?
 *
 * in: Scenario, how many canaries, a seed, perhaps their traffic → out: ErrorRates of the analysis run and of the static threshold
 *
 * Rule: a wrong stop is a fail of a good release, a wrong pass a pass of a bad one. Without traffic either is wrong. Both methods
 * see the same windows.
 */
import { DEFAULT_POLICY, analysisRun, staticThreshold } from 'devops-demo';
import type { CanaryWindow, VerdictKind } from 'devops-demo';
import type { Scenario } from './scenarios.js';
import { seedRandom } from './seeded-random.js';
import { drawConditions, simulate } from './simulate.js';

export interface ErrorRates {
  readonly wrongStops: number;
  readonly wrongPasses: number;
  readonly inconclusive: number;
  readonly medianWindows: number;
}

/** One answer to one simulated canary. */
interface Answer {
  readonly kind: VerdictKind;
  readonly windows: number;
}

type Method = (windows: readonly CanaryWindow[]) => { kind: VerdictKind; finished: boolean };

const METHODS: Record<'analysis' | 'threshold', Method> = {
  analysis(windows) {
    const { verdict, finished } = analysisRun(windows);
    return { kind: verdict.kind, finished };
  },
  threshold(windows) {
    const kind = staticThreshold(windows);
    return { kind, finished: kind !== 'inconclusive' || windows.length === DEFAULT_POLICY.looks };
  },
};

export function errorRates(
  scenario: Scenario,
  canaries: number,
  seed: number,
  requestsPerWindow?: number,
): Record<keyof typeof METHODS, ErrorRates> {
  const answers = Array.from({ length: canaries }, (_, at) => judged(scenario, seed + at, requestsPerWindow));
  return {
    analysis: ratesOf(
      scenario,
      answers.map(({ analysis }) => analysis),
    ),
    threshold: ratesOf(
      scenario,
      answers.map(({ threshold }) => threshold),
    ),
  };
}

function judged(
  scenario: Scenario,
  seed: number,
  requestsPerWindow: number | undefined,
): Record<keyof typeof METHODS, Answer> {
  const random = seedRandom(seed * 2_654_435_761);
  const source = simulate(scenario, drawConditions(random, requestsPerWindow), random);
  const windows: CanaryWindow[] = [];
  const answer = (method: Method): Answer => {
    for (let looked = 1; ; looked++) {
      if (windows.length < looked) windows.push(source.next().value as CanaryWindow);
      const { kind, finished } = method(windows.slice(0, looked));
      if (finished) return { kind, windows: looked };
    }
  };
  return { analysis: answer(METHODS.analysis), threshold: answer(METHODS.threshold) };
}

function ratesOf({ truth }: Scenario, answers: readonly Answer[]): ErrorRates {
  const share = (kind: VerdictKind) =>
    answers.filter((answer) => answer.kind === kind).length / answers.length;
  const waits = answers.map(({ windows }) => windows).sort((a, b) => a - b);
  return {
    wrongStops: truth === 'bad' ? 0 : share('fail'),
    wrongPasses: truth === 'good' ? 0 : share('pass'),
    inconclusive: share('inconclusive'),
    medianWindows: waits[Math.floor(waits.length / 2)] ?? 0,
  };
}
