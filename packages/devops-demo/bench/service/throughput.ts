/**
 * Throughput: what observing costs, measured in pairs.
 *
 * in: boards by name, the kind of work → out: for each its requests/s, p99 and CPU time, and the cost beside the first
 *
 * Rule: many short rounds. Each loads every board once, beginning with another one; a cost is the median of the rounds' ratios
 * to the first board in the same round. So what else the machine does falls on all of them. CPU time is that of the
 * board's own process. The interval holds the true median in 95 of 100 runs (binomial order statistics).
 * When it misleads: load and database share the machine's cores with the board, so requests/s hide a part of the cost, and
 * on a busy machine they say little at all. CPU time says more.
 */
import type { BoardProcess } from './board-process.js';
import { load } from './load.js';
import type { Work } from './load.js';

export interface Row {
  readonly name: string;
  readonly requestsPerSecond: number;
  readonly p99Milliseconds: number;
  readonly cpuMicroseconds: number;
  /** Share of the first board's requests/s that is missing. */
  readonly costInThroughput: Estimate;
  /** CPU time more than the first board's, as a share of that. */
  readonly costInCpu: Estimate;
}

/** A median, and the interval in which the true one lies. */
export interface Estimate {
  readonly median: number;
  readonly lower: number;
  readonly upper: number;
}

const ROUNDS = 30;
/** A round takes some tenths of a second: long enough to time, short enough that a neighbour's work falls on all boards. */
const REQUESTS_A_ROUND: Record<Work, number> = { read: 200, write: 60, list: 200 };
const WARM_UP_ROUNDS = 8;
/** Standard normal quantile of 97.5 %. */
const Z = 1.96;

type Sample = Pick<Row, 'requestsPerSecond' | 'p99Milliseconds' | 'cpuMicroseconds'>;

export async function throughput(boards: ReadonlyMap<string, BoardProcess>, work: Work): Promise<Row[]> {
  const names = [...boards.keys()];
  const samples = new Map<string, Sample[]>(names.map((name) => [name, []]));
  for (const board of boards.values()) await load(board.url, work, WARM_UP_ROUNDS * REQUESTS_A_ROUND[work]);
  for (let round = 0; round < ROUNDS; round++) {
    const first = round % names.length;
    for (const name of [...names.slice(first), ...names.slice(0, first)]) {
      const board = boards.get(name);
      if (board !== undefined) samples.get(name)?.push(await sample(board, work));
    }
  }
  const base = samples.get(names[0] ?? '') ?? [];
  return [...samples].map(([name, taken]) => rowOf(name, taken, base));
}

async function sample(board: BoardProcess, work: Work): Promise<Sample> {
  const before = await board.usage();
  const { requestsPerSecond, p99Milliseconds } = await load(board.url, work, REQUESTS_A_ROUND[work]);
  const after = await board.usage();
  const cpuMicroseconds = ((after.cpuSeconds - before.cpuSeconds) * 1e6) / REQUESTS_A_ROUND[work];
  return { requestsPerSecond, p99Milliseconds, cpuMicroseconds };
}

function rowOf(name: string, taken: readonly Sample[], base: readonly Sample[]): Row {
  const of = (key: keyof Sample) => median(taken.map((sample) => sample[key]));
  const cost = (key: keyof Sample, costOf: (ratio: number) => number) =>
    estimate(taken.map((sample, round) => costOf(sample[key] / (base[round]?.[key] ?? Number.NaN))));
  return {
    name,
    requestsPerSecond: of('requestsPerSecond'),
    p99Milliseconds: of('p99Milliseconds'),
    cpuMicroseconds: of('cpuMicroseconds'),
    costInThroughput: cost('requestsPerSecond', (ratio) => 1 - ratio),
    costInCpu: cost('cpuMicroseconds', (ratio) => ratio - 1),
  };
}

function estimate(values: readonly number[]): Estimate {
  const sorted = [...values].sort((a, b) => a - b);
  const reach = (Z * Math.sqrt(sorted.length)) / 2;
  const at = (rank: number) =>
    sorted[Math.min(sorted.length - 1, Math.max(0, Math.floor(rank)))] ?? Number.NaN;
  return {
    median: median(values),
    lower: at(sorted.length / 2 - reach),
    upper: at(sorted.length / 2 + reach),
  };
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
