/**
 * Recent changes: what people and pipelines did lately. A change before the first sign of trouble makes its service more suspect.
 *
 * in: POST /v1/changes → out: the changes of the last hour, for localize
 *
 * Rule: at most 200 changes, the oldest make place; localize itself looks back half an hour from an incident's first sign.
 * When it misleads: only what is told is known. After a restart nothing is.
 *
 *   changes.note({ service: 'flights-api', at: 0, what: 'release of 0.2.0 begins' })
 *   changes.recent(60_000) // [{ service: 'flights-api', … }]
 */
import { z } from 'zod';
import type { Change } from './localize/cause.js';

const MOST_CHANGES = 200;
/** Half an hour before the first sign, and an incident that lasts as long. */
const KEPT_MS = 60 * 60_000;

export const changeNote = z.strictObject({
  service: z.string().min(1).max(100),
  what: z.string().min(1).max(300),
  /** Now, when it is left out. */
  at: z.iso.datetime({ offset: true }).optional(),
});

export interface RecentChanges {
  note(change: Change): void;
  recent(now: number): readonly Change[];
}

export function createRecentChanges(): RecentChanges {
  let known: Change[] = [];
  return {
    note(change) {
      known = [...known, change].slice(-MOST_CHANGES);
    },
    recent: (now) => known.filter(({ at }) => now - at <= KEPT_MS),
  };
}
