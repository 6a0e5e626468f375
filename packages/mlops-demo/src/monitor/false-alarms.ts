/**
 * False alarms: how often does the monitor cry although nothing has changed?
 *
 * in:  WindowFacts of a reference, months to simulate, a seed
 * out: a row for each way to watch: alarms a month of 30 windows
 *
 * Rule: windows drawn from the reference (bootstrap-window.ts) are judged as any window. "Day" is a day of flights against the whole week,
 * where distances decide. "Small" is 500 flights against 1000 of the reference, where p-values decide; the last column says what they would
 * have called without the adjustment for many tests.
 */
import { judgeWindow } from '../monitor.js';
import { seedRandom } from '../seeded-random.js';
import type { Random } from '../seeded-random.js';
import { bootstrapWindow } from './bootstrap-window.js';
import { measureColumn, SMALL_ROWS } from './column-drift.js';
import type { WindowFacts } from './flight-window.js';
import { referenceOf } from './reference.js';
import type { MonitorReference } from './reference.js';

export interface FalseAlarms {
  windows: string;
  /** Of each kind, a month. */
  inputDrift: number;
  anyColumn: number;
  predictionDrift: number;
  qualityAlarm: number;
  decay: number;
  /** Windows in which some column would be called without the adjustment. */
  anyColumnUnadjusted: number;
}

const MONTH_WINDOWS = 30;
const SMALL_FLIGHTS = 500;

export function falseAlarms(reference: WindowFacts, months: number, seed: number): FalseAlarms[] {
  const random = seedRandom(seed);
  const whole = referenceOf(reference);
  const day = Math.round(whole.departuresPerDay);
  return [
    simulate(`day, ${day.toLocaleString('en-US')} flights`, {
      facts: reference,
      against: () => whole,
      flights: day,
      months,
      random,
    }),
    simulate(`small, ${SMALL_FLIGHTS} flights`, {
      facts: reference,
      // Another small reference every month: one may be an odd draw itself.
      against: () => ({
        ...referenceOf(bootstrapWindow(reference, SMALL_ROWS, random)),
        airports: whole.airports,
      }),
      flights: SMALL_FLIGHTS,
      months,
      random,
    }),
  ];
}

interface Simulation {
  facts: WindowFacts;
  /** Asked once a month. */
  against: () => MonitorReference;
  flights: number;
  months: number;
  random: Random;
}

function simulate(windows: string, { facts, against, flights, months, random }: Simulation): FalseAlarms {
  const counts = {
    inputDrift: 0,
    anyColumn: 0,
    predictionDrift: 0,
    qualityAlarm: 0,
    decay: 0,
    anyColumnUnadjusted: 0,
  };
  let reference = against();
  for (let window = 0; window < months * MONTH_WINDOWS; window++) {
    if (window > 0 && window % MONTH_WINDOWS === 0) reference = against();
    const drawn = bootstrapWindow(facts, flights, random);
    const report = judgeWindow(drawn, reference);
    if (report.inputs.verdict === 'drift') counts.inputDrift += 1;
    if (report.inputs.drifted > 0) counts.anyColumn += 1;
    if (report.predictions?.drifted === true) counts.predictionDrift += 1;
    if (report.quality.state === 'alarm') counts.qualityAlarm += 1;
    if (report.performance.state === 'decayed') counts.decay += 1;
    if (anyUnadjusted(drawn, reference)) counts.anyColumnUnadjusted += 1;
  }
  const perMonth = Object.entries(counts).map(([kind, count]) => [kind, count / months]);
  return { windows, ...(Object.fromEntries(perMonth) as typeof counts) };
}

function anyUnadjusted(drawn: WindowFacts, against: MonitorReference): boolean {
  return [...against.columns.columns].some(([name, column]) => {
    const now = drawn.columns.columns.get(name);
    const found = now === undefined ? undefined : measureColumn(column, now, against.columns.rows);
    if (found === undefined) return false;
    const isDistance = found.test === 'Wasserstein' || found.test === 'Jensen–Shannon';
    return isDistance ? found.value >= found.limit : found.value < found.limit;
  });
}
