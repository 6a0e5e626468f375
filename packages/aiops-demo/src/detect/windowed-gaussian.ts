/**
 * Windowed Gaussian: the baseline. How many standard deviations is a value from the mean of the last thousand?
 *
 * in: values in time order → out: Verdict
 *
 * Rule: z = |value − mean| / standard deviation over the last 1,000 values; anomalous above 3.
 * When it misleads: one outlier widens the spread and hides the next; seasons and levels are unknown to it; 3 is a rare event
 * only for a normal distribution, which telemetry seldom has.
 * Source: the three-sigma rule; as a streaming baseline in Ahmad et al., Neurocomputing 2017 (the Numenta Anomaly Benchmark).
 *
 *   // 1,000 values of 10 ± 1, then 14 → z = 4: anomalous
 */
import { createRefractory } from './refractory.js';
import { RecentValues } from './recent-values.js';
import { scoreOf } from './streaming-detector.js';
import type { StreamingDetector } from './streaming-detector.js';

const WINDOW_VALUES = 1_000;
const LEARN_VALUES = 100;
const SIGMAS = 3;

export function createWindowedGaussian(): StreamingDetector {
  const recent = new RecentValues(WINDOW_VALUES);
  const isNewAlarm = createRefractory();
  let [sum, squares] = [0, 0];

  function next(_at: number, value: number) {
    const { length } = recent;
    const mean = sum / length;
    const spread = Math.sqrt(Math.max(0, squares / length - mean * mean));
    const z = value === mean ? 0 : Math.abs(value - mean) / spread;
    const oldest = length === WINDOW_VALUES ? recent.ago(WINDOW_VALUES) : 0;
    sum += value - oldest;
    squares += value * value - oldest * oldest;
    recent.push(value);
    if (length < LEARN_VALUES) return { state: 'learning', score: 0 } as const;
    const isAlarm = isNewAlarm(z >= SIGMAS);
    const score = scoreOf(z, SIGMAS);
    return {
      state: z >= SIGMAS ? 'anomalous' : 'normal',
      score: isAlarm ? score : Math.min(score, 0.49),
    } as const;
  }
  return { next };
}
