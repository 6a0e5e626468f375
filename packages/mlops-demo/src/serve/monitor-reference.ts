/**
 * Monitor reference, live: the examined days of the model that serves, replayed beside the requests.
 *
 * in:  the packed flights that came with the model, and the model → out: MonitorReference
 *
 * Rule: the flights of the days after its training pass through a world of their own, a quarter of an hour at a time; after each, whoever waits has
 * their turn. It takes a few seconds of computing after each swap, and nothing waits for it.
 *
 * When it misleads: the history holds 15 days. A model with a nightly timetable sees fewer of them here than it will live.
 */
import { dateOf, dayNumber } from '../flights.js';
import { scoreBatch } from '../model.js';
import { dayEndUtcMinute, FlightWatch } from '../monitor/flight-watch.js';
import { joinWindows } from '../monitor/join-windows.js';
import { referenceOf } from '../monitor/reference.js';
import type { MonitorReference } from '../monitor/reference.js';
import { historyColumns } from './recall-history.js';
import type { Serving } from './serving.js';

/** At the busiest hour about 350 flights: a few milliseconds. */
const STEP_MINUTES = 15;
const MOST_DAYS = 7;

type Model = Pick<Serving, 'manifest' | 'model' | 'features'> & { timetable: Serving['timetable'] };

/** Undefined where the history does not hold the examined days, or all of them ended alike. */
export async function referenceOfModel(
  { manifest, model, timetable }: Model,
  packed: Uint8Array,
  breathe: () => Promise<void>,
): Promise<MonitorReference | undefined> {
  const through = dayNumber(manifest.dataThrough);
  const from = Math.max(dayNumber(manifest.trainedThrough) + 1, through - MOST_DAYS + 1);
  const flights = await historyColumns(packed, breathe);
  const watch = new FlightWatch(flights, 1);
  const play = async (fromMinute: number, untilMinute: number): Promise<void> => {
    for (let minute = fromMinute; minute <= untilMinute; minute += STEP_MINUTES) {
      watch.advance(minute);
      await breathe();
    }
  };
  await play(flights.utcMinutes[0] ?? Infinity, dayEndUtcMinute(from - 1) - STEP_MINUTES);
  const name = manifest.version;
  watch.add({
    name,
    view: (world) => world.withTimetable(timetable),
    score: (rows) => scoreBatch(model, rows),
  });
  await play(dayEndUtcMinute(from - 1), dayEndUtcMinute(through));
  const days = Array.from({ length: through - from + 1 }, (_, index) => watch.facts(name, from + index));
  const known = days.filter((facts) => facts !== undefined);
  if (known.length === 0) return undefined;
  const reference = referenceOf({ ...joinWindows(known), from: dateOf(from), through: manifest.dataThrough });
  return Number.isNaN(reference.skill) || Number.isNaN(reference.auc) ? undefined : reference;
}
