/**
 * Own affairs: requests about an instance, which are no traffic of its users.
 *
 * in: path → out: "everybody", "primary", or "traffic"
 *
 * Rule: `/metrics` is asked of every version and answered as one, or a scraper would read now this counter, now that one, and take each change
 * for a restart. Health, version and faults are the primary's. They take no share of the weights, so that probes do not
 * make up the sample that a canary is judged by.
 *
 *   whomToAsk('/metrics')         // 'everybody'
 *   whomToAsk('/v1/flights?a=1')  // 'traffic'
 */
export type Asked = 'everybody' | 'primary' | 'traffic';

const OF_THE_PRIMARY = /^\/(?:livez|readyz|version|v1\/faults)(?:[/?]|$)/;
const OF_EVERYBODY = /^\/metrics(?:\?|$)/;

export function whomToAsk(path: string): Asked {
  if (OF_EVERYBODY.test(path)) return 'everybody';
  return OF_THE_PRIMARY.test(path) ? 'primary' : 'traffic';
}
