/**
 * Monitor days: what the monitor says of a model, day by day or week by week, on recorded flights.
 *
 * in:  FlightColumns from before the reference days on, a Watcher, the days of its reference and those to judge
 * out: MonitorReference, and a WindowReport for each day or week
 *
 * Rule: every window is judged when its last local day is over everywhere (10:00 UTC of the next): about 99 % of its flights have landed.
 */
import type { FlightColumns } from '../data/columns.js';
import { dateOf, dayNumber } from '../flights.js';
import { judgeWindow } from '../monitor.js';
import type { WindowReport } from '../monitor.js';
import type { Days } from '../plan.js';
import { dayEndUtcMinute, FlightWatch } from './flight-watch.js';
import type { Watcher } from './flight-watch.js';
import type { WindowFacts } from './flight-window.js';
import { joinWindows } from './join-windows.js';
import { referenceOf } from './reference.js';
import type { MonitorReference } from './reference.js';

export interface MonitorDaysRequest {
  flights: FlightColumns;
  watcher: Watcher;
  reference: Days;
  judge: Days;
  windowDays: number;
  seed: number;
}

export interface MonitoredDays {
  reference: MonitorReference;
  referenceFacts: WindowFacts;
  windows: WindowReport[];
}

const REFERENCE_DAYS = 7;

/** The last seven days that a model knows of: its test week. */
export function referenceDays(dataThrough: string): Days {
  return { from: dateOf(dayNumber(dataThrough) - REFERENCE_DAYS + 1), through: dataThrough };
}

export function monitorDays(request: MonitorDaysRequest): MonitoredDays {
  const { watcher, windowDays } = request;
  const watch = new FlightWatch(request.flights, request.seed);
  watch.add(watcher);
  watch.advance(dayEndUtcMinute(dayNumber(request.reference.through)));
  const referenceFacts = joined(watch, watcher.name, request.reference);
  const reference = referenceOf(referenceFacts);
  const windows: WindowReport[] = [];
  const last = dayNumber(request.judge.through);
  for (let first = dayNumber(request.judge.from); first <= last; first += windowDays) {
    const through = Math.min(first + windowDays - 1, last);
    watch.advance(dayEndUtcMinute(through));
    const span = { from: dateOf(first), through: dateOf(through) };
    windows.push(judgeWindow(joined(watch, watcher.name, span), reference));
    watch.forget(first);
  }
  return { reference, referenceFacts, windows };
}

function joined(watch: FlightWatch, name: string, { from, through }: Days): WindowFacts {
  const facts: WindowFacts[] = [];
  for (let day = dayNumber(from); day <= dayNumber(through); day++) {
    const known = watch.facts(name, day);
    if (known !== undefined) facts.push(known);
  }
  if (facts.length === 0) throw new RangeError(`expected flights from ${from} to ${through}, got none`);
  return joinWindows(facts);
}
