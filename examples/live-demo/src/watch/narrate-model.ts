/**
 * Narrate, the model's part: its days, and what retraining did between two looks. Times are the flights' own, in UTC.
 *
 * in: Observation before, Observation now → out: Line[]
 *
 * Rule: an alarm is told once a day, a day when it is over with the model that served then, a step of an attempt when it is new, also where
 * several were taken between two looks.
 *
 *   aboutRetraining([], [{ version: 'v2', steps: [{ at: '2001-04-01T23:10:00Z', to: 'shadow', because: 'all checks hold' }] }])
 *   // [{ kind: 'model', text: '04-01 23:10 UTC  → shadow v2: all checks hold' }]
 */
import { inUtc } from './in-utc.js';
import type { Line } from './narrate.js';
import type { Attempt, ModelDay, Observation } from './observation.js';

/** It needs no label: told before anything has landed. */
const ALARM = 'unseen route-slots';

export function aboutDays(before: Observation, now: Observation): Line[] {
  const known = new Map((before.days ?? []).map((day) => [day.from, day]));
  const time = now.replay?.simulatedTime;
  const lines: Line[] = [];
  for (const day of now.days ?? []) {
    const last = known.get(day.from);
    const alarm = alarmOf(day);
    if (alarm !== undefined && (last === undefined || alarmOf(last) === undefined)) {
      lines.push({ kind: 'model', text: `${instant(time)}  alarm: ${day.from}: ${alarm}` });
    }
    // A model that has just come knows whole days of others by no window.
    if (!day.complete || last === undefined || last.complete) continue;
    const { auc, skill, landed } = day.performance;
    // It came at the end of this day, and has seen too little of it.
    if (auc === null || skill === null) continue;
    const scores = `AUC ${auc.toFixed(3)}, skill ${skill.toFixed(3)}`;
    const flights = `${landed.toLocaleString('en-US')} landed flights`;
    const by = now.model?.version ?? 'no model';
    const text = `${instant(time)}  ${day.from} is over: ${day.diagnosis.state}; ${scores} over ${flights}, by ${by}`;
    lines.push({ kind: 'model', text });
  }
  return lines;
}

export function aboutRetraining(before: readonly Attempt[], now: readonly Attempt[]): Line[] {
  return now.flatMap(({ version, steps = [] }, attempt) => {
    const known = before[attempt]?.steps?.length ?? 0;
    return steps.slice(known).map(({ at, to, because }): Line => {
      const who = version === undefined || to === 'training' ? to : `${to} ${version}`;
      return { kind: 'model', text: `${instant(at)}  → ${who}: ${because}` };
    });
  });
}

/** Two flights before dawn are no day. */
const TOO_FEW = 'too few flights';

function alarmOf({ diagnosis, quality }: ModelDay): string | undefined {
  if (diagnosis.state === TOO_FEW) return undefined;
  return quality.checks.find(({ name, state }) => name === ALARM && state === 'alarm')?.because;
}

function instant(iso: string | undefined): string {
  return iso === undefined ? 'some time' : inUtc(iso);
}
