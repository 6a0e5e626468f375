/** The world in which a model was examined, out of the recorded flights: what stories are made of. */
import { dayNumber, dateOf } from '../../flights.js';
import { readCleanFlights } from '../../data/clean-flights/store.js';
import { monitorDays } from '../../monitor/monitor-days.js';
import type { Watcher } from '../../monitor/flight-watch.js';
import type { MonitorReference } from '../../monitor/reference.js';

/** Windows of features reach back a day; three are enough for every one of them. The timetable is the model's own. */
const WARM_UP_DAYS = 3;

/** The days after its training, up to what it knows. */
export async function referenceFor(
  watcher: Watcher & { dataThrough: string; trainedThrough: string },
): Promise<MonitorReference> {
  const from = dayNumber(watcher.trainedThrough) + 1;
  const reference = { from: dateOf(from), through: watcher.dataThrough };
  const flights = await readCleanFlights({
    from: dateOf(from - WARM_UP_DAYS),
    through: watcher.dataThrough,
  });
  const nothing = { from: dateOf(from), through: dateOf(from - 1) };
  return monitorDays({ flights, watcher, reference, judge: nothing, windowDays: 1, seed: 1 }).reference;
}
