/**
 * Unobserved: a window in which the observer itself failed, as an event of the release.
 *
 * in: Release, why nothing was seen → out: Event, inconclusive
 *
 * Rule: whoever could not look has no verdict, neither for nor against. It counts as a window without a request, so that an observer that
 * never sees anything ends the release as one without traffic ends: without blame.
 */
import type { AnalysisRun } from '../analysis/analysis-run.js';
import type { CanaryWindow } from '../analyze.js';
import { measure } from '../measure.js';
import { windowsOfStep } from '../release.js';
import type { Event, Release } from '../release.js';

export function unobserved(
  release: Release,
  because: string,
  judge: (windows: readonly CanaryWindow[]) => AnalysisRun,
): Event {
  const unseen = ({ version }: { version: string }) =>
    measure({ version, readings: [], newLogTemplates: [], restarts: 0 });
  const window = { primary: unseen(release.primary), canary: unseen(release.candidate), seconds: 0 };
  const { verdict, finished } = judge([...windowsOfStep(release), window]);
  const isUndecided = verdict.kind === 'inconclusive';
  return {
    kind: 'observed',
    window,
    run: {
      finished: finished && isUndecided,
      verdict: { kind: 'inconclusive', because: `could not observe: ${because}`, checks: [] },
    },
  };
}
