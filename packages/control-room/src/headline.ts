/**
 * Headline: the one sentence above all others.
 *
 * Rule, the first that holds: an open incident, a part that stopped or is not ready, a part that is starting,
 * no flights yet, all is well.
 */
import { counted } from 'service-chassis/counted';
import type { Part } from './health.js';
import type { Told } from './hearing.js';
import type { Lane } from './lanes.js';
import type { Answer } from './questions.js';

export interface Headline {
  state: 'incident' | 'trouble' | 'starting' | 'calm';
  text: string;
}

/** in: what the other panels show → out: Headline */
export function headlineOf(
  parts: readonly Part[],
  lanes: readonly Lane[],
  open: Told<readonly { title: string }[]>,
  replay: Told<Answer<'replay/replay'>>,
): Headline {
  const incidents = open.kind === 'missing' ? [] : open.value;
  if (incidents.length > 0) {
    const titles = incidents.map(({ title }) => title).join('; ');
    return { state: 'incident', text: `${counted(incidents.length, 'open incident')}: ${titles}` };
  }
  const troubled = parts.filter(({ state }) => state === 'gone' || state === 'not ready');
  if (troubled.length > 0) {
    const each = troubled.map(({ name, state, because }) => ({ name, reason: `${state}: ${because}` }));
    return { state: 'trouble', text: `In trouble: ${byReason(each)}` };
  }
  const starting = parts.filter(({ state }) => state === 'starting');
  if (starting.length > 0) {
    const each = starting.map((part) => ({ name: part.name, reason: progressOf(part, lanes) }));
    return { state: 'starting', text: `Starting: ${byReason(each)}` };
  }
  if (replay.kind !== 'missing' && replay.value.flights === 0) {
    return {
      state: 'starting',
      text: `Every part is ready. The first flight is awaited: ${replay.value.because}`,
    };
  }
  return { state: 'calm', text: 'Every part is ready, flights flow, and no incident is open.' };
}

/** While a part starts, its own pipeline says best how far it is: the model is trained then. */
function progressOf(part: Part, lanes: readonly Lane[]): string {
  const lane = lanes.find(({ toldBy }) => toldBy === part.name);
  if (lane === undefined || lane.stages.kind !== 'fresh') return part.because;
  const running = lane.stages.value.find(({ state }) => state === 'running');
  return running === undefined ? part.because : `${running.name}: ${running.because}`;
}

/** @example byReason([{ name: 'a', reason: 'x' }, { name: 'b', reason: 'x' }]) // 'a, b (x)' */
function byReason(each: readonly { name: string; reason: string }[]): string {
  const names = new Map<string, string[]>();
  for (const { name, reason } of each) names.set(reason, [...(names.get(reason) ?? []), name]);
  return [...names].map(([reason, alike]) => `${alike.join(', ')} (${reason})`).join('; ');
}
