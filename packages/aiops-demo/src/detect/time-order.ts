/**
 * Time order: late, repeated and missing values.
 *
 * in: the time of a value → out: 'next', 'late' (or again) or 'after a gap'
 *
 * Rule: a time not after the last one is late and is not used. A pause of 20 usual steps is a gap: the source has probably
 * restarted. A time of more than a day ago is another clock: time goes on from there.
 * When it misleads: a clock set back by less than a day silences a series until the old time is reached.
 *
 *   const order = createTimeOrder();
 *   [0, 60, 60, 120, 9_000].map(order); // ['next', 'next', 'late', 'next', 'after a gap']
 */
export type TimeOrder = 'next' | 'late' | 'after a gap';

const GAP_STEPS = 20;
const CLOCK_SET_BACK_MS = 86_400_000;
/** How quickly the usual step follows a change. */
const STEP_RATE = 0.05;

export function createTimeOrder(): (at: number) => TimeOrder {
  let last: number | null = null;
  let usualStep: number | null = null;
  return (at) => {
    const step = last === null ? 0 : at - last;
    if (last !== null && step <= 0 && step > -CLOCK_SET_BACK_MS) return 'late';
    last = at;
    if (step <= 0) return 'next';
    if (usualStep === null) usualStep = step;
    const isGap = step >= GAP_STEPS * usualStep;
    if (!isGap) usualStep += STEP_RATE * (step - usualStep);
    return isGap ? 'after a gap' : 'next';
  };
}
