/**
 * Monitor reference: the world in which the model was examined, and how well it did there.
 *
 * in:  WindowFacts of the examined days, all labels in
 * out: MonitorReference
 *
 * Rule: the examined days, not the training days: the model has seen the latter, so its risks there are better than they will ever be.
 *
 * When it misleads: one week has one kind of weather. A reference without a storm calls the next storm drift; that is true, and no decay.
 */
import { auc } from '../evaluation/auc.js';
import { skill } from '../evaluation/log-loss.js';
import { dayNumber } from '../flights.js';
import type { Columns } from './dataset-drift.js';
import type { WindowFacts } from './flight-window.js';

export interface MonitorReference {
  from: string;
  through: string;
  columns: Columns;
  risks: Float64Array;
  departuresPerDay: number;
  /** Codes of all airports that were seen. */
  airports: ReadonlySet<string>;
  auc: number;
  skill: number;
}

export function referenceOf(facts: WindowFacts): MonitorReference {
  const days = dayNumber(facts.through) - dayNumber(facts.from) + 1;
  const airports = new Set<string>();
  for (const name of ['origin', 'destination']) {
    const column = facts.columns.columns.get(name);
    if (column?.kind === 'categorical') for (const code of column.counts.keys()) airports.add(code);
  }
  return {
    from: facts.from,
    through: facts.through,
    columns: facts.columns,
    risks: facts.risks,
    departuresPerDay: facts.departures / days,
    airports,
    auc: auc(facts.labels.risks, facts.labels.late),
    skill: skill(facts.labels.risks, facts.labels.late),
  };
}
