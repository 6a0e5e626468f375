/**
 * The baselines: what one knows without a model.
 *
 * in:  the training flights' local hours and labels
 * out: the share of late flights, over all (base rate) and by hour of departure (hour table)
 *
 * Rule: late ÷ all. An hour without a training flight gets the base rate.
 *
 * When it misleads: the hour table looks clever because delays pile up over the day (8 % at six, 34 % at nine in the evening), but
 * every flight of an hour gets the same answer.
 */
import type { FlightColumns } from '../data/columns.js';
import type { TableFlights } from '../features.js';
import { minuteOfDay } from '../flights.js';

/** Late shares. */
export interface HourTable {
  baseRate: number;
  byHour: Float64Array;
}

const HOURS = 24;

/** Counts the training flights. */
export function fitHourTable(flights: FlightColumns, table: TableFlights): HourTable {
  const late = new Float64Array(HOURS);
  const all = new Float64Array(HOURS);
  for (const [row, position] of table.positions.entries()) {
    const hour = hourAt(flights, position);
    late[hour]! += table.labels[row]!;
    all[hour]! += 1;
  }
  const baseRate = sum(late) / sum(all);
  return { baseRate, byHour: late.map((count, hour) => (all[hour] === 0 ? baseRate : count / all[hour]!)) };
}

/** The hour table's answer for each flight of a table. */
export function scoreByHour(flights: FlightColumns, table: TableFlights, hours: HourTable): Float32Array {
  return Float32Array.from(table.positions, (position) => hours.byHour[hourAt(flights, position)]!);
}

function hourAt(flights: FlightColumns, position: number): number {
  return Math.floor(minuteOfDay(flights.localMinutes[position]!) / 60);
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
