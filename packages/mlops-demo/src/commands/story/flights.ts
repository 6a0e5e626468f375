/** The recorded flights of some days, clean, and the world in which a model was examined: what stories are made of. */
import { dayNumber, dateOf } from '../../flights.js';
import type { FlightColumns } from '../../data/columns.js';
import { openFlights } from '../../data/store.js';
import { monitorDays } from '../../monitor/monitor-days.js';
import type { Watcher } from '../../monitor/flight-watch.js';
import type { MonitorReference } from '../../monitor/reference.js';
import { validate } from '../../validate.js';
import { readAirports } from '../../vega-datasets/store.js';

/** Windows of features reach back a day; three are enough for every one of them. The timetable is the model's own. */
const WARM_UP_DAYS = 3;

export async function readCleanFlights(from: string, through: string): Promise<FlightColumns> {
  const source = await openFlights();
  try {
    const validated = validate(await source.read({ from, through }), readAirports(), {});
    if (validated.state === 'failed') throw new Error(validated.because);
    return validated.flights;
  } finally {
    source.close();
  }
}

/** The days after its training, up to what it knows. */
export async function referenceFor(
  watcher: Watcher & { dataThrough: string; trainedThrough: string },
): Promise<MonitorReference> {
  const from = dayNumber(watcher.trainedThrough) + 1;
  const reference = { from: dateOf(from), through: watcher.dataThrough };
  const flights = await readCleanFlights(dateOf(from - WARM_UP_DAYS), watcher.dataThrough);
  const nothing = { from: dateOf(from), through: dateOf(from - 1) };
  return monitorDays({ flights, watcher, reference, judge: nothing, windowDays: 1, seed: 1 }).reference;
}
