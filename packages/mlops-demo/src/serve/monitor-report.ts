/** What the monitor says (GET /v1/monitor), as schemas: types, checks and documentation at once. */
import { z } from 'zod';
import { DIAGNOSES } from '../monitor.js';
import type { WindowReport } from '../monitor.js';

const shares = z.array(z.number()).length(10);

const driftSchema = z.object({
  /** null while there are too few predictions. */
  psi: z.number().nullable(),
  verdict: z.enum(['stable', 'moved', 'shifted', 'too few']),
  because: z.string(),
});

export const performanceSchema = z.object({
  /** Predicted flights whose delay is known. */
  landed: z.number().int(),
  auc: z.number().nullable(),
  logLoss: z.number().nullable(),
  /** What the same flights cost whoever answers the base rate. */
  baseLogLoss: z.number().nullable(),
  because: z.string(),
});

const columnSchema = z.object({
  column: z.string(),
  test: z.enum(['Wasserstein', 'Jensen–Shannon', 'Kolmogorov–Smirnov', 'χ²']),
  /** A distance, or an adjusted p-value. */
  value: z.number(),
  limit: z.number(),
  drifted: z.boolean(),
  psi: z.number(),
  because: z.string(),
});
const qualityState = z.enum(['fine', 'warning', 'alarm']);

/** One day, or several together: drift of inputs and predictions, quality, performance with delayed labels, and what follows from the four. */
const windowSchema = z.object({
  from: z.string(),
  through: z.string(),
  complete: z.boolean(),
  departures: z.number().int(),
  diagnosis: z.object({ state: z.enum(DIAGNOSES), because: z.string() }),
  inputs: z.object({
    verdict: z.enum(['drift', 'no drift']),
    drifted: z.number().int(),
    columns: z.array(columnSchema),
    because: z.string(),
  }),
  predictions: columnSchema.nullable(),
  quality: z.object({
    state: qualityState,
    checks: z.array(
      z.object({ name: z.string(), state: qualityState, value: z.number(), because: z.string() }),
    ),
    because: z.string(),
  }),
  performance: z.object({
    state: z.enum(['good', 'decayed', 'labels not in yet']),
    landed: z.number().int(),
    labelledShare: z.number(),
    lateShare: z.number().nullable(),
    auc: z.number().nullable(),
    logLoss: z.number().nullable(),
    skill: z.number().nullable(),
    ece: z.number().nullable(),
    because: z.string(),
  }),
});

export const monitorSchema = z.object({
  predictions: z.number().int(),
  riskHistogram: z.object({ edges: z.array(z.number()).length(11), live: shares, reference: shares }),
  drift: driftSchema,
  performance: performanceSchema.nullable(),
  /** The days that windows are compared with; absent until they have been replayed. */
  reference: z
    .object({ from: z.string(), through: z.string(), auc: z.number(), skill: z.number() })
    .exactOptional(),
  /** The last days, oldest first, the running one at the end. */
  windows: z.array(windowSchema).exactOptional(),
  /** The last whole days together. */
  week: windowSchema.exactOptional(),
});

export type MonitorReport = z.infer<typeof monitorSchema>;
export type Drift = z.infer<typeof driftSchema>;
export type Performance = z.infer<typeof performanceSchema>;

export type MonitorWindow = z.infer<typeof windowSchema>;

/** A window as the API tells it: no prediction is null, not absent. */
export function windowOf(report: WindowReport): MonitorWindow {
  const { checks, ...quality } = report.quality;
  return { ...report, predictions: report.predictions ?? null, quality: { ...quality, checks: [...checks] } };
}

/** What there is to say before the first model. */
export const NOTHING_TO_MONITOR: MonitorReport = {
  predictions: 0,
  riskHistogram: {
    edges: Array.from({ length: 11 }, (_, edge) => edge / 10),
    live: Array.from({ length: 10 }, () => 0),
    reference: Array.from({ length: 10 }, () => 0),
  },
  drift: { psi: null, verdict: 'too few', because: 'no model is served yet' },
  performance: null,
};

/** True when the base rate would do as well: time for another model. */
export function hasDecayed({ performance }: MonitorReport): boolean {
  const { logLoss = null, baseLogLoss = null } = performance ?? {};
  return logLoss !== null && baseLogLoss !== null && logLoss >= baseLogLoss;
}

/** One line for the log: `drift check: stable, PSI 0.041 over …; AUC 0.871 over …`. */
export function driftCheckLine({ drift, performance }: MonitorReport): string {
  const labels = performance?.because ?? 'no predicted flight has landed yet';
  return `drift check: ${drift.verdict}, ${drift.because}; ${labels}`;
}
