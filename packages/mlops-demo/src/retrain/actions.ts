/**
 * Actions: what has to be done so that the world is as the state says.
 *
 * in:  RetrainState → out: AttemptAction[]
 *
 * Rule: the state alone says it, in every phase. So after a restart the actions are simply carried out again, as nobody knows how far the
 * last process came; each may be repeated.
 */
import type { Attempt, RetrainState } from './state.js';

export type AttemptAction =
  | { do: 'train'; dataThrough: string }
  | {
      do: 'stage';
      version: string;
      to: 'shadow' | 'canary' | 'production' | 'archived';
      share?: number;
      /** Production only: see `StageChange`. */
      replaces?: string | null;
      because: string;
    };

/** The actions that a phase stands for: carried out again after a restart, as nobody knows how far the last one came. */
export function actionsOf({ phase, attempts }: RetrainState): AttemptAction[] {
  const because = attempts.at(-1)?.because ?? '';
  if (phase.name === 'training') return [{ do: 'train', dataThrough: attempts.at(-1)?.dataThrough ?? '' }];
  if (phase.name === 'shadow') return [{ do: 'stage', version: phase.version, to: 'shadow', because }];
  if (phase.name === 'canary') {
    return [{ do: 'stage', version: phase.version, to: 'canary', share: phase.share, because }];
  }
  const last = attempts.at(-1);
  if (last?.version === undefined || last.outcome === undefined || last.settled === true) return [];
  const { version, champion, endedBecause = '' } = last;
  if (last.outcome !== 'promoted') return [{ do: 'stage', version, to: 'archived', because: endedBecause }];
  const replaces = champion === undefined ? {} : { replaces: champion };
  return [{ do: 'stage', version, to: 'production', ...replaces, because: endedBecause }];
}

/** To be written when the last actions of an attempt have been carried out. */
export function settle(state: RetrainState): RetrainState {
  return state.phase.name === 'idle'
    ? { ...state, attempts: withLast(state.attempts, { settled: true }) }
    : state;
}

/** The attempts, the last one changed. */
export function withLast(attempts: readonly Attempt[], change: Partial<Attempt>): Attempt[] {
  const last = attempts.at(-1);
  return last === undefined ? [] : [...attempts.slice(0, -1), { ...last, ...change }];
}
