/**
 * Hold out: the newest days of the training span teach nothing. They say when to stop, and how far the risks are off.
 *
 * in:  the day of each row, in order of departure
 * out: how many rows teach, and how many days are held out
 *
 * Rule: the last 15 % of the days, at least one, from midnight on. Whole days and the newest ones, as the model will be asked about days
 * after its training.
 *
 * When it misleads: a day or two are one kind of weather.
 *
 * Example: 15 to 24 January → eight days teach, the 23rd and 24th are held out
 */
const SHARE = 0.15;

export interface HoldOut {
  /** The first so many rows teach. */
  taught: number;
  heldOutDays: number;
}

export function holdOut(days: Uint16Array): HoldOut {
  const different = [...new Set(days)].toSorted((a, b) => a - b);
  const heldOutDays = Math.min(Math.max(Math.round(different.length * SHARE), 1), different.length - 1);
  const firstHeldOut = different.at(-heldOutDays);
  if (firstHeldOut === undefined || heldOutDays < 1) {
    throw new RangeError(`holdOut: expected rows of at least two days, got ${different.length}`);
  }
  return { taught: days.findIndex((day) => day >= firstHeldOut), heldOutDays };
}
