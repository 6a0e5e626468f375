/**
 * Lesson 3: a forecast that hits a limit.
 *
 * A line through the past says when a disk is full, and says it as if it were certain. Many ways in which the past may go on, drawn from
 * the errors that a forecast really made, say how probable it is, and between which days. What is not known is said too.
 *
 *   node examples/lessons/src/03-when-is-the-disk-full.mjs
 *
 * Prints:
 *
 *   full within 2 days: probability 0.00
 *   full within 5 days: probability 0.42, between Friday and Saturday
 *   full within 7 days: probability 0.94, between Friday and Monday
 *   with the first five days alone: 5 values are too few to see a trend, 20 are needed
 */
import { seededRandom, whenWillItHit } from 'aiops-demo';

const DAY_MS = 24 * 3_600_000;
const MONDAY = Date.parse('2026-01-05T12:00:00Z');
const FULL = 100;

// Thirty days: per cent used, some two points more each day, with ups and downs.
const random = seededRandom(1);
const values = Array.from({ length: 30 }, (_, day) => 32 + 2 * day + 10 * (random() - 0.5));
const disk = { values, stepMs: DAY_MS, endsAt: MONDAY };

/** @param {number} at */
const weekday = (at) => new Date(at).toLocaleDateString('en-GB', { weekday: 'long', timeZone: 'UTC' });

for (const days of [2, 5, 7]) {
  const answer = whenWillItHit(disk, FULL, days);
  if (answer.kind !== 'forecast') continue;
  const { probability, when } = answer;
  const range = when === null ? '' : `, between ${weekday(when.earliest)} and ${weekday(when.latest)}`;
  console.log(`full within ${days} days: probability ${probability.toFixed(2)}${range}`);
}
const early = whenWillItHit({ ...disk, values: values.slice(0, 5) }, FULL, 7);
console.log(`with the first five days alone: ${early.because}`);
