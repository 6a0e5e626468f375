/** Reads from the state folder what `mayRelease` asks about: the error budgets, and the commit's run of the tests. */
import { readTested } from '../ci-report/store.js';
import type { ReleaseGrounds } from '../may-release.js';
import { OBJECTIVES } from '../slo.js';
import { errorBudgets } from '../slo/error-budget.js';
import { readTallies } from '../slo/store.js';

export function readGrounds(stateDir: string, commit: string, now: Date): Required<ReleaseGrounds> {
  const budgets = errorBudgets(readTallies(stateDir), now, OBJECTIVES);
  return { budgets, tested: readTested(stateDir, commit) };
}
