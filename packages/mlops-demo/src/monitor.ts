/**
 * Monitor: does the served model still see the world it was examined in, and is it still right?
 *
 * in:  WindowFacts (a day or a week of flights), MonitorReference
 * out: WindowReport: input drift, prediction drift, data quality, performance with delayed labels; and one diagnosis of the four
 *
 * Rule, the first that holds:
 *   broken data               missing inputs, or airports that the reference has never seen; however few have departed
 *   too few flights           fewer than 500 departures
 *   decay                     the labels are in, skill is below half of the reference's, and AUC .05 below
 *   drift without decay       the inputs or the predictions drifted, and the model is as good as it was: leave it alone
 *   drift, labels not in yet  they drifted, or departures have left the timetable, and nobody can know yet whether it matters
 *   labels not in yet         nothing moved, and nobody can know yet
 *   steady                    nothing moved, and the model is as good as it was
 *
 * When it misleads: drift is measured against the examined week, so every storm is drift. That is why drift alone retrains nothing.
 *
 * Source: J. Gama and others, "A Survey on Concept Drift Adaptation" (2014), which tells drift that changes the answer from drift that does not.
 *
 * Example (flights of 2001, a model of January): 25 February, a storm, is drift without decay; the first days of April are decay.
 */
import type { DatasetDrift } from './monitor/dataset-drift.js';
import type { ColumnDrift } from './monitor/column-drift.js';
import { diagnose } from './monitor/diagnose.js';
import { dataQuality, isBroken } from './monitor/data-quality.js';
import type { DataQuality } from './monitor/data-quality.js';
import { delayedPerformance } from './monitor/delayed-performance.js';
import type { DelayedPerformance } from './monitor/delayed-performance.js';
import type { WindowFacts } from './monitor/flight-window.js';
import type { MonitorReference } from './monitor/reference.js';
import { driftSentences, riskDrift } from './monitor/risk-drift.js';
import { dayNumber } from './flights.js';

export const DIAGNOSES = [
  'broken data',
  'too few flights',
  'decay',
  'drift without decay',
  'drift, labels not in yet',
  'labels not in yet',
  'steady',
] as const;
export type DiagnosisState = (typeof DIAGNOSES)[number];

export interface Diagnosis {
  state: DiagnosisState;
  because: string;
}

export interface WindowReport {
  from: string;
  through: string;
  complete: boolean;
  departures: number;
  inputs: DatasetDrift;
  /** The predicted risks as one more column; undefined where there are none. */
  predictions: ColumnDrift | undefined;
  quality: DataQuality;
  performance: DelayedPerformance;
  diagnosis: Diagnosis;
}

const LEAST_DEPARTURES = 500;

/** Judges one window. */
export function judgeWindow(facts: WindowFacts, reference: MonitorReference): WindowReport {
  const days = dayNumber(facts.through) - dayNumber(facts.from) + 1;
  const { inputs, predictions } = riskDrift(reference, facts);
  const quality = dataQuality(facts, reference, days);
  const performance = delayedPerformance(facts, reference);
  const { from, through, complete, departures } = facts;
  const found = { departures, inputs, predictions, quality, performance };
  return { from, through, complete, ...found, diagnosis: diagnosisOf(found) };
}

type Found = Pick<WindowReport, 'departures' | 'inputs' | 'predictions' | 'quality' | 'performance'>;

function diagnosisOf({ departures, inputs, predictions, quality, performance }: Found): Diagnosis {
  const broken = isBroken(quality) ? quality.because : undefined;
  if (broken === undefined && departures < LEAST_DEPARTURES) {
    return {
      state: 'too few flights',
      because: `${departures} departures; a verdict needs ${LEAST_DEPARTURES}`,
    };
  }
  const untidy = quality.state === 'fine' ? [] : [quality.because];
  const moved = [...driftSentences({ inputs, predictions }), ...untidy];
  return diagnose({ broken, moved, performance });
}
