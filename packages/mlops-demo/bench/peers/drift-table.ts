/**
 * Table `drift-peers`: what a whole comparison of windows costs beside Evidently's DataDriftPreset, and whether both say the same.
 *
 * Rule: the 19 columns that the monitor watches, of real flights. The cost: 1,000,000 flights of before April against as many after it, each side in a
 * process of its own, in turn, the median of the rounds; reading the columns is not counted. The verdicts: these, ten days against a week
 * (all rows: distances), and 500 flights of each day against 1,000 of the week (p-values).
 *
 * When it misleads: Evidently also prepares its plots. Ours counts categories as flights come in, not here. The server keeps 2,000 rows of a
 * window, so its own comparison is the last line.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCleanFlights } from 'mlops-demo/training';
import { median } from '../serving/median.js';
import { addPair, noAgreement } from './drift-agreement.js';
import type { Said } from './drift-agreement.js';
import { LARGE, writeSides } from './drift-sides.js';
import { startPeer } from './peer.js';
import type { Peer, Took } from './peer.js';
import { readColumns } from './watched-columns.js';

const ALL_DAYS = { from: '2001-01-01', through: '2001-06-30' };
const LARGE_NAME = LARGE.toLocaleString('en-US');
const ROUNDS = 3;
interface Compared extends Took {
  heldMegabytes: number;
  peakMegabytes: number;
  columns: Said[];
}

type Compare = (reference: string, today: string) => Promise<Compared>;

export async function driftPeersTable(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'mlops-drift-'));
  const modules = ['evidently', 'scipy', 'pandas', 'numpy'];
  try {
    const days = writeSides(folder, await readCleanFlights(ALL_DAYS));
    const chosen = await startPeer('drift.py', modules, [folder]);
    if (chosen.state === 'started') chosen.peer.end();
    const ours: Compare = async (...sides) => Promise.resolve(ourComparison(folder, sides));
    const fresh: Compare = async (reference, today) => {
      const again = await startPeer('drift.py', modules, [folder]);
      if (again.state === 'absent') throw new Error(again.because);
      const compared = await again.peer.ask<Compared>({ what: 'compare', reference, today });
      again.peer.end();
      return compared;
    };
    await printCost(ours, chosen.state === 'started' ? fresh : undefined);
    if (chosen.state === 'absent') return console.log(`no Evidently: ${chosen.because}`);
    const again = await startPeer('drift.py', modules, [folder]);
    if (again.state === 'started') {
      await printVerdicts(folder, days, ours, again.peer);
      again.peer.end();
    }
    console.log(`with ${chosen.versions}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function ourComparison(folder: string, sides: readonly string[]): Compared {
  const program = join(import.meta.dirname, 'our-drift.js');
  const { stdout, stderr, status } = spawnSync(process.execPath, [program, folder, ...sides], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`bench: our-drift failed: ${stderr.slice(-300)}`);
  return JSON.parse(stdout) as Compared;
}

async function printCost(ours: Compare, theirs: Compare | undefined): Promise<void> {
  const lines: [string, Compare, string][] = [
    ['monitor, every row', ours, 'large'],
    ...(theirs === undefined
      ? []
      : ([['Evidently, every row', theirs, 'large']] as [string, Compare, string][])),
    ['monitor, 2,000 rows a side', ours, 'server'],
  ];
  const taken = new Map<string, Compared[]>();
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, compare, sides] of lines)
      taken.set(name, [...(taken.get(name) ?? []), await compare(`${sides}-before`, `${sides}-after`)]);
  }
  console.log(
    `\n${`${LARGE_NAME} flights against as many`.padEnd(36)}seconds  ratio   CPU s   MB held  MB at most   (ratio: times the first)`,
  );
  const [base = []] = taken.values();
  for (const [name, rounds] of taken) {
    const of = (key: 'seconds' | 'cpuSeconds' | 'heldMegabytes' | 'peakMegabytes'): number =>
      median(rounds.map((each) => each[key]));
    const cells = [
      of('seconds').toFixed(2).padStart(7),
      median(rounds.map(({ seconds }, round) => seconds / (base[round]?.seconds ?? NaN)))
        .toFixed(2)
        .padStart(7),
      of('cpuSeconds').toFixed(2).padStart(8),
      of('heldMegabytes').toFixed(0).padStart(10),
      of('peakMegabytes').toFixed(0).padStart(12),
    ];
    console.log(name.padEnd(36) + cells.join(''));
  }
}

async function printVerdicts(
  folder: string,
  days: readonly string[],
  ours: Compare,
  peer: Peer,
): Promise<void> {
  const windows: [string, [string, string][]][] = [
    [`${LARGE_NAME} against ${LARGE_NAME}`, [['large-before', 'large-after']]],
    ['ten days against a week', days.map((day) => ['week', day])],
    ['500 flights against 1,000', days.map((day) => ['small-week', `small-${day}`])],
  ];
  console.log(`\n${'the same verdicts as Evidently'.padEnd(36)}columns  farthest apart, by test`);
  for (const [title, pairs] of windows) {
    const agreement = noAgreement();
    for (const [reference, today] of pairs) {
      const here = await ours(reference, today);
      const there = await peer.ask<Compared>({ what: 'compare', reference, today });
      addPair(agreement, {
        here: here.columns,
        there: there.columns,
        before: readColumns(folder, reference),
        now: readColumns(folder, today),
      });
    }
    const apart = [...agreement.apart].map(([test, value]) => `${test} ${value.toExponential(0)}`);
    console.log(
      `${title.padEnd(34)}${`${agreement.agreed} of ${agreement.columns}`.padStart(9)}  ${apart.join(', ')}`,
    );
    for (const [reason, count] of agreement.reasons) console.log(`  ${count} × ${reason}`);
  }
}
