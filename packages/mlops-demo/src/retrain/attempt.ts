/**
 * Attempt: the life of one challenger, step by step, as a state machine without a clock, disk or network.
 *
 * in:  RetrainState, what has happened since (AttemptNews) → out: the next RetrainState, and what is to be done about it
 *
 *   training ─ refused by the gate ──────────────→ discarded
 *      └ registered → shadow ─ worse ────────────→ discarded
 *                        └ as good → canary ─ fail → discarded
 *                                       ├ inconclusive → shadow again, for eight days at most
 *                                       └ pass → promoted
 *   in each of them ─ somebody else moves the version → taken over
 *   promoted, but somebody else has changed what is in production → taken over, and the version is archived
 *
 * Rule: in shadow the challenger judges every flight and answers none; it goes on when it is as good as the champion on the same landed flights
 * (its log loss at most .01 worse, 95 % sure: challenger/trial-policy.ts; that it is better was shown before, on the days that examined both), and is
 * discarded when it is worse, or when four days of one trial after the other give no answer. As a canary it answers a tenth of the requests until the analysis
 * says pass or fail. No news is no step: an attempt waits as long as it must.
 *
 * The state is written before its action is carried out, and every action may be repeated: whoever is killed in between does it again.
 *
 * Source: D. Sato, A. Wider, C. Windheuser, "Continuous delivery for machine learning" (2019).
 */
import { actionsOf, withLast } from './actions.js';
import type { AttemptAction } from './actions.js';
import type { Attempt, Phase, RetrainState, StepTaken } from './state.js';
import type { Trigger } from '../retrain.js';

export type AttemptNews =
  | { what: 'started'; trigger: Trigger; because: string; dataThrough: string }
  | { what: 'trained'; state: 'registered'; version: string; champion: string | null; because: string }
  | { what: 'trained'; state: 'refused'; because: string }
  | { what: 'compared'; state: 'as good' | 'no answer' | 'worse'; because: string }
  | { what: 'analyzed'; kind: 'pass' | 'fail' | 'inconclusive'; because: string }
  /** The registry did not take a stage: somebody has decided otherwise, or the version is damaged. */
  | {
      what: 'refused';
      because: string;
      /** Who has decided otherwise. */
      decidedBy?: string;
      /** About what: the version, whose stage is then left alone, or what it should have replaced. */
      about?: 'production';
    };

export interface AttemptStep {
  state: RetrainState;
  actions: AttemptAction[];
  because: string;
}

export const CANARY_SHARE = 0.1;
const SHADOW_PATIENCE_DAYS = 4;
const TRIAL_PATIENCE_DAYS = 8;
/** A trial without an answer begins again and again: the newest tell enough. */
const KEPT_STEPS = 20;
const DAY_MS = 86_400_000;

/** @param now ISO 8601 of the clock that the flights live by */
export function nextStep(state: RetrainState, news: AttemptNews, now: string): AttemptStep {
  const { phase } = state;
  if (news.what === 'started' && phase.name === 'idle') return start(state, news, now);
  if (news.what === 'trained' && phase.name === 'training') {
    if (news.state === 'refused') return end(state, 'discarded', news.because, now);
    return enter(named(state, news), { name: 'shadow', since: now, version: news.version }, news.because);
  }
  if (news.what === 'compared' && phase.name === 'shadow') return afterComparison(state, phase, news, now);
  if (news.what === 'analyzed' && phase.name === 'canary') {
    if (news.kind === 'inconclusive') return tryAgain(state, phase, news.because, now);
    return end(state, news.kind === 'pass' ? 'promoted' : 'discarded', news.because, now);
  }
  if (news.what === 'refused' && (phase.name === 'shadow' || phase.name === 'canary' || isPromoting(state))) {
    const outcome = news.decidedBy === undefined ? 'discarded' : 'taken over';
    // Nothing is left to be done about a version that somebody else has taken over.
    const isTheirs = news.decidedBy !== undefined && news.about === undefined;
    return end(state, outcome, news.because, now, isTheirs);
  }
  return stay(state, `${news.what} is no news in phase ${phase.name}`);
}

function start(state: RetrainState, news: AttemptNews & { what: 'started' }, now: string): AttemptStep {
  const { trigger, because, dataThrough } = news;
  const attempts = [...state.attempts, { startedAt: now, trigger, because, dataThrough }];
  return enter({ ...state, attempts }, { name: 'training', since: now }, `${trigger}: ${because}`);
}

/** Written down, and not taken by the registry yet. */
function isPromoting({ phase, attempts }: RetrainState): boolean {
  const last = attempts.at(-1);
  return phase.name === 'idle' && last?.outcome === 'promoted' && last.settled !== true;
}

function afterComparison(
  state: RetrainState,
  phase: Phase & { name: 'shadow' },
  { state: found, because }: AttemptNews & { what: 'compared' },
  now: string,
): AttemptStep {
  if (found === 'worse') return end(state, 'discarded', because, now);
  if (found === 'as good') {
    return enter(state, { name: 'canary', since: now, version: phase.version, share: CANARY_SHARE }, because);
  }
  const days = (Date.parse(now) - Date.parse(phase.since)) / DAY_MS;
  if (days < SHADOW_PATIENCE_DAYS) return stay(state, because);
  return end(state, 'discarded', `no answer after ${SHADOW_PATIENCE_DAYS} days in shadow: ${because}`, now);
}

/** A busy machine hides what it is asked about: back into the shadow, and once more. */
function tryAgain(
  state: RetrainState,
  { version }: Phase & { name: 'canary' },
  because: string,
  now: string,
): AttemptStep {
  const startedAt = state.attempts.at(-1)?.startedAt ?? now;
  const days = (Date.parse(now) - Date.parse(startedAt)) / DAY_MS;
  if (days < TRIAL_PATIENCE_DAYS) return enter(state, { name: 'shadow', since: now, version }, because);
  return end(state, 'discarded', `no answer in ${TRIAL_PATIENCE_DAYS} days: ${because}`, now);
}

function enter(state: RetrainState, phase: Exclude<Phase, { name: 'idle' }>, because: string): AttemptStep {
  const attempts = withStep(state.attempts, { at: phase.since, to: phase.name, because });
  const next = { ...state, attempts, phase };
  return { state: next, actions: actionsOf(next), because };
}

function stay(state: RetrainState, because: string): AttemptStep {
  return { state, actions: [], because };
}

function named(
  state: RetrainState,
  { version, champion }: { version: string; champion: string | null },
): RetrainState {
  return { ...state, attempts: withLast(state.attempts, { version, champion }) };
}

function end(
  state: RetrainState,
  outcome: NonNullable<Attempt['outcome']>,
  because: string,
  now: string,
  isSettled = false,
): AttemptStep {
  const ended = { outcome, endedAt: now, endedBecause: because };
  const stepped = withStep(state.attempts, { at: now, to: outcome, because });
  const attempts = withLast(stepped, isSettled ? { ...ended, settled: true } : ended);
  const next: RetrainState = { ...state, phase: { name: 'idle' }, attempts };
  return { state: next, actions: actionsOf(next), because };
}

function withStep(attempts: readonly Attempt[], step: StepTaken): Attempt[] {
  return withLast(attempts, { steps: [...(attempts.at(-1)?.steps ?? []), step].slice(-KEPT_STEPS) });
}
