/** Scores rankings with the scorer that stands beside the kit: it knows the causes, this project's code does not. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Ranking } from './rca-methods.js';

interface ScoredIncident {
  readonly symptom: string;
  readonly top1: number;
  readonly top3: number;
  readonly rr: number;
}

/** Shares from 0 to 1; null where a source does not say. */
export interface Figures {
  readonly top1: number | null;
  readonly top3: number | null;
  readonly mrr: number | null;
}

/** By symptom, and all together. */
export interface Scores {
  readonly latency: Figures;
  readonly availability: Figures;
  readonly all: Figures;
}

/** Null when there is no scorer, or it has no truth for this kit. */
export function scoreRankings(kit: string, rankings: Readonly<Record<string, Ranking>>): Scores | null {
  const scorer = join(dirname(kit), 'score-rca.mjs');
  if (!existsSync(scorer)) return null;
  const folder = mkdtempSync(join(tmpdir(), 'rca-'));
  try {
    const [predictions, result] = [join(folder, 'rankings.json'), join(folder, 'scores.json')];
    writeFileSync(predictions, JSON.stringify(rankings));
    const options = ['--kit', kit, '--pred', predictions, '--json', result];
    const { status } = spawnSync(process.execPath, [scorer, ...options], { stdio: 'ignore' });
    if (status !== 0) return null;
    const { incidents } = JSON.parse(readFileSync(result, 'utf8')) as { incidents: ScoredIncident[] };
    return {
      latency: mean(incidents.filter(({ symptom }) => symptom === 'latency')),
      availability: mean(incidents.filter(({ symptom }) => symptom === 'availability')),
      all: mean(incidents),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function mean(incidents: readonly ScoredIncident[]): Figures {
  if (incidents.length === 0) return { top1: null, top3: null, mrr: null };
  const of = (key: 'top1' | 'top3' | 'rr') =>
    incidents.reduce((sum, incident) => sum + incident[key], 0) / incidents.length;
  return { top1: of('top1'), top3: of('top3'), mrr: of('rr') };
}
