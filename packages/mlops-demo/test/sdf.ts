/** The flights from and to Louisville: 21,432 real ones, small enough to test on, large enough to learn from. */
import type { FlightColumns } from '../src/data/columns.js';
import { openFlights } from '../src/data/store.js';
import { GATE_LIMITS } from '../src/gate.js';
import type { Plan } from '../src/plan.js';
import { fullPlan } from '../src/plan.js';
import { validate } from '../src/validate.js';
import { readAirports } from '../src/vega-datasets/store.js';

/**
 * The whole record of the hub, with a timetable learned every night: one frozen in April would be two months old in June. AUC at least
 * .85; few flights, so a good week may come close to .9 without a leak.
 */
export const SDF_PLAN: Plan = {
  ...fullPlan({ airports: ['SDF'], timetable: 'nightly' }),
  limits: { ...GATE_LIMITS, leastAuc: 0.85, mostAuc: 0.92 },
};

/** Its clean flights, in order of departure. */
export async function sdfFlights(): Promise<FlightColumns> {
  const source = await openFlights();
  const raw = await source.read(SDF_PLAN.read);
  source.close();
  const validated = validate(raw, readAirports(), SDF_PLAN.expectations);
  if (validated.state === 'failed') throw new Error(validated.because);
  return validated.flights;
}
