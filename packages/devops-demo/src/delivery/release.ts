/**
 * Release: the state machine that brings a new version to everybody, or to nobody.
 *
 *   verifying → starting → shifting ⇄ observing → promoting → retiring → promoted
 *       ↓           └──────────┴─────────┴────────────┴→ rolling-back → stopping → rolled-back | stopped
 *    refused
 *
 * in: Release, what happened → out: Release; `nextAction` says what to do in it
 *
 * Rule: the state is written down before each action, and each action can be done again. So a controller that is killed at any instant
 * goes on from what is written: with the step it was in when the new version still runs, backwards when it does not.
 * Pass goes on, fail goes back at once, inconclusive waits for another window; when the looks are used up it stops, which is
 * going back without blame. Until all traffic has moved, the old version runs and can take it back in one step.
 * When it misleads: going back restores the program, not the data that the new one has written; hence migrations.ts.
 * Source: phases and verdicts as in Flagger (https://docs.flagger.app/usage/how-it-works) and Argo Rollouts (`AnalysisRun`: Successful,
 * Failed, Inconclusive), read 2026-07.
 *
 *   advance(observing, { kind: 'observed', run: { verdict: { kind: 'fail', … }, … }, … }).phase // 'rolling-back'
 */
import type { AnalysisRun } from './analysis/analysis-run.js';
import type { CanaryWindow, Verdict } from './analyze.js';
import type { Slot } from './instances.js';
import { changeOf } from './release/transitions.js';
import { candidateWeight } from './shift-traffic.js';

export interface Version {
  readonly version: string;
  readonly commit: string;
  /** Null when it was started by others, from no artifact. */
  readonly digest: string | null;
}

export const RUNNING_PHASES = [
  'verifying',
  'starting',
  'shifting',
  'observing',
  'promoting',
  'retiring',
  'rolling-back',
  'stopping',
] as const;
export const FINAL_PHASES = ['refused', 'promoted', 'rolled-back', 'stopped'] as const;
export type FinalPhase = (typeof FINAL_PHASES)[number];
export type Phase = (typeof RUNNING_PHASES)[number] | FinalPhase;

/** One judged window. */
export interface Judged {
  readonly weight: number;
  readonly at: string;
  readonly verdict: Verdict;
  readonly window: CanaryWindow;
}

export interface Release {
  readonly id: string;
  readonly startedAt: string;
  readonly updatedAt: string;
  readonly candidate: Version;
  readonly primary: Version;
  readonly primaryUrl: string;
  /** Names of the backends. */
  readonly slots: { readonly candidate: Slot; readonly primary: Slot };
  readonly phase: Phase;
  /** Index of the step, from 0. */
  readonly step: number;
  readonly because: string;
  /** It goes back although nothing was judged bad; absent: what goes back is to blame. */
  readonly blameless?: boolean;
  readonly judged: readonly Judged[];
}

export type Event =
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly because: string }
  | { readonly kind: 'observed'; readonly window: CanaryWindow; readonly run: AnalysisRun }
  | { readonly kind: 'resumed'; readonly candidateRuns: boolean }
  /** Everything was stopped, the gateway too, and began anew with one version. */
  | { readonly kind: 'abandoned' };

export type Action =
  | { readonly do: 'verify' | 'start' | 'observe' | 'retire' | 'stop' }
  | { readonly do: 'shift'; readonly weight: number };

const ACTIONS: Record<(typeof RUNNING_PHASES)[number], Action['do']> = {
  verifying: 'verify',
  starting: 'start',
  shifting: 'shift',
  observing: 'observe',
  promoting: 'shift',
  retiring: 'retire',
  'rolling-back': 'shift',
  stopping: 'stop',
};

/** @returns undefined when the release has ended. */
export function nextAction(release: Release): Action | undefined {
  if (isFinal(release.phase)) return undefined;
  const what = ACTIONS[release.phase];
  return what === 'shift' ? { do: 'shift', weight: candidateWeight(release) } : { do: what };
}

export function isFinal(phase: Phase): phase is FinalPhase {
  return FINAL_PHASES.some((final) => final === phase);
}

export function advance(release: Release, event: Event, now: string): Release {
  const change = isFinal(release.phase) ? {} : changeOf(release, event, now);
  return { ...release, ...change, updatedAt: now };
}

/** What keeps a release that observes from its verdict, as far as the last window tells. */
export function waitOf({ phase, judged }: Release): Wait | undefined {
  const last = judged.at(-1);
  return phase === 'observing' && last !== undefined ? waitIn(last) : undefined;
}

export type Wait = 'no traffic' | 'warming up';

/** No traffic is said before cold, for it is the cause. Whether one that is silent got any, nobody knows. */
export function waitIn({ verdict, window: { canary, warmUp } }: Judged): Wait | undefined {
  if (verdict.kind !== 'inconclusive') return undefined;
  if (canary.requests === 0) return (canary.silentSeconds ?? 0) > 0 ? undefined : 'no traffic';
  return warmUp?.from === null ? 'warming up' : undefined;
}

/** The windows of the present step, for judging them together. */
export function windowsOfStep(release: Release): CanaryWindow[] {
  const weight = candidateWeight(release);
  return release.judged.filter((judged) => judged.weight === weight).map(({ window }) => window);
}
