/**
 * Transitions: what an event changes in a release, phase by phase.
 *
 * in: a Release that has not ended, an Event → out: what is different afterwards; see release.ts for the picture
 */
import type { Event, Release } from '../release.js';
import { STEPS_PER_CENT, candidateWeight } from '../shift-traffic.js';

/** @param release one that has not ended */
export function changeOf(release: Release, event: Event, now: string): Partial<Release> {
  if (event.kind === 'done') return whenDone(release);
  if (event.kind === 'failed') return whenFailed(release, event.because);
  if (event.kind === 'abandoned')
    return { phase: 'stopped', because: 'everything was stopped while it was under way' };
  if (event.kind === 'resumed') return whenResumed(release, event.candidateRuns);
  return whenObserved(release, event, now);
}

function whenDone({ phase, step, judged, because, blameless, candidate }: Release): Partial<Release> {
  if (phase === 'verifying') return { phase: 'starting', because: 'verified' };
  if (phase === 'starting') return { phase: 'shifting', step: 0, because: `${candidate.version} is ready` };
  if (phase === 'shifting') return { phase: 'observing', because: `at ${STEPS_PER_CENT[step]} %` };
  if (phase === 'promoting') return { phase: 'retiring' };
  if (phase === 'retiring')
    return { phase: 'promoted', because: `${because}; judged ${judged.length} times` };
  if (phase === 'rolling-back') return { phase: 'stopping' };
  if (phase !== 'stopping') return {};
  return { phase: blameless === true ? 'stopped' : 'rolled-back' };
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
  // Never judged bad; a version that died, or could not be brought where it should be, is to blame.
  return { judged, because: `stopped without blame ${because}`, blameless: true, phase: 'rolling-back' };
}
