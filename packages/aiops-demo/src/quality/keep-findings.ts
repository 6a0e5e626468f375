/** Keeps findings while they last: the same kind and source is the same finding, since when it was first seen. */
import type { DataQualityFinding, Observation } from './finding.js';

/** Long enough for a person to look, and for rates to look back on what came after. */
const KEPT_MS = 30_000;

export function keepFindings(
  before: readonly DataQualityFinding[],
  observations: readonly Observation[],
  at: number,
): DataQualityFinding[] {
  const seen = observations.map(({ kind, source, because, notJudged }): DataQualityFinding => {
    const since = before.find((one) => isSame(one, { kind, source }))?.since ?? at;
    return { kind, source, since, lastSeenAt: at, because, notJudged };
  });
  const recent = notIn(seen, before).filter(({ lastSeenAt }) => Math.abs(at - lastSeenAt) <= KEPT_MS);
  return [...recent, ...seen];
}

/** Those of `findings` that `others` do not hold. */
export function notIn(
  others: readonly DataQualityFinding[],
  findings: readonly DataQualityFinding[],
): DataQualityFinding[] {
  return findings.filter((finding) => !others.some((one) => isSame(one, finding)));
}

function isSame(
  one: Pick<Observation, 'kind' | 'source'>,
  other: Pick<Observation, 'kind' | 'source'>,
): boolean {
  return one.kind === other.kind && one.source === other.source;
}
