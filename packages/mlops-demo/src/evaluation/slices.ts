/**
 * Slices: does the model serve every part of the flights, or is one hidden by the mean?
 *
 * in:  flights, their risks and labels → out: the scores of each origin, hour, distance band and month, the worst first
 *
 * Rule: a slice is judged from 500 flights and 50 late ones on. Worst is the least skill: each slice is compared with its own late share, so
 * that an airport is not called bad for having many late flights.
 *
 * When it misleads: among eighty airports the worst is bad by chance in part. With 500 flights an AUC is known to about ±.03.
 */
import type { FlightColumns } from '../data/columns.js';
import { dateOf, dayOf, minuteOfDay } from '../flights.js';
import { auc } from './auc.js';
import { ece } from './calibration.js';
import { logLoss, skill } from './log-loss.js';

export const SLICED_BY = ['airport', 'hour', 'distance', 'month'] as const;
export type SlicedBy = (typeof SLICED_BY)[number];

/** How one part of the flights did. */
export interface SliceScores {
  by: SlicedBy;
  name: string;
  rows: number;
  lateShare: number;
  auc: number;
  logLoss: number;
  skill: number;
  ece: number;
}

export interface ScoredFlights {
  /** Positions in the columns. */
  positions: Uint32Array;
  labels: Uint8Array;
  risks: Float32Array;
}

const LEAST_ROWS = 500;
const LEAST_LATE = 50;
/** Upper ends in miles: from a hop to across the country. */
const DISTANCE_BANDS = [250, 500, 1000, 1500] as const;

/** All slices with enough flights, the least skill first. */
export function scoreSlices(flights: FlightColumns, scored: ScoredFlights): SliceScores[] {
  const slices = slicesOf(flights, scored.positions, scored.labels).map(({ by, name, rows }): SliceScores => {
    const labels = Uint8Array.from(rows, (row) => scored.labels[row]!);
    const risks = Float32Array.from(rows, (row) => scored.risks[row]!);
    return {
      by,
      name,
      rows: rows.length,
      lateShare: labels.reduce((sum, label) => sum + label, 0) / labels.length,
      auc: auc(risks, labels),
      logLoss: logLoss(risks, labels),
      skill: skill(risks, labels),
      ece: ece(risks, labels),
    };
  });
  return slices.sort((a, b) => a.skill - b.skill);
}

/** The slice that a flight belongs to. */
const SLICE_OF: Readonly<Record<SlicedBy, (flights: FlightColumns, position: number) => string>> = {
  airport: (flights, position) => flights.codes[flights.origins[position]!]!,
  hour: (flights, position) => `${hourOf(flights, position)}:00`,
  distance: (flights, position) => bandOf(flights.distanceMiles[position]!),
  month: (flights, position) => dateOf(dayOf(flights.localMinutes[position]!)).slice(0, 7),
};

/** The rows of each slice that has enough flights to be judged. */
export function slicesOf(
  flights: FlightColumns,
  positions: Uint32Array,
  labels: Uint8Array,
): { by: SlicedBy; name: string; rows: Uint32Array }[] {
  const judged = (rows: readonly number[]): boolean =>
    rows.length >= LEAST_ROWS && rows.reduce((late, row) => late + labels[row]!, 0) >= LEAST_LATE;
  return SLICED_BY.flatMap((by) => {
    const rowsOf = new Map<string, number[]>();
    for (const [row, position] of positions.entries()) {
      const name = SLICE_OF[by](flights, position);
      const rows = rowsOf.get(name);
      if (rows === undefined) rowsOf.set(name, [row]);
      else rows.push(row);
    }
    // A list of numbers takes up to three times as much.
    return [...rowsOf]
      .filter(([, rows]) => judged(rows))
      .map(([name, rows]) => ({ by, name, rows: Uint32Array.from(rows) }));
  });
}

function hourOf(flights: FlightColumns, position: number): string {
  return String(Math.floor(minuteOfDay(flights.localMinutes[position]!) / 60)).padStart(2, '0');
}

function bandOf(miles: number): string {
  const upper = DISTANCE_BANDS.find((band) => miles < band);
  const lower = DISTANCE_BANDS.findLast((band) => band <= miles);
  if (upper === undefined) return `${DISTANCE_BANDS.at(-1)} miles and more`;
  return lower === undefined ? `below ${upper} miles` : `${lower} to ${upper - 1} miles`;
}
