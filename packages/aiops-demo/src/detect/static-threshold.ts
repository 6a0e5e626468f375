/**
 * Static threshold: the baseline. An alert rule as most people first write it.
 *
 * in: values in order, a limit → out: for each value, is the alert on?
 *
 * Rule: on after `forPoints` values in a row beyond the limit, off at the first one that is not.
 * When it misleads: the limit is right for one load, one hour, one version. Traffic that falls every night is an alert
 * every night.
 * Source: Prometheus alerting rules, `expr` and `for`, https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/.
 *
 *   staticThreshold([1, 9, 9, 9, 1], { limit: 5, bad: 'up', forPoints: 2 }) // [false, false, true, true, false]
 */
export interface StaticThreshold {
  readonly limit: number;
  readonly bad: 'up' | 'down';
  readonly forPoints: number;
}

export function staticThreshold(values: readonly (number | null)[], rule: StaticThreshold): boolean[] {
  let beyond = 0;
  return values.map((value) => {
    const isBeyond = value !== null && (rule.bad === 'up' ? value > rule.limit : value < rule.limit);
    beyond = isBeyond ? beyond + 1 : 0;
    return beyond >= rule.forPoints;
  });
}
