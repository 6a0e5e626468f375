/**
 * Risk drift: the inputs of a window and the risks that came of them, against those of the reference.
 *
 * in:  columns and risks of the reference and of the window → out: DatasetDrift of the inputs, ColumnDrift of the risks, and both in words
 *
 * Rule: the risk is judged as one more column, so that its p-value is adjusted with theirs; it has no vote on the inputs.
 */
import type { ColumnDrift } from './column-drift.js';
import { datasetDrift, datasetVerdict } from './dataset-drift.js';
import type { Columns, DatasetDrift } from './dataset-drift.js';

export interface WithRisks {
  columns: Columns;
  risks: Float64Array;
}

export interface RiskDrift {
  inputs: DatasetDrift;
  /** Undefined where there are no risks. */
  predictions: ColumnDrift | undefined;
}

const RISK = 'risk';

export function riskDrift(reference: WithRisks, today: WithRisks): RiskDrift {
  const { columns } = datasetDrift(together(reference), together(today));
  return {
    inputs: datasetVerdict(columns.filter(({ column }) => column !== RISK)),
    predictions: columns.find(({ column }) => column === RISK),
  };
}

/** A sentence for each that drifted. */
export function driftSentences({ inputs, predictions }: RiskDrift): string[] {
  return [
    ...(inputs.verdict === 'drift' ? [inputs.because] : []),
    ...(predictions?.drifted === true ? [`the predicted risks drifted: ${predictions.because}`] : []),
  ];
}

function together({ columns: { rows, columns }, risks }: WithRisks): Columns {
  return { rows, columns: new Map([...columns, [RISK, { kind: 'numeric', values: risks }]]) };
}
