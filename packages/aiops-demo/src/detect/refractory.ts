/**
 * Refractory period: one trouble, one alarm.
 *
 * Where: the last step of the detectors of any single series (series-detector.ts), before an alarm is told.
 * in: is the evidence over the bar? → out: is this a new alarm?
 *
 * Rule: after an alarm, the next 25 values raise none.
 * When it misleads: a second, other trouble within that time is part of the first.
 * Source: the rest period of neurons and of spike detectors; alert grouping in Alertmanager (`group_interval`) does the same.
 *
 *   const isNew = createRefractory();
 *   [true, true, false, true].map(isNew); // [true, false, false, false]
 */
export const QUIET_VALUES = 25;

export function createRefractory(): (isOver: boolean) => boolean {
  let left = 0;
  return (isOver) => {
    if (left > 0) {
      left -= 1;
      return false;
    }
    if (isOver) left = QUIET_VALUES;
    return isOver;
  };
}
