/**
 * Counter increase: how much a counter grew between two readings.
 *
 * in: two readings of one series → out: its increase, never below 0
 *
 * Rule: a counter only grows, so one that is smaller than before has begun anew at 0, with the process that counts.
 * When it misleads: one that begins anew and grows beyond its last value between two readings is taken for one that went on.
 * Source: https://prometheus.io/docs/prometheus/latest/querying/functions/#increase
 *
 *   counterIncrease(28_962, 34_000) // 5038
 *   counterIncrease(28_962, 700) // 700
 */
export function counterIncrease(before: number, now: number): number {
  return now < before ? now : now - before;
}
