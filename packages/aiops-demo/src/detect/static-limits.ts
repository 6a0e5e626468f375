/**
 * Static limits: the baseline as a streaming detector. Limits that somebody set once, after looking at the first values.
 *
 * in: values in time order → out: Verdict
 *
 * Rule: the limits are the smallest and the largest of the first 250 values; whatever is outside is anomalous, as in
 * static-threshold.ts with no duration.
 * When it misleads: a level that moves on is an alarm for ever, a trouble in the first values is never one.
 *
 *   // 250 values between 10 and 20, then 21 → anomalous
 */
import { createRefractory } from './refractory.js';
import type { StreamingDetector } from './streaming-detector.js';

const SET_AFTER_VALUES = 250;

export function createStaticLimits(): StreamingDetector {
  const isNewAlarm = createRefractory();
  let [seen, low, high] = [0, Infinity, -Infinity];

  function next(_at: number, value: number) {
    seen += 1;
    if (seen <= SET_AFTER_VALUES) {
      low = Math.min(low, value);
      high = Math.max(high, value);
      return { state: 'learning', score: 0 } as const;
    }
    const isOutside = value < low || value > high;
    return { state: isOutside ? 'anomalous' : 'normal', score: isNewAlarm(isOutside) ? 1 : 0 } as const;
  }
  return { next };
}
