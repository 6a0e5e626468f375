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
import { STEPS_PER_CENT, candidateWeight } from './shift-traffic.js';

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
  return { ...release, ...changeOf(release, event, now), updatedAt: now };
}

function changeOf(release: Release, event: Event, now: string): Partial<Release> {
  if (isFinal(release.phase)) return {};
  if (event.kind === 'done') return whenDone(release);
  if (event.kind === 'failed') return whenFailed(release, event.because);
  if (event.kind === 'abandoned')
    return { phase: 'stopped', because: 'everything was stopped while it was under way' };
  if (event.kind === 'resumed') return whenResumed(release, event.candidateRuns);
  return whenObserved(release, event, now);
}

function whenDone({ phase, step, judged, because, candidate }: Release): Partial<Release> {
  if (phase === 'verifying') return { phase: 'starting', because: 'verified' };
  if (phase === 'starting') return { phase: 'shifting', step: 0, because: `${candidate.version} is ready` };
  if (phase === 'shifting') return { phase: 'observing', because: `at ${STEPS_PER_CENT[step]} %` };
  if (phase === 'promoting') return { phase: 'retiring' };
  if (phase === 'retiring')
    return { phase: 'promoted', because: `${because}; judged ${judged.length} times` };
  if (phase === 'rolling-back') return { phase: 'stopping' };
  if (phase !== 'stopping') return {};
  return { phase: judged.at(-1)?.verdict.kind === 'inconclusive' ? 'stopped' : 'rolled-back' };
}

/** Before anything runs a failure refuses; as long as the old version runs it goes back; afterwards the action is tried again. */
function whenFailed({ phase }: Release, because: string): Partial<Release> {
  if (phase === 'verifying') return { phase: 'refused', because };
  if (phase === 'retiring' || phase === 'rolling-back' || phase === 'stopping') return {};
  return { phase: 'rolling-back', because };
}

function whenResumed({ phase }: Release, candidateRuns: boolean): Partial<Release> {
  if (phase !== 'shifting' && phase !== 'observing' && phase !== 'promoting') return {};
  if (!candidateRuns) {
    return {
      phase: 'rolling-back',
      because: 'the controller was interrupted, and the new version does not run any more',
    };
  }
  // The weights are set again, whatever they were when the controller went; the window begins anew.
  return phase === 'promoting'
    ? {}
    : { phase: 'shifting', because: 'the controller was interrupted and goes on' };
}

function whenObserved(
  release: Release,
  { run, window }: Event & { kind: 'observed' },
  now: string,
): Partial<Release> {
  if (release.phase !== 'observing') return {};
  const { verdict, finished } = run;
  const weight = candidateWeight(release);
  const judged = [...release.judged, { weight, at: now, verdict, window }];
  const because = `at ${weight} %: ${verdict.because}`;
  if (verdict.kind === 'fail') return { judged, because, phase: 'rolling-back' };
  if (verdict.kind === 'pass') {
    const step = release.step + 1;
    if (step < STEPS_PER_CENT.length) return { judged, because, phase: 'shifting', step };
    return { judged, because, phase: 'promoting' };
  }
  if (!finished) return { judged, because };
  return { judged, because: `stopped without blame ${because}`, phase: 'rolling-back' };
}

/** Whether the speed of a young process is not compared yet, as far as the last window tells. */
export function isWarmingUp({ phase, judged }: Release): boolean {
  return phase === 'observing' && judged.at(-1)?.window.warmUp?.from === null;
}

/** The windows of the present step, for judging them together. */
export function windowsOfStep(release: Release): CanaryWindow[] {
  const weight = candidateWeight(release);
  return release.judged.filter((judged) => judged.weight === weight).map(({ window }) => window);
}
