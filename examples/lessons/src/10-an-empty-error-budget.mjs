/**
 * Lesson 10: an error budget, and what it stops.
 *
 * The objective says that 99.5 of 100 requests succeed, so it allows 5 of 1,000 to fail. That allowance is a budget: releases, experiments and
 * bad luck spend it. While some is left, a team may take risks; when it is empty, releases wait, unless somebody gives a reason,
 * which is written down.
 *
 *   node examples/lessons/src/10-an-empty-error-budget.mjs
 *
 * Prints:
 *
 *   a quiet month:    success: 60.0 % of the error budget remain (20 of 50 allowed bad requests of 10000)
 *                     a release is granted
 *   a bad afternoon:  success: the error budget is empty (70 of 50 allowed bad requests of 10000)
 *                     a release is refused
 *   with a reason:    a release is granted, overridden: this is the fix
 *   a young service:  success: the error budget is unknown below 1000 requests (300 so far)
 *                     a release is granted
 */
import { OBJECTIVES, budgetSentence, errorBudgets, mayRelease } from 'devops-demo';

const now = new Date('2026-01-31T12:00:00Z');
const dayBefore = new Date('2026-01-30T12:00:00Z');

/** @param {number} requests @param {number} failed */
function budgetsOf(requests, failed) {
  const tally = { at: dayBefore.toISOString(), requests, failed, slow: 0 };
  return errorBudgets([tally], now, OBJECTIVES).filter(({ objective }) => objective === 'success');
}

for (const [when, requests, failed] of /** @type {const} */ ([
  ['a quiet month', 10_000, 20],
  ['a bad afternoon', 10_000, 70],
  ['with a reason', 10_000, 70],
  ['a young service', 300, 20],
])) {
  const budgets = budgetsOf(requests, failed);
  const reasons = when === 'with a reason' ? { freeze: 'this is the fix' } : {};
  const permission = mayRelease({ budgets }, reasons);
  const name = `${when}:`.padEnd(18);
  if (reasons.freeze === undefined) {
    console.log(name + budgets.map(budgetSentence).join('; '));
    console.log(`${' '.repeat(18)}a release is ${permission.kind}`);
  } else console.log(`${name}a release is ${permission.kind}, ${permission.because}`);
}
