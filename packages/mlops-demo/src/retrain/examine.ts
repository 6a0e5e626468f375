/**
 * Examine: the gate's other half. Is the challenger better than the champion on the days that examined it?
 *
 * in:  FlightColumns that reach back two weeks before these days, both models → out: ChampionComparison
 *
 * Rule: both judge the same flights in one pass, each with its own timetable, as they would have when the flights left.
 *
 * When it misleads: the champion has never seen these days, and the challenger's calibration has neither; but its timetable ends right
 * before them. That advantage is real: it is the one it will have when it serves.
 */
import type { FlightColumns } from '../data/columns.js';
import { compareWithChampion } from '../evaluation/compare-with-champion.js';
import type { ChampionComparison } from '../evaluation/compare-with-champion.js';
import { dayNumber } from '../flights.js';
import { dayEndUtcMinute, FlightWatch } from '../monitor/flight-watch.js';
import type { Watcher } from '../monitor/flight-watch.js';
import type { Days } from '../plan.js';
import { pairedFlights } from './paired-flights.js';

export function examine(
  flights: FlightColumns,
  days: Days,
  champion: Watcher,
  challenger: Watcher,
): ChampionComparison {
  const watch = new FlightWatch(flights, 1);
  watch.advance(dayEndUtcMinute(dayNumber(days.from) - 1));
  const fromPosition = watch.position;
  watch.add(champion);
  watch.add(challenger);
  const nowUtcMinute = dayEndUtcMinute(dayNumber(days.through));
  watch.advance(nowUtcMinute);
  const names = { champion: champion.name, challenger: challenger.name };
  return compareWithChampion(pairedFlights({ flights, watch, ...names, fromPosition, nowUtcMinute }));
}
