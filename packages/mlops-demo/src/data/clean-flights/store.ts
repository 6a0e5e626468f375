/** The clean recorded flights of some days, for programs that need no run: read, validated, the source closed again. */
import type { Plan } from '../../plan.js';
import { validate } from '../../validate.js';
import type { Expectations } from '../../validate.js';
import { readAirports } from '../../vega-datasets/store.js';
import type { FlightColumns } from '../columns.js';
import { openFlights } from '../store.js';

/** @throws where the batch is refused, with the reason */
export async function readCleanFlights(
  days: Plan['read'],
  expectations: Expectations = {},
): Promise<FlightColumns> {
  const source = await openFlights();
  try {
    const validated = validate(await source.read(days), readAirports(), expectations);
    if (validated.state === 'failed') throw new Error(validated.because);
    return validated.flights;
  } finally {
    source.close();
  }
}
