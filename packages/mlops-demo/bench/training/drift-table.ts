/**
 * Table `drift`: what a comparison of a million rows with a million others costs, beside SciPy and NumPy where Python has them.
 *
 * Rule: the same seeded numbers on both sides (a file of doubles), the median of three, sorting included.
 * When it misleads: SciPy's Kolmogorov–Smirnov computes the p-value too, as ours does.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seedRandom } from 'mlops-demo/serving';
import { kolmogorovSmirnov, populationStability, wasserstein } from 'mlops-demo/training';
import { peerPython } from '../peers/peer.js';
import { median } from '../serving/median.js';

const ROWS = 1_000_000;
const ROUNDS = 3;
const BINS = 10;
const PEER = `
import sys, time, numpy as np
from scipy import stats
a, b = (np.fromfile(path) for path in sys.argv[1:3])
def psi(a, b):
    x, y = (np.histogram(v, bins=10, range=(0, 1.2))[0] / len(v) + 1e-6 for v in (a, b))
    return np.sum((y - x) * np.log(y / x))
for name, work in (('ks', lambda: stats.ks_2samp(a, b)), ('wasserstein', lambda: stats.wasserstein_distance(a, b)), ('psi', lambda: psi(a, b))):
    took = []
    for _ in range(3):
        t = time.perf_counter(); work(); took.append(time.perf_counter() - t)
    print(name, sorted(took)[1])
`;

export function driftTable(): Promise<void> {
  const random = seedRandom(1);
  const reference = Float64Array.from({ length: ROWS }, () => random());
  const today = Float64Array.from({ length: ROWS }, () => random() * 1.2);
  const ours: [string, number][] = [
    ['ks', seconds(() => kolmogorovSmirnov(reference.slice(), today.slice()))],
    ['wasserstein', seconds(() => wasserstein(reference.slice(), today.slice()))],
    ['psi', seconds(() => populationStability(sharesOf(reference), sharesOf(today)))],
  ];
  const peers = peerSeconds(reference, today);
  console.log(
    `\ndrift of ${ROWS.toLocaleString('en-US')} rows against as many: seconds here, with SciPy, ratio`,
  );
  for (const [name, here] of ours) {
    const there = peers.get(name);
    const beside =
      there === undefined
        ? '  (no SciPy here)'
        : `${there.toFixed(3).padStart(9)} ${(here / there).toFixed(1).padStart(6)}`;
    console.log(`${name.padEnd(14)}${here.toFixed(3).padStart(8)}${beside}`);
  }
  return Promise.resolve();
}

function sharesOf(values: Float64Array): number[] {
  const counts = Array.from({ length: BINS }, () => 0);
  for (const value of values) counts[Math.min(Math.floor((value / 1.2) * BINS), BINS - 1)]! += 1;
  return counts.map((count) => count / values.length);
}

function seconds(work: () => unknown): number {
  return median(
    Array.from({ length: ROUNDS }, () => {
      const startedAt = performance.now();
      work();
      return (performance.now() - startedAt) / 1000;
    }),
  );
}

function peerSeconds(reference: Float64Array, today: Float64Array): Map<string, number> {
  const folder = mkdtempSync(join(tmpdir(), 'mlops-drift-'));
  const files = [reference, today].map((values, index) => {
    const file = join(folder, `${index}.f64`);
    writeFileSync(file, values);
    return file;
  });
  const { stdout, status } = spawnSync(peerPython(), ['-c', PEER, ...files], { encoding: 'utf8' });
  rmSync(folder, { recursive: true });
  if (status !== 0) return new Map();
  return new Map(
    stdout
      .trim()
      .split('\n')
      .map((line) => [line.split(' ')[0]!, Number(line.split(' ')[1])]),
  );
}
