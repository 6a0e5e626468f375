/**
 * Blind spots: what is wrong with the telemetry itself, and which signals nobody can judge, by reason.
 *
 * in: what aiops says of its data → out: BlindSpots
 */
import type { Answer } from './questions.js';

type Quality = Answer<'aiops/quality'>;

const REASONS_SHOWN = 5;
const SIGNALS_SHOWN = 6;

export interface BlindSpots {
  findings: Quality['findings'];
  /** How many signals cannot be judged. */
  notJudged: number;
  /** The commonest reasons, each with some of its signals. */
  reasons: { because: string; signals: string[]; more: number }[];
}

export function blindSpotsOf({ findings, notJudged }: Quality): BlindSpots {
  const byReason = new Map<string, string[]>();
  for (const { because, signalId } of notJudged)
    byReason.set(because, [...(byReason.get(because) ?? []), signalId]);
  const reasons = [...byReason]
    .sort(([, a], [, b]) => b.length - a.length)
    .slice(0, REASONS_SHOWN)
    .map(([because, alike]) => ({
      because,
      signals: alike.slice(0, SIGNALS_SHOWN),
      more: Math.max(0, alike.length - SIGNALS_SHOWN),
    }));
  return { findings, notJudged: notJudged.length, reasons };
}
