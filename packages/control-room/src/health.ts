/**
 * Health of each part, and the one sentence above all others.
 *
 * Rule: never heard → starting; heard and silent → gone; not ready within two minutes of its own start → starting;
 * not ready later → not ready, with the checks that fail.
 * When it misleads: training on all flights takes longer than two minutes, and then reads "not ready".
 */
import { tell } from './hearing.js';
import type { Hearing } from './hearing.js';
import { partNames, roles } from './parts.js';
import type { PartName } from './parts.js';

const STARTING_MS = 120_000;

export type PartState = 'starting' | 'ready' | 'not ready' | 'gone';

export interface Part {
  name: PartName;
  role: string;
  state: PartState;
  because: string;
  version: string | null;
}

/** in: Hearing → out: Part[] */
export function healthOfParts(hearing: Hearing, now: number): Part[] {
  return partNames.map((name) => {
    const version = tell(hearing, `${name}/version`, now);
    return {
      name,
      role: roles[name],
      ...stateOf(hearing, name, now),
      version: version.kind === 'missing' ? null : version.value.version,
    };
  });
}

function stateOf(hearing: Hearing, name: PartName, now: number): Pick<Part, 'state' | 'because'> {
  const ready = tell(hearing, `${name}/ready`, now);
  if (ready.kind === 'missing') return { state: 'starting', because: ready.because };
  if (ready.kind === 'stale') return { state: 'gone', because: ready.because };
  if (ready.value.status === 'ready') return { state: 'ready', because: 'answers and is ready' };
  const failing = Object.entries(ready.value.checks).filter(([, outcome]) => outcome !== 'ok');
  const because =
    failing.map(([check, outcome]) => `${check}: ${outcome}`).join('; ') || 'says it is not ready';
  const version = tell(hearing, `${name}/version`, now);
  const startedAt = version.kind === 'missing' ? now : Date.parse(version.value.startedAt);
  return { state: now - startedAt < STARTING_MS ? 'starting' : 'not ready', because };
}
