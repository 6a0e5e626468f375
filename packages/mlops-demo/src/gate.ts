/**
 * Stage 9, gate: may this model go to production?
 *
 * in:  Evaluation[], and if there are any: the footprint, the comparison with the champion
 * out: passed, or failed with the reason; each check with its number and its limit
 *
 * Rule: on every test period
 *   AUC ≥ .83 · skill ≥ .25 · calibration error ≤ .06 · AUC over the hour table's ≥ +.15 · AUC ≤ .89
 *   no slice clearly worse than its own late share would be (skill ≥ −.15; ≥ −.25 for an hour of the day)
 * and once: one answer within 50 ms, at most 100,000 parameters, and a challenger is better than the champion.
 *
 * AUC ≤ .89 stands guard against leaks: a label known too early has given .895 to .898 where the honest best was .882. A result
 * that is too good is a bug until shown otherwise.
 *
 * A person may overrule the comparison, with a reason that the audit log keeps (`mlops run --force --because …`), and no limit: better than
 * a champion is a matter of judgement, better than nothing is not.
 *
 * When it misleads: the limits are for all airports. A part of them needs its own. At five and six in the morning hardly any flight is
 * late and skill is small in any case: −.11 in the storms of February, which is why hours have another limit. Anchorage has −.06 in
 * June with a timetable of 1 May.
 *
 * Source: measured on flights-3m with tfjs, see the README's table; limits leave room for the worst normal week.
 *
 * Example: the timetable of 2 April, frozen the day before → failed: AUC .816; SJU, IND and PHX, places without summer time, have skill
 * below −.5
 */
import type { Footprint } from './evaluation/footprint.js';
import { sliceCheck } from './gate/slice-check.js';
import type { Comparison, Evaluation, GateCheck } from './registry/manifest.js';

/** What a model has to reach. */
export interface GateLimits {
  leastAuc: number;
  leastSkill: number;
  mostEce: number;
  leastAucGain: number;
  /** Above this, suspect a leak. */
  mostAuc: number;
  leastSliceSkill: number;
  leastHourSkill: number;
  mostSingleMs: number;
  mostParameters: number;
}

/** All airports. */
export const GATE_LIMITS: GateLimits = {
  leastAuc: 0.83,
  leastSkill: 0.25,
  mostEce: 0.06,
  leastAucGain: 0.15,
  mostAuc: 0.89,
  leastSliceSkill: -0.15,
  leastHourSkill: -0.25,
  mostSingleMs: 50,
  mostParameters: 100_000,
};

/** What else is known of the model. */
export interface GateEvidence {
  footprint?: Footprint;
  comparison?: Pick<Comparison, 'state' | 'because'>;
}

/** The verdict. */
export interface GateReport {
  state: 'passed' | 'failed';
  because: string;
  checks: GateCheck[];
}

const CHAMPION_CHECK = 'better than the champion';
const LATENCY_CHECK = 'milliseconds for one answer';

/** Judges the evaluations of all test periods. */
export function gate(
  evaluations: readonly Evaluation[],
  limits: GateLimits = GATE_LIMITS,
  { footprint, comparison }: GateEvidence = {},
): GateReport {
  if (evaluations.length === 0) {
    return { state: 'failed', because: 'there is no test period to judge by', checks: [] };
  }
  const checks = [
    ...evaluations.flatMap((evaluation) => checksOf(evaluation, limits)),
    ...(footprint === undefined ? [] : footprintChecks(footprint, limits)),
    ...(comparison === undefined ? [] : [championCheck(comparison)]),
  ];
  const failed = checks.filter((check) => check.state === 'failed');
  if (failed.length > 0) {
    return { state: 'failed', because: failed.map((check) => check.because).join('; '), checks };
  }
  const beside = comparison === undefined ? '' : `; ${comparison.because}`;
  return { state: 'passed', because: `all ${checks.length} checks hold${beside}`, checks };
}

/** Refused for nothing but what is in production: a person may know better. Limits are for everyone. */
export function failsByChampionOnly({ state, checks }: GateReport): boolean {
  return (
    state === 'failed' &&
    checks.every((each) => each.state === 'passed' || each.name === CHAMPION_CHECK) &&
    checks.length > 0
  );
}

/** What a slow answer has refused is asked again: the minute may have been busy, and the model is not to blame. */
export function isLasting({ checks }: GateReport): boolean {
  return checks.every(({ name, state }) => name !== LATENCY_CHECK || state === 'passed');
}

function checksOf(evaluation: Evaluation, limits: GateLimits): GateCheck[] {
  const { period, model, hourTable, slices } = evaluation;
  const gain = model.auc - hourTable.auc;
  return [
    check(`${period}: AUC`, model.auc, 'at least', limits.leastAuc),
    check(`${period}: skill`, model.skill, 'at least', limits.leastSkill),
    check(`${period}: calibration error`, model.ece, 'at most', limits.mostEce),
    check(`${period}: AUC over the hour table`, gain, 'at least', limits.leastAucGain),
    check(`${period}: AUC that hints at a leak`, model.auc, 'at most', limits.mostAuc),
    sliceCheck(`${period}: skill on every slice`, slices, limits),
  ];
}

function footprintChecks({ parameters, singleMs }: Footprint, limits: GateLimits): GateCheck[] {
  return [
    latencyCheck(singleMs, limits.mostSingleMs),
    check('parameters', parameters, 'at most', limits.mostParameters),
  ];
}

/** Without the number where it holds: a verdict is the same when it is found again. Where it does not, the verdict is not lasting. */
function latencyCheck(singleMs: number, mostMs: number): GateCheck {
  const name = LATENCY_CHECK;
  if (!(singleMs <= mostMs)) return check(name, singleMs, 'at most', mostMs);
  return { name, state: 'passed', because: `one answer takes at most ${mostMs} ms` };
}

/** Where there is no champion the limits alone decide: the first model has nobody to beat. */
function championCheck({ state, because }: Pick<Comparison, 'state' | 'because'>): GateCheck {
  const name = CHAMPION_CHECK;
  if (state === 'better' || state === 'no champion') return { name, state: 'passed', because };
  return { name, state: 'failed', because: `not ${CHAMPION_CHECK}: ${because}` };
}

/** One number against its limit. */
export function check(name: string, value: number, bound: 'at least' | 'at most', limit: number): GateCheck {
  // Written so that NaN fails.
  const holds = bound === 'at least' ? value >= limit : value <= limit;
  const because = `${name} is ${value.toFixed(3)}, ${bound} ${limit} is asked for`;
  return { name, state: holds ? 'passed' : 'failed', because };
}
