/**
 * Tally: how many requests a span of time had, and how many of them were bad.
 *
 * in: Traffic of the span → out: Tally
 *
 * Rule: failed as in traffic.ts; slow = not answered within the objective's seconds. Tallies of spans and of instances add up.
 * When it misleads: the objective's seconds must be a bound of the histogram, or requests up to the next lower bound only count as in time.
 *
 *   tallyOf({ requests: 10, failed: 1, buckets: [{ le: 0.5, count: 8 }, { le: Infinity, count: 10 }] }, at, 0.5)
 *   // { at, requests: 10, failed: 1, slow: 2 }
 */
import { z } from 'zod';
import type { Traffic } from '../traffic.js';

export const tallySchema = z.strictObject({
  /** ISO 8601, the end of the span. */
  at: z.iso.datetime(),
  requests: z.int().min(0),
  failed: z.int().min(0),
  slow: z.int().min(0),
});

export type Tally = Readonly<z.infer<typeof tallySchema>>;

export function tallyOf(traffic: Traffic, at: string, inTimeSeconds: number): Tally {
  const { requests, failed, buckets } = traffic;
  const inTime = buckets.findLast(({ le }) => le <= inTimeSeconds)?.count ?? 0;
  return { at, requests, failed, slow: requests - inTime };
}

/** The sum of what ended within the last `seconds`. */
export function sumSince(tallies: readonly Tally[], now: Date, seconds: number): Omit<Tally, 'at'> {
  const from = now.getTime() - seconds * 1_000;
  const sum = { requests: 0, failed: 0, slow: 0 };
  for (const { at, requests, failed, slow } of tallies) {
    if (Date.parse(at) <= from) continue;
    sum.requests += requests;
    sum.failed += failed;
    sum.slow += slow;
  }
  return sum;
}
