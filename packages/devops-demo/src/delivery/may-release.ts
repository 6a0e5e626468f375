/**
 * May release: do the error budget and the tests allow a new version?
 *
 * in: Budget[], what is known of the commit's test run, reasons to go on all the same → out: Permission
 *
 * Rule: an empty budget freezes releases, and a version comes only from a commit whose run of `npm test` passed. Each refusal can be
 * overridden with a reason; the overrides are to be written into the audit log before the release begins.
 * When it misleads: a freeze also stops the release that would mend the trouble. That is what the override is for.
 * Source: B. Beyer and others, The Site Reliability Workbook (2018), appendix B, an example error budget policy.
 *
 *   mayRelease({ budgets: [empty] })                                          // refused: success: the error budget is empty (…)
 *   mayRelease({ budgets: [empty] }, { freeze: 'this is the fix for #12' })   // granted, with one override to be logged
 */
import type { AuditEntry } from './audit.js';
import { ACTIONS } from './audit/actions.js';
import type { Tested } from './ci-report.js';
import { budgetSentence } from './slo/error-budget.js';
import type { Budget } from './slo/error-budget.js';

export interface ReleaseGrounds {
  budgets: readonly Budget[];
  /** Left out where only the budget is asked about. */
  tested?: Tested;
}

/** Why to go on all the same. */
export interface Overrides {
  freeze?: string | undefined;
  untested?: string | undefined;
}

export type Override = Pick<AuditEntry, 'action' | 'because' | 'details'>;

export type Permission =
  | { kind: 'granted'; because: string; overrides: readonly Override[] }
  /** `missing`: which reasons would grant it. */
  | { kind: 'refused'; because: string; missing: readonly (keyof Overrides)[] };

const FIXES: Record<keyof Overrides, string> = {
  freeze: 'frozen: wait until the budget has recovered (npx devops slo), or say why not: --unfreeze WHY',
  untested: 'untested: run npm test on this commit without changes, or say why not: --untested WHY',
};

/** What a person does about a refusal. */
export function fixesOf({ missing }: Permission & { kind: 'refused' }): string[] {
  return missing.map((reason) => FIXES[reason]);
}

export function mayRelease({ budgets, tested }: ReleaseGrounds, reasons: Overrides = {}): Permission {
  const empty = budgets.filter(({ state }) => state === 'empty').map(budgetSentence);
  const refusals: { what: string; action: string; by: keyof Overrides }[] = [];
  if (empty.length > 0)
    refusals.push({ what: empty.join('; '), action: ACTIONS.freezeOverridden, by: 'freeze' });
  if (tested !== undefined && tested.kind !== 'passed')
    refusals.push({ what: tested.because, action: ACTIONS.untestedOverridden, by: 'untested' });

  const standing = refusals.filter(({ by }) => (reasons[by] ?? '').trim() === '');
  if (standing.length > 0) {
    const because = standing.map(({ what }) => what).join('; ');
    return { kind: 'refused', because, missing: standing.map(({ by }) => by) };
  }
  const overrides = refusals.map(({ what, action, by }) => ({
    action,
    because: reasons[by] ?? '',
    details: { overridden: what },
  }));
  const because =
    overrides.length > 0
      ? `overridden: ${overrides.map(({ because }) => because).join('; ')}`
      : [...budgets.map(budgetSentence), ...(tested === undefined ? [] : [tested.because])].join('; ');
  return { kind: 'granted', because, overrides };
}
