/**
 * Counter resets: counters that fall have begun anew; the process behind them has restarted.
 *
 * in: Round → out: Observation[]
 *
 * Rule: `rate` (collect/rate.ts) adds the value before the fall, so no rate turns negative and no signal needs a mask. What is left to say is
 * what nobody saw: growth between the last scrape and the restart.
 * When it misleads: a process that counts past its old value before the next scrape has not fallen.
 * Source: https://prometheus.io/docs/prometheus/latest/querying/functions/#resets.
 *
 *   // 40 counters of replay are lower than in the scrape before → { kind: 'counter-reset', source: 'replay', … }
 */
import type { Observation, Round } from './finding.js';

export function findCounterResets({ targets }: Round): Observation[] {
  return targets.flatMap((target): Observation[] => {
    if (target.state !== 'up' || target.resets === 0) return [];
    return [
      {
        kind: 'counter-reset',
        source: target.job,
        because: `${target.resets} of its counters are lower than in the scrape before: it has restarted`,
        notJudged: `what ${target.job} did between its last scrape and its restart`,
        masks: [],
      },
    ];
  });
}
