/**
 * May release: do error budgets and tests allow the next version, as far as the board tells it?
 *
 * in: the board's service level, the stages of its delivery → out: ServiceLevel, and a sentence on the tests
 *
 * When it misleads: the tests are told by the build stage as words behind its digest; a board that words it otherwise
 * reads as one without a report.
 */
import type { Stage } from './lanes.js';
import type { Answer } from './questions.js';

type Answered = Answer<'flights-api/slo'>;
type BurnRate = Omit<Answered['burnRates'][number], 'objective'>;

export type Budget = Answered['budgets'][number] & { burnRates: BurnRate[] };

export interface ServiceLevel {
  frozen: boolean;
  /** Why releases are frozen, or that they are not. */
  because: string;
  budgets: Budget[];
}

export function freezeOf({ budgets, burnRates, frozen, because }: Answered): ServiceLevel {
  return {
    frozen,
    because: whyFrozen(budgets, frozen, because),
    budgets: budgets.map((budget) => ({
      ...budget,
      burnRates: burnRates
        .filter(({ objective }) => objective === budget.objective)
        .map(({ objective: _unused, ...rate }) => rate),
    })),
  };
}

function whyFrozen(budgets: Answered['budgets'], frozen: boolean, because: string): string {
  const named = (state: string) =>
    budgets.filter((budget) => budget.state === state).map(({ objective }) => objective);
  const empty = named('empty').join(' and ');
  const unknown = named('unknown').join(' and ');
  if (frozen) return empty === '' ? because : `the error budget for ${empty} is empty`;
  return unknown === '' ? 'no error budget is empty' : `the error budget for ${unknown} is not known yet`;
}

/** @example testsOf([{ name: 'build', state: 'passed', because: 'board 0.1.0 of …, digest 9f31; commit 70ed passed 812 tests', … }]) // 'commit 70ed passed 812 tests' */
export function testsOf(stages: readonly Stage[]): string {
  const build = stages.find(({ name }) => name === 'build');
  if (build === undefined) return 'the board tells of no build';
  const tested = build.because.split('; ').slice(1).join('; ');
  return build.state === 'passed' && tested !== '' ? tested : `no report of its tests: ${build.because}`;
}
