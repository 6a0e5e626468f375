/** The last attempts to put another model in the place of the one that serves: each step, when, and why. Newest first. */
import type { RoomState } from '../src/room.js';
import { StateIcon } from './icons.js';

type Attempts = Exclude<RoomState['retraining'], { kind: 'missing' }>['value'];

const STATES = { promoted: 'passed', discarded: 'failed', 'taken over': 'skipped' } as const;

export function Retraining({ attempts }: { attempts: Attempts }) {
  const steps = attempts
    .flatMap(({ version, steps }) => steps.map((step) => ({ ...step, version })))
    .reverse();
  if (steps.length === 0) return <p class="empty">No other model has been tried.</p>;
  return (
    <ol class="entries">
      {steps.map(({ at, to, because, version }, index) => {
        const state = stateOf(to, index === 0);
        return (
          <li key={at + to} class={`entry ${state}`}>
            <StateIcon state={state} />
            <p class="name">
              <strong>{to}</strong> {to === 'training' ? '' : version}
            </p>
            <time dateTime={at}>{`${at.slice(0, 16).replace('T', ' ')} UTC`}</time>
            <p class="because">{because}</p>
          </li>
        );
      })}
    </ol>
  );
}

/** A step that is no end is under way while it is the newest. */
function stateOf(to: string, isNewest: boolean): 'running' | 'passed' | 'failed' | 'skipped' {
  if (Object.hasOwn(STATES, to)) return STATES[to as keyof typeof STATES];
  return isNewest ? 'running' : 'passed';
}
