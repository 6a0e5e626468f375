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
  { kind: 'granted'; because: string; overrides: readonly Override[] } | { kind: 'refused'; because: string };

export function mayRelease({ budgets, tested }: ReleaseGrounds, reasons: Overrides = {}): Permission {
  const empty = budgets.filter(({ state }) => state === 'empty').map(budgetSentence);
  const refusals: { what: string; action: string; reason: string | undefined }[] = [];
  if (empty.length > 0)
    refusals.push({ what: empty.join('; '), action: ACTIONS.freezeOverridden, reason: reasons.freeze });
  if (tested !== undefined && tested.kind !== 'passed')
    refusals.push({ what: tested.because, action: ACTIONS.untestedOverridden, reason: reasons.untested });

  const standing = refusals.filter(({ reason = '' }) => reason.trim() === '');
  if (standing.length > 0) return { kind: 'refused', because: standing.map(({ what }) => what).join('; ') };
  const overrides = refusals.map(({ what, action, reason = '' }) => ({
    action,
    because: reason,
    details: { overridden: what },
  }));
  const because =
    overrides.length > 0
      ? `overridden: ${overrides.map(({ because }) => because).join('; ')}`
      : [...budgets.map(budgetSentence), ...(tested === undefined ? [] : [tested.because])].join('; ');
  return { kind: 'granted', because, overrides };
}
