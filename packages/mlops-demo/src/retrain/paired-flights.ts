/**
 * Paired flights: what two models said about the same flights, as far as these have landed.
 *
 * in:  a FlightWatch that both watch, from which flight on, the minute of now → out: PairedRisks
 *
 * Rule: a block of the bootstrap is six hours, not a day, so that a shadow of a day can be judged at all.
 *
 * When it misleads: four blocks of one day share its weather: the interval is narrower than that of four days would be.
 */
import { countOf } from '../data/columns.js';
import type { FlightColumns } from '../data/columns.js';
import type { PairedRisks } from '../evaluation/compare-with-champion.js';
import { LATE_MINUTES } from '../flights.js';
import type { FlightWatch } from '../monitor/flight-watch.js';

const BLOCK_MINUTES = 360;

export interface PairedRequest {
  flights: FlightColumns;
  watch: FlightWatch;
  champion: string;
  challenger: string;
  fromPosition: number;
  nowUtcMinute: number;
}

export function pairedFlights(request: PairedRequest): PairedRisks {
  const { flights, watch, nowUtcMinute } = request;
  const champion = watch.risks(request.champion);
  const challenger = watch.risks(request.challenger);
  const positions: number[] = [];
  for (let position = request.fromPosition; position < countOf(flights); position++) {
    if (flights.utcMinutes[position]! >= nowUtcMinute) break;
    const judged = !Number.isNaN(champion?.[position] ?? NaN) && !Number.isNaN(challenger?.[position] ?? NaN);
    if (judged && watch.isLanded(position, nowUtcMinute)) positions.push(position);
  }
  const pick = (risks: Float32Array | undefined): Float32Array =>
    Float32Array.from(positions, (position) => risks?.[position] ?? NaN);
  return {
    labels: Uint8Array.from(positions, (position) =>
      flights.delayMinutes[position]! >= LATE_MINUTES ? 1 : 0,
    ),
    blocks: positions.map((position) => Math.floor(flights.localMinutes[position]! / BLOCK_MINUTES)),
    unit: 'six-hour blocks',
    champion: pick(champion),
    challenger: pick(challenger),
  };
}
