/** What aiops answers about what lies ahead, and about the telemetry itself. */
import { z } from 'zod';
import { instant, list, text } from './bounded.js';

const MOST_FORECASTS = 50;
const MOST_FINDINGS = 20;
const MOST_SIGNALS = 200;

export const forecasts = z.object({
  forecasts: list(
    z.object({
      signalId: text,
      service: text,
      title: text,
      /** Null while nobody can say. */
      probability: z.number().min(0).max(1).nullable(),
      because: text,
    }),
    MOST_FORECASTS,
  ),
});

export const quality = z.object({
  findings: list(
    z.object({ kind: text, source: text, since: instant, because: text, notJudged: text }),
    MOST_FINDINGS,
  ),
  notJudged: list(z.object({ signalId: text, because: text }), MOST_SIGNALS),
});
