/**
 * Shuffled batches: every row once, in an order that a seed determines, without holding all rows in memory.
 *
 * in:  TrainingRows (the first `count` of them), a seeded chance
 * out: batches of rows
 *
 * Rule: blocks of 1,024 rows that lie side by side are read in a shuffled order, 128 at a time; the rows of these 128 are shuffled again.
 * Up to 131,072 rows that is a full shuffle; beyond, a row shares its batch with rows of 128 places in the data, a different 128 every time.
 *
 * When it misleads: with few, very large blocks an epoch would walk through the months one after the other and forget the first.
 */
import type { Random } from '../seeded-random.js';
import { shuffle } from '../seeded-random.js';
import type { Stretch, TrainingRows } from './training-rows.js';

const BLOCK_ROWS = 1024;
/** 14 MB of rows. */
const BLOCKS_IN_MEMORY = 128;

/** One epoch. A batch is only valid until the next one is asked for. */
export function* shuffledBatches(
  source: TrainingRows,
  count: number,
  batchRows: number,
  random: Random,
): Generator<Stretch> {
  const most = Math.min(count, BLOCKS_IN_MEMORY * BLOCK_ROWS);
  const { inputs } = source;
  const held = { rows: new Float32Array(most * inputs), labels: new Uint8Array(most) };
  for (const blocks of shuffledBlocks(count, random)) {
    let filled = 0;
    for (const block of blocks) {
      const from = block * BLOCK_ROWS;
      const { rows, labels } = source.read(from, Math.min(from + BLOCK_ROWS, count));
      held.rows.set(rows, filled * inputs);
      held.labels.set(labels, filled);
      filled += labels.length;
    }
    const order = Uint32Array.from({ length: filled }, (_, row) => row);
    shuffle(order, random);
    for (let at = 0; at < filled; at += batchRows)
      yield chosen(held, order.subarray(at, at + batchRows), inputs);
  }
}

/** The numbers of the blocks that are in memory together, one such group after the other. */
export function* shuffledBlocks(count: number, random: Random): Generator<Uint32Array> {
  const blocks = Uint32Array.from({ length: Math.ceil(count / BLOCK_ROWS) }, (_, block) => block);
  shuffle(blocks, random);
  for (let first = 0; first < blocks.length; first += BLOCKS_IN_MEMORY)
    yield blocks.subarray(first, first + BLOCKS_IN_MEMORY);
}

/** How many batches an epoch has. */
export function batchesOf(count: number, batchRows: number): number {
  const held = BLOCKS_IN_MEMORY * BLOCK_ROWS;
  const rest = count % held;
  return Math.floor(count / held) * Math.ceil(held / batchRows) + Math.ceil(rest / batchRows);
}

function chosen({ rows, labels }: Stretch, order: Uint32Array, inputs: number): Stretch {
  const batch = {
    rows: new Float32Array(order.length * inputs),
    labels: new Uint8Array(order.length),
  };
  for (const [at, row] of order.entries()) {
    batch.rows.set(rows.subarray(row * inputs, (row + 1) * inputs), at * inputs);
    batch.labels[at] = labels[row]!;
  }
  return batch;
}
