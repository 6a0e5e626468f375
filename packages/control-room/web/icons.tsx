/** Icons: a state is always a shape and a word, never a colour alone. */
import type { Stage } from '../src/lanes.js';
import type { Part } from '../src/health.js';
import type { Headline } from '../src/headline.js';
import type { Connection } from './follow-room.js';

type Shape = 'tick' | 'turning' | 'cross' | 'hollow' | 'forward' | 'warning';

const paths: Record<Shape, string> = {
  tick: 'M4.5 8.3l2.4 2.4 4.6-5',
  turning: 'M8 2.5a5.5 5.5 0 1 1-5.5 5.5',
  cross: 'M5.2 5.2l5.6 5.6M10.8 5.2l-5.6 5.6',
  hollow: '',
  forward: 'M4.5 4.8L7.7 8l-3.2 3.2M8.5 4.8L11.7 8l-3.2 3.2',
  warning: 'M8 5v3.6M8 11v.2',
};
const ringed: ReadonlySet<Shape> = new Set<Shape>(['tick', 'cross', 'hollow', 'warning']);

const shapeOf: Record<Stage['state'] | Part['state'] | Headline['state'] | Connection | 'stale', Shape> = {
  waiting: 'hollow',
  running: 'turning',
  passed: 'tick',
  failed: 'cross',
  skipped: 'forward',
  starting: 'turning',
  ready: 'tick',
  'not ready': 'warning',
  gone: 'cross',
  calm: 'tick',
  trouble: 'warning',
  incident: 'warning',
  connecting: 'turning',
  live: 'tick',
  lost: 'cross',
  stale: 'warning',
};

export function StateIcon({ state }: { state: keyof typeof shapeOf }) {
  const shape = shapeOf[state];
  return (
    <svg class={`icon ${shape}`} viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      {ringed.has(shape) && <circle cx="8" cy="8" r="6.5" />}
      <path d={paths[shape]} />
    </svg>
  );
}

/** A tadpole shrimp, seen from above: two large eyes and the small third one that gave it its name. */
export function Mark() {
  return (
    <svg class="mark" viewBox="0 0 32 32" width="32" height="32" aria-hidden="true">
      <path d="M16 3c6.2 0 10 4.5 10 10.2 0 4.3-3.3 7.3-7.2 8.3L16 29l-2.8-7.5C9.3 20.5 6 17.5 6 13.2 6 7.5 9.8 3 16 3z" />
      <circle cx="11.8" cy="12" r="2.1" />
      <circle cx="16" cy="8.2" r="1.5" />
      <circle cx="20.2" cy="12" r="2.1" />
    </svg>
  );
}
