/**
 * Told: a release in lines of words.
 *
 * in: Release before and after a change → out: the lines that say what is new
 */
import { waitIn, waitOf } from '../release.js';
import type { Judged, Release } from '../release.js';
import { candidateWeight } from '../shift-traffic.js';

const PHASE_WIDTH = 13;

export function told(before: Release | undefined, after: Release): string[] {
  const known = before?.id === after.id ? before : undefined;
  const lines = after.judged.slice(known?.judged.length ?? 0).flatMap(judgedLines);
  if (known?.phase !== after.phase) {
    lines.push(`${after.phase.padEnd(PHASE_WIDTH)} ${phaseLine(after)}`);
  }
  return lines;
}

/** One release in one line. */
export function lineOf(release: Release): string {
  const { startedAt, candidate, primary, because } = release;
  const phase = waitOf(release) ?? release.phase;
  return `${startedAt}  ${phase.padEnd(PHASE_WIDTH)} ${candidate.version} after ${primary.version}: ${because}`;
}

function phaseLine(release: Release): string {
  const { phase, candidate, primary, because, slots } = release;
  if (phase === 'verifying') {
    const [commit, digest] = [candidate.commit.slice(0, 12), (candidate.digest ?? '').slice(0, 12)];
    return `${candidate.version} of commit ${commit}, digest ${digest}`;
  }
  if (phase === 'starting') {
    return `${candidate.version} as ${slots.candidate}, beside ${primary.version} as ${slots.primary}`;
  }
  if (phase === 'shifting' || phase === 'promoting') {
    return `${candidate.version} gets ${candidateWeight(release)} %`;
  }
  if (phase === 'retiring') return `${primary.version} is stopped`;
  if (phase === 'stopping') return `${candidate.version} is stopped`;
  return because;
}

function judgedLines(judged: Judged): string[] {
  const { weight, verdict, window } = judged;
  const said = waitIn(judged) ?? verdict.kind;
  const seen = `${window.canary.requests} requests of ${window.primary.requests + window.canary.requests}`;
  return [
    `  ${said} at ${weight} %, ${seen} in ${window.seconds.toFixed(0)} s: ${verdict.because}`,
    ...verdict.checks.map(
      ({ check, kind, because }) => `    ${kind.padEnd(PHASE_WIDTH)}${check}: ${because}`,
    ),
  ];
}
