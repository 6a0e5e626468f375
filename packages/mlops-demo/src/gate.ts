/**
 * Stage 8, gate: may this model go to production?
 *
 * in:  Evaluation[] → out: passed, or failed with the reason; each check with its number and its limit
 *
 * Rule: on every test period
 *   AUC ≥ .83 · skill ≥ .25 · calibration error ≤ .06 · AUC over the hour table's ≥ +.15 · AUC ≤ .89
 *
 * The last one stands guard against leaks: a label known too early has given .895 to .898 where the honest best was .882. A result
 * that is too good is a bug until shown otherwise.
 *
 * When it misleads: the limits are for all airports. A part of them needs its own.
 *
 * Source: measured on flights-3m with tfjs, see the README's table; limits leave room for the worst week, that of 2 April.
 */
import type { Evaluation, GateCheck } from './registry/manifest.js';

/** What a model has to reach. */
export interface GateLimits {
  leastAuc: number;
  leastSkill: number;
  mostEce: number;
  leastAucGain: number;
  /** Above this, suspect a leak. */
  mostAuc: number;
}

/** All airports. */
export const GATE_LIMITS: GateLimits = {
  leastAuc: 0.83,
  leastSkill: 0.25,
  mostEce: 0.06,
  leastAucGain: 0.15,
  mostAuc: 0.89,
};

/** The verdict. */
export interface GateReport {
  state: 'passed' | 'failed';
  because: string;
  checks: GateCheck[];
}

/** Judges the evaluations of all test periods. */
export function gate(evaluations: readonly Evaluation[], limits: GateLimits = GATE_LIMITS): GateReport {
  const checks = evaluations.flatMap((evaluation) => checksOf(evaluation, limits));
  const failed = checks.filter((check) => check.state === 'failed');
  if (checks.length === 0) return { state: 'failed', because: 'there is no test period to judge by', checks };
  if (failed.length > 0) {
    return { state: 'failed', because: failed.map((check) => check.because).join('; '), checks };
  }
  return { state: 'passed', because: `all ${checks.length} checks hold`, checks };
}

function checksOf({ period, model, hourTable }: Evaluation, limits: GateLimits): GateCheck[] {
  const gain = model.auc - hourTable.auc;
  return [
    check(`${period}: AUC`, model.auc, 'at least', limits.leastAuc),
    check(`${period}: skill`, model.skill, 'at least', limits.leastSkill),
    check(`${period}: calibration error`, model.ece, 'at most', limits.mostEce),
    check(`${period}: AUC over the hour table`, gain, 'at least', limits.leastAucGain),
    check(`${period}: AUC that hints at a leak`, model.auc, 'at most', limits.mostAuc),
  ];
}

function check(name: string, value: number, bound: 'at least' | 'at most', limit: number): GateCheck {
  // Written so that NaN fails.
  const holds = bound === 'at least' ? value >= limit : value <= limit;
  const because = `${name} is ${value.toFixed(3)}, ${bound} ${limit} is asked for`;
  return { name, state: holds ? 'passed' : 'failed', because };
}
