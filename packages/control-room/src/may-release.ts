/**
 * May release: do error budgets and tests allow the next version, as far as the board tells it?
 *
 * in: the board's service level, what it knows of its commit's tests → out: ServiceLevel, and a sentence on the tests
 */
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

/** @example testsOf({ kind: 'passed', because: 'commit 70ed passed 812 tests in 9 stages' }) // 'commit 70ed passed 812 tests in 9 stages' */
export function testsOf(tested: Answer<'flights-api/delivery'>['tested']): string {
  return tested?.because ?? 'the board knows no commit, so no run of its tests';
}
