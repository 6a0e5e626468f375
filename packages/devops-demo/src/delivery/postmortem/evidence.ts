/**
 * Evidence: what the judgements of a canary have to say, as they stand in the details of `release.judged` and `release.rolled-back`.
 *
 * in: AuditEntry[] of one try → out: Evidence
 *
 * Rule: details may carry `verdict` (analyze.ts) and `window` (what both versions did). What is there is told with its numbers; what is
 * not, or has another form, is left out rather than guessed.
 */
import { z } from 'zod';
import type { AuditEntry } from '../audit.js';

const verdict = z.object({
  kind: z.enum(['pass', 'fail', 'inconclusive']),
  because: z.string(),
  checks: z.array(
    z.object({
      check: z.string(),
      kind: z.enum(['pass', 'fail', 'inconclusive']),
      because: z.string(),
      numbers: z.record(z.string(), z.number().nullable()).default({}),
    }),
  ),
});

const canaryCounts = z.object({ canary: z.object({ requests: z.number(), failures: z.number() }) });

const SHOWN_DIGITS = 3;

export interface Evidence {
  /** One line for each check of the last judgement. */
  checks: string[];
  /** What users of the canary met. */
  impact: string[];
  detectedBy: string | undefined;
}

export function evidenceOf(entries: readonly AuditEntry[]): Evidence {
  const verdicts = entries.flatMap(({ details }) => verdict.safeParse(details['verdict']).data ?? []);
  const last = verdicts.findLast(({ kind }) => kind === 'fail') ?? verdicts.at(-1);
  const failed = last?.checks.filter(({ kind }) => kind === 'fail').map(({ check }) => check) ?? [];
  return {
    checks: (last?.checks ?? []).map(checkLine),
    impact: impactOf(entries),
    detectedBy: failed.length === 0 ? undefined : `The canary analysis, by its checks: ${failed.join(', ')}.`,
  };
}

function impactOf(entries: readonly AuditEntry[]): string[] {
  const windows = entries.flatMap(({ details }) => canaryCounts.safeParse(details['window']).data ?? []);
  if (windows.length === 0) return [];
  const sum = (of: 'requests' | 'failures') => windows.reduce((total, { canary }) => total + canary[of], 0);
  return [
    `It answered ${sum('requests')} requests, ${sum('failures')} of them badly, in ${windows.length} judged ${windows.length === 1 ? 'window' : 'windows'}.`,
  ];
}

function checkLine({ check, kind, because, numbers }: z.infer<typeof verdict>['checks'][number]): string {
  const shown = Object.entries(numbers).map(
    ([name, value]) => `${name} ${value === null ? 'unknown' : Number(value.toPrecision(SHOWN_DIGITS))}`,
  );
  return `- ${check}: ${kind}. ${because}${shown.length === 0 ? '' : ` (${shown.join(', ')})`}`;
}
