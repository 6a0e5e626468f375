/**
 * The story of the months: a model of January that nobody replaces, beside one that is trained anew at the end of every month.
 *
 * in:  the flights of January to June, rows to learn from, a seed
 * out: for each month and each week AUC and skill of both, on the same flights
 *
 * Rule: the model for a month learns from the month before it (15 to 31 January for February), with timetables 0 to 27 days old, and serves
 * the month with the timetable as of its first day. Nobody sees a flight before it leaves, or a delay before it lands.
 */
import type { FlightColumns } from '../../data/columns.js';
import { auc } from '../../evaluation/auc.js';
import { skill } from '../../evaluation/log-loss.js';
import { computeFeatures } from '../../features.js';
import { fitTimetable } from '../../features/fit-timetable.js';
import { dateOf, dayNumber, dayOf, LATE_MINUTES } from '../../flights.js';
import { scoreBatch } from '../../model.js';
import { dayEndUtcMinute, FlightWatch } from '../../monitor/flight-watch.js';
import type { Watcher } from '../../monitor/flight-watch.js';
import { split } from '../../split.js';
import { train } from '../../train.js';

/** AUC and skill of one model over a span of days. */
export interface SpanScore {
  from: string;
  auc: number;
  skill: number;
}
export interface MonthsStory {
  months: { january: SpanScore; monthly: SpanScore }[];
  weeks: { january: SpanScore; monthly: SpanScore }[];
}
export interface MonthsOptions {
  rows: number;
  seed: number;
  onTrained: (because: string) => void;
}

const MONTHS = ['2001-02-01', '2001-03-01', '2001-04-01', '2001-05-01', '2001-06-01', '2001-07-01'];
const FIRST_TAUGHT = '2001-01-15';
const EPOCHS = 6;
const WEEK_DAYS = 7;
const NAMES = ['january', 'monthly'] as const;

export async function monthsStory(flights: FlightColumns, options: MonthsOptions): Promise<MonthsStory> {
  const watch = new FlightWatch(flights, 1);
  watch.advance(dayEndUtcMinute(dayNumber('2001-01-31')));
  const risks: Record<(typeof NAMES)[number], Float32Array> = {
    january: new Float32Array(0),
    monthly: new Float32Array(flights.utcMinutes.length).fill(NaN),
  };
  for (const [index, month] of MONTHS.slice(0, -1).entries()) {
    const taughtFrom = MONTHS[index - 1] ?? FIRST_TAUGHT;
    const model = await trainFor(flights, { from: taughtFrom, month, name: 'monthly' }, options);
    const from = watch.position;
    watch.remove('monthly');
    if (index === 0) watch.add({ ...model, name: 'january' });
    watch.add(model);
    for (let day = dayNumber(month); day < dayNumber(MONTHS[index + 1]!); day++) {
      watch.advance(dayEndUtcMinute(day));
      watch.forget(day);
    }
    const judged = watch.risks('monthly')!;
    risks.monthly.set(judged.subarray(from, watch.position), from);
  }
  risks.january = watch.risks('january')!;
  const last = dayNumber(MONTHS.at(-1)!);
  const weeks = Array.from(
    { length: Math.floor((last - dayNumber(MONTHS[0]!)) / WEEK_DAYS) },
    (_, week) => dayNumber(MONTHS[0]!) + week * WEEK_DAYS,
  );
  const both = (from: number, before: number) => {
    const [january, monthly] = NAMES.map((name) => scoreOf(flights, risks[name], from, before));
    return { january: january!, monthly: monthly! };
  };
  return {
    months: MONTHS.slice(0, -1).map((month, index) => both(dayNumber(month), dayNumber(MONTHS[index + 1]!))),
    weeks: weeks.map((from) => both(from, from + WEEK_DAYS)),
  };
}

async function trainFor(
  flights: FlightColumns,
  { from, month, name }: { from: string; month: string; name: string },
  { rows, seed, onTrained }: MonthsOptions,
): Promise<Watcher> {
  const first = dayNumber(month);
  const days = { from, through: dateOf(first - 1) };
  const plan = { timetable: 'frozen', train: days, tests: [], trainRows: rows, seed } as const;
  const known = withinDays(flights, dayNumber(from) - 42, first);
  const features = computeFeatures(known, split(known, plan), plan);
  const trained = await train(features.train, { seed, epochs: EPOCHS });
  onTrained(`for ${month.slice(0, 7)}, taught ${days.from} to ${days.through}: ${trained.because}`);
  const timetable = fitTimetable(known, first);
  return {
    name,
    view: (world) => world.withTimetable(timetable),
    score: (table) => scoreBatch(trained.model, table),
  };
}

/** The flights of [from, before): what a training on the last night can know. */
function withinDays(flights: FlightColumns, from: number, before: number): FlightColumns {
  const days = flights.localMinutes;
  let start = 0;
  while (start < days.length && dayOf(days[start]!) < from) start++;
  let end = days.length;
  while (end > start && dayOf(days[end - 1]!) >= before) end--;
  const part = <T extends Uint16Array | Int32Array>(column: T): T => column.subarray(start, end) as T;
  return {
    codes: flights.codes,
    origins: part(flights.origins),
    destinations: part(flights.destinations),
    utcMinutes: part(flights.utcMinutes),
    localMinutes: part(flights.localMinutes),
    distanceMiles: part(flights.distanceMiles),
    delayMinutes: part(flights.delayMinutes),
  };
}

function scoreOf(flights: FlightColumns, risks: Float32Array, from: number, before: number): SpanScore {
  const positions: number[] = [];
  for (const [position, minutes] of flights.localMinutes.entries()) {
    const day = dayOf(minutes);
    if (day >= from && day < before && !Number.isNaN(risks[position]!)) positions.push(position);
  }
  const judged = Float32Array.from(positions, (position) => risks[position]!);
  const late = Uint8Array.from(positions, (position) =>
    flights.delayMinutes[position]! >= LATE_MINUTES ? 1 : 0,
  );
  return { from: dateOf(from), auc: auc(judged, late), skill: skill(judged, late) };
}
