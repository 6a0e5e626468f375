/**
 * Time order: late, repeated and missing values.
 *
 * in: the time of a value → out: 'next', 'late' (or again) or 'after a gap'
 *
 * Rule: a time not after the last one is late and is not used. A pause of 20 usual steps is a gap: the source has probably
 * restarted. A time more than 100 usual steps back is another clock: time goes on from there.
 * When it misleads: a clock set back by less than that silences a series until the old time is reached.
 *
 *   const orderOf = createTimeOrder();
 *   [0, 60, 60, 120, 9_000].map(orderOf); // ['next', 'next', 'late', 'next', 'after a gap']
 */
export type TimeOrder = 'next' | 'late' | 'after a gap';

const GAP_STEPS = 20;
const CLOCK_SET_BACK_STEPS = 100;
/** How quickly the usual step follows a change. */
const STEP_RATE = 0.05;

export function createTimeOrder(): (at: number) => TimeOrder {
  let last: number | null = null;
  let usualStep: number | null = null;
  return (at) => {
    const step = last === null ? null : at - last;
    if (step !== null && step <= 0) {
      if (usualStep === null || -step <= CLOCK_SET_BACK_STEPS * usualStep) return 'late';
      last = at;
      return 'next';
    }
    last = at;
    if (step === null) return 'next';
    usualStep ??= step;
    if (step >= GAP_STEPS * usualStep) return 'after a gap';
    usualStep += STEP_RATE * (step - usualStep);
    return 'next';
  };
}
