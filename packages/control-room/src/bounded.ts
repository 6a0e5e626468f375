/**
 * Bounded: answers come from other programs, so texts and lists are cut to what a page can show.
 *
 * Where: between an answer of a part and everything else; questions.ts, release-answers.ts and telemetry-answers.ts build their schemas from these.
 */
import { z } from 'zod';

const LONGEST_TEXT = 400;

export const text = z.string().transform((words) => words.slice(0, LONGEST_TEXT));
export const count = z.number().int().nonnegative();
export const instant = z.iso.datetime({ offset: true });

/** @example list(count, 2).parse([1, 2, 3]) // [1, 2] */
export function list<Item extends z.ZodType>(item: Item, most: number) {
  return z.array(item).transform((items) => items.slice(0, most));
}
