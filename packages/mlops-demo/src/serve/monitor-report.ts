/** What the monitor says (GET /v1/monitor), as schemas: types, checks and documentation at once. */
import { z } from 'zod';

const shares = z.array(z.number()).length(10);

const driftSchema = z.object({
  /** null while there are too few predictions. */
  psi: z.number().nullable(),
  verdict: z.enum(['stable', 'shifted', 'too few']),
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

export const monitorSchema = z.object({
  predictions: z.number().int(),
  riskHistogram: z.object({ edges: z.array(z.number()).length(11), live: shares, reference: shares }),
  drift: driftSchema,
  performance: performanceSchema.nullable(),
});

export type MonitorReport = z.infer<typeof monitorSchema>;
export type Drift = z.infer<typeof driftSchema>;
export type Performance = z.infer<typeof performanceSchema>;

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
