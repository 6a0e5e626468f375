/**
 * Model days: which model served when, and how right it was, day by day: the summary of what retraining changed.
 *
 * in: Observation after Observation → out: ModelDayRow[]
 *
 *   { day: '2001-04-01', version: '2001-01-31-fda544fb', until: '2001-04-02T09:58:00.000Z', landed: 16102, auc: 0.79, skill: 0.07 }
 *
 * Rule: one row for each day and model; the last look at it counts. A day on which one model took over from another has two rows, of the
 * flights that each of them judged in production.
 *
 * When it misleads: two rows of one day are of different hours, so they do not compare the models. The trial did that, on the same flights.
 */
import type { Observation } from './observation.js';

export interface ModelDayRow {
  day: string;
  version: string;
  /** The flights' own time of the last look. */
  until: string;
  landed: number;
  auc: number | null;
  skill: number | null;
}

export interface ModelDays {
  add(observation: Observation): void;
  rows(): ModelDayRow[];
}

/** Half a year. A demo that runs for longer forgets its oldest days. */
const MOST_ROWS = 200;

export function createModelDays(): ModelDays {
  const rows = new Map<string, ModelDayRow>();
  return {
    add({ model, days = [], replay }) {
      if (model === undefined || replay === undefined) return;
      for (const { from: day, performance } of days) {
        const { landed, auc, skill } = performance;
        if (landed === 0) continue;
        const key = `${day} ${model.version}`;
        const last = rows.get(key);
        // A day that is over changes no more.
        if (last?.landed === landed) continue;
        rows.set(key, { day, version: model.version, until: replay.simulatedTime, landed, auc, skill });
      }
      for (const key of [...rows.keys()].slice(0, -MOST_ROWS)) rows.delete(key);
    },
    rows: () => [...rows.values()],
  };
}
