/**
 * Retrain: shall a new model be trained now, and why?
 *
 * in:  what the monitor says, the model in production, the attempts so far, the (simulated) time
 * out: { state: 'retrain', trigger: 'decay', because: '…' } or { state: 'wait', because: '…' }
 *
 * Rule, the first trigger that holds:
 *   by hand              somebody asked
 *   decay                the newest window with its labels in is decay
 *   drift that matters   at least 10 % of today's departures are in route-slots that the timetable has never seen: this drift is known to
 *                        cost skill, and it is seen before any label is; other drift is the weather's and retrains nothing
 *   schedule             the model's data are 30 days old (a setting of the server, RETRAIN_AFTER_DAYS; 0 is never)
 *   volume               it has judged 700,000 flights (six weeks' worth; reached before the schedule only where more flights fly)
 * Guards: one attempt at a time; three days between the end of one and the start of the next; four attempts in 30 days; and no training on
 * broken data: every day that the monitor still knows (eight) would be read by the training, so one that is broken holds it back until it is
 * forgotten. A person passes cooldown and budget, nobody passes the other two.
 *
 * When it misleads: a storm moves flights out of their slots as well (24 February 2001: 12 %). Then an attempt is spent, and the gate decides.
 *
 * Source: limits measured on flights-3m, see monitor/data-quality.ts; the words are those of Google's "MLOps: Continuous delivery and
 * automation pipelines in machine learning" (2020).
 */
import type { WindowReport } from './monitor.js';
import type { Attempt, RetrainState } from './retrain/state.js';

export type Trigger = 'by hand' | 'decay' | 'drift that matters' | 'schedule' | 'volume';

export interface RetrainSituation {
  /** ISO 8601 of the clock that the flights live by. */
  now: string;
  /** Newest last: the days that the monitor knows, the running one included. */
  windows: readonly WindowReport[];
  /** The last day that the model in production knows of. */
  dataThrough: string;
  /** Flights that it has judged. */
  flightsJudged: number;
  /** The schedule: how old the model's data may become; 0 is for ever. Default 30. */
  mostDataDays?: number;
  state: RetrainState;
  /** A person's wish. */
  request?: { by: string; because: string };
}

export type RetrainDecision =
  { state: 'retrain'; trigger: Trigger; because: string } | { state: 'wait'; because: string };

export const COOLDOWN_DAYS = 3;
export const BUDGET_ATTEMPTS = 4;
export const BUDGET_DAYS = 30;
export const MOST_DATA_DAYS = 30;
const MANY_FLIGHTS = 700_000;
/** Before noon the running day is a few cities' mornings. */
const LEAST_DEPARTURES = 4_000;
const DAY_MS = 86_400_000;

export function decideRetraining(situation: RetrainSituation): RetrainDecision {
  const { state, request } = situation;
  if (state.phase.name !== 'idle') return wait(`an attempt is under way (${state.phase.name})`);
  const broken = situation.windows.findLast(({ diagnosis }) => diagnosis.state === 'broken data');
  if (broken !== undefined) return wait(`the data of ${broken.from} are broken: ${broken.diagnosis.because}`);
  if (request !== undefined)
    return { state: 'retrain', trigger: 'by hand', because: `${request.by} asked: ${request.because}` };
  const wish = decayed(situation) ?? unseenSlots(situation) ?? stale(situation) ?? manyFlights(situation);
  if (wish === undefined) return wait('no trigger holds');
  const held = cooldown(situation) ?? budget(situation);
  return held === undefined ? wish : wait(`${wish.trigger} (${wish.because}), but ${held}`);
}

type Wish = Extract<RetrainDecision, { state: 'retrain' }>;

function decayed({ windows }: RetrainSituation): Wish | undefined {
  const judged = windows.findLast(({ performance }) => performance.state !== 'labels not in yet');
  if (judged?.performance.state !== 'decayed') return undefined;
  return { state: 'retrain', trigger: 'decay', because: `${judged.from}: ${judged.performance.because}` };
}

function unseenSlots({ windows }: RetrainSituation): Wish | undefined {
  const today = windows.findLast(({ departures }) => departures >= LEAST_DEPARTURES);
  const check = today?.quality.checks.find(({ name }) => name === 'unseen route-slots');
  if (today === undefined || check?.state !== 'alarm') return undefined;
  return { state: 'retrain', trigger: 'drift that matters', because: `${today.from}: ${check.because}` };
}

function stale({ now, dataThrough, mostDataDays = MOST_DATA_DAYS }: RetrainSituation): Wish | undefined {
  const days = Math.floor((Date.parse(now) - Date.parse(`${dataThrough}T00:00:00Z`)) / DAY_MS) - 1;
  if (mostDataDays === 0 || days < mostDataDays) return undefined;
  const because = `the model's data end ${days} days ago, ${mostDataDays} is the limit`;
  return { state: 'retrain', trigger: 'schedule', because };
}

function manyFlights({ flightsJudged }: RetrainSituation): Wish | undefined {
  if (flightsJudged < MANY_FLIGHTS) return undefined;
  const because = `${flightsJudged.toLocaleString('en-US')} flights judged by the model in production, ${MANY_FLIGHTS.toLocaleString('en-US')} is the limit`;
  return { state: 'retrain', trigger: 'volume', because };
}

function cooldown({ now, state }: RetrainSituation): string | undefined {
  const ended = state.attempts.findLast(
    ({ endedAt }) => endedAt !== undefined && isPast(endedAt, now),
  )?.endedAt;
  if (ended === undefined) return undefined;
  const days = (Date.parse(now) - Date.parse(ended)) / DAY_MS;
  if (days >= COOLDOWN_DAYS) return undefined;
  return `the last attempt ended ${days.toFixed(1)} days ago: ${COOLDOWN_DAYS} days have to pass`;
}

function budget({ now, state }: RetrainSituation): string | undefined {
  const recent = state.attempts.filter(
    ({ startedAt }: Attempt) =>
      isPast(startedAt, now) && Date.parse(now) - Date.parse(startedAt) < BUDGET_DAYS * DAY_MS,
  );
  if (recent.length < BUDGET_ATTEMPTS) return undefined;
  return `${recent.length} attempts in ${BUDGET_DAYS} days: the budget is spent`;
}

/** A board that plays its flights anew leaves attempts of days to come: they hold nothing back. */
function isPast(instant: string, now: string): boolean {
  return Date.parse(instant) <= Date.parse(now);
}

function wait(because: string): RetrainDecision {
  return { state: 'wait', because };
}
