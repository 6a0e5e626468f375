/**
 * How often validation cries wolf, and how often it sleeps: every clean day and month is judged, and every broken copy of it.
 *
 * in:  months of recorded flights → out: a line for each kind of batch: how many were refused, and by which expectations
 *
 * Rule: a day is compared with the 28 days before it, a month with the month before. The first ones have nothing before them and are
 * judged without.
 */
import type { Airports } from '../airports.js';
import { countOf } from '../data/columns.js';
import type { RawFlights } from '../data/columns.js';
import { dateOf, dayOf } from '../flights.js';
import { DAMAGES } from './damages.js';
import type { Damage } from './damages.js';
import { judge } from './judge.js';
import type { Expectations } from './judge.js';
import { mergeProfiles, profileOf } from './reference-profile.js';
import type { ReferenceProfile } from './reference-profile.js';

/** What became of all batches of one kind. */
export interface RehearsalLine {
  batches: 'months' | 'days';
  damage: string;
  judged: number;
  refused: number;
  /** Expectations that failed, most frequent first, with the number of batches. */
  failed: [name: string, batches: number][];
}

const REFERENCE_DAYS = 28;
/** The name of clean batches in the table. */
export const UNDAMAGED = 'none';

/** Judges the months one after the other, and their days. `flightsPerDay` as in a plan. */
export class Rehearsal {
  private readonly lines = new Map<string, RehearsalLine>();
  private readonly days: ReferenceProfile[] = [];
  private monthBefore: ReferenceProfile | undefined;
  private readonly airports: Airports;
  private readonly flightsPerDay: Expectations['flightsPerDay'];

  constructor(airports: Airports, flightsPerDay?: Expectations['flightsPerDay']) {
    this.airports = airports;
    this.flightsPerDay = flightsPerDay;
  }

  /** Judges a month, its days, and broken copies of them. */
  add(month: RawFlights): void {
    const slices = daysOf(month);
    const reference = this.monthBefore;
    this.rehearse('months', month, reference);
    for (const day of slices) {
      const lately = this.days.slice(-REFERENCE_DAYS);
      this.rehearse('days', day, lately.length === 0 ? undefined : mergeProfiles(lately));
      this.days.push(profileOf(day, judge(day, this.airports, {}).clean));
    }
    this.monthBefore = mergeProfiles(this.days.slice(-slices.length));
  }

  /** The table so far. */
  table(): RehearsalLine[] {
    return [...this.lines.values()];
  }

  private rehearse(
    batches: RehearsalLine['batches'],
    raw: RawFlights,
    reference: ReferenceProfile | undefined,
  ): void {
    const days = {
      from: dateOf(dayOf(raw.localMinutes[0]!)),
      through: dateOf(dayOf(raw.localMinutes[countOf(raw) - 1]!)),
    };
    const expectations: Expectations = {
      days,
      ...(this.flightsPerDay ? { flightsPerDay: this.flightsPerDay } : {}),
      ...(reference ? { reference } : {}),
    };
    const copies: [string, Damage][] = [[UNDAMAGED, (same) => same], ...Object.entries(DAMAGES)];
    for (const [damage, apply] of copies) {
      const { checks } = judge(apply(raw), this.airports, expectations);
      const failed = checks.filter(({ state }) => state === 'failed').map(({ name }) => name);
      this.count(batches, damage, failed);
    }
  }

  private count(batches: RehearsalLine['batches'], damage: string, failed: readonly string[]): void {
    const key = `${batches} ${damage}`;
    const line = this.lines.get(key) ?? { batches, damage, judged: 0, refused: 0, failed: [] };
    const counts = new Map(line.failed);
    for (const name of failed) counts.set(name, (counts.get(name) ?? 0) + 1);
    this.lines.set(key, {
      ...line,
      judged: line.judged + 1,
      refused: line.refused + (failed.length > 0 ? 1 : 0),
      failed: [...counts].sort(([, a], [, b]) => b - a),
    });
  }
}

/** The days of a batch that is ordered by time. */
function daysOf(raw: RawFlights): RawFlights[] {
  const days: RawFlights[] = [];
  for (let from = 0; from < countOf(raw);) {
    let to = from;
    while (to < countOf(raw) && dayOf(raw.localMinutes[to]!) === dayOf(raw.localMinutes[from]!)) to++;
    days.push({
      ...raw,
      origins: raw.origins.subarray(from, to),
      destinations: raw.destinations.subarray(from, to),
      localMinutes: raw.localMinutes.subarray(from, to),
      distanceMiles: raw.distanceMiles.subarray(from, to),
      delayMinutes: raw.delayMinutes.subarray(from, to),
    });
    from = to;
  }
  return days;
}

/** The table for a terminal. */
export function rehearsalLines(table: readonly RehearsalLine[]): string[] {
  const line = (batches: string, damage: string, refused: string, by: string): string =>
    `${batches.padEnd(6)}  ${damage.padEnd(30)}  ${refused.padStart(10)}  ${by}`;
  return [
    line('batch', 'damage', 'refused', 'by the expectations'),
    ...table.map(({ batches, damage, judged, refused, failed }) =>
      line(
        batches,
        damage,
        `${refused} of ${judged}`,
        failed.map(([name, count]) => `${name} ${count}`).join(', '),
      ),
    ),
  ];
}
