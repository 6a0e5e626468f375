/**
 * Delays as the features see them: early counts down to half an hour, late up to three hours.
 *
 * in:  −70, 14, 600 minutes
 * out: −30, 14, 180
 *
 * Why: one flight that is ten hours late must not move an airport's mean by itself.
 */
const LEAST_MINUTES = -30;
const MOST_MINUTES = 180;

export function clipDelay(minutes: number): number {
  return Math.min(Math.max(minutes, LEAST_MINUTES), MOST_MINUTES);
}
