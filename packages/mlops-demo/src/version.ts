/**
 * Stage 3, version: give the clean batch a name that follows from its content.
 *
 * in:  FlightColumns, the source → out: DataVersion with a SHA-256 over every value
 *
 * Rule: the same flights have the same version, whoever reads them; one changed minute changes it. A model's manifest names the
 * version of its data, so the question "what was this trained on?" has one answer.
 *
 * When it misleads: the digest says that two batches differ, not where.
 *
 * Source: NIST, FIPS 180-4 (2015) for SHA-256.
 *
 * Example: January 2001 → `flights-` and twelve hexadecimal digits.
 */
import { createHash } from 'node:crypto';
import { countOf } from './data/columns.js';
import type { FlightColumns } from './data/columns.js';
import { dateOf, dayOf, LATE_MINUTES } from './flights.js';

/** A batch of data, identified by its content. */
export interface DataVersion {
  version: string;
  sha256: string;
  source: string;
  rows: number;
  from: string;
  through: string;
  lateShare: number;
  because: string;
}

/** Names the batch. */
export function versionOf(flights: FlightColumns, source: string): DataVersion {
  const { codes, origins, destinations, utcMinutes, localMinutes, distanceMiles, delayMinutes } = flights;
  const hash = createHash('sha256').update(JSON.stringify(codes));
  for (const column of [origins, destinations, utcMinutes, localMinutes, distanceMiles, delayMinutes]) {
    hash.update(column);
  }
  const sha256 = hash.digest('hex');
  const version = `flights-${sha256.slice(0, 12)}`;
  const rows = countOf(flights);
  const days = localMinutes.map(dayOf);
  const late = delayMinutes.reduce((count, delay) => count + (delay >= LATE_MINUTES ? 1 : 0), 0);
  return {
    version,
    sha256,
    source,
    rows,
    from: dateOf(days.reduce((a, b) => Math.min(a, b))),
    through: dateOf(days.reduce((a, b) => Math.max(a, b))),
    lateShare: late / rows,
    because: `${rows.toLocaleString('en-US')} clean flights are ${version}, ${((late / rows) * 100).toFixed(1)} % of them late`,
  };
}
