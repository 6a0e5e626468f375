/**
 * Compare slices: is the challenger worse than the champion for a part of the flights, whatever it gains on the whole?
 *
 * in:  flights, labels, the risks of both models
 * out: each slice with both log losses, and whether the challenger is unfair to it; what it loses most by first
 *
 * Rule: unfair means both of: log loss higher by more than .02 · not by chance: the mean difference of six-hour blocks, against its own spread
 * (Student's t, one-sided), after Benjamini–Hochberg over all slices, below 5 %. A slice is judged from 500 flights and 50 late ones
 * (slices.ts) and six blocks on.
 *
 * Why blocks: flights of a few hours share the weather, and a model that is wrong about it is wrong for all of them. Whole days would be
 * safer still, but a week has only seven, too few to tell anything from chance among eighty slices.
 *
 * When it misleads: blocks of one day share weather, too, so chance is a little larger than it says. Most ruined airports of a week still
 * pass: what is named is ruined, what is not named need not be fair. Slices overlap: one airport's flights are in its hours, too.
 *
 * Source: clustered standard errors of a mean, A. C. Cameron & D. L. Miller, "A practitioner's guide to cluster-robust inference" (2015).
 *
 * Example: a model whose risks are turned round (1 − risk) for SDF only → unfair to airport SDF with log loss 2.730, the champion's 0.253.
 */
import type { FlightColumns } from '../data/columns.js';
import { benjaminiHochberg } from '../monitor/benjamini-hochberg.js';
import { dayBlocks, sumByDay } from './day-bootstrap.js';
import type { PairedRisks } from './compare-with-champion.js';
import { surprise } from './log-loss.js';
import { slicesOf } from './slices.js';
import type { SlicedBy } from './slices.js';
import { studentTail } from './student-t.js';

/** One part of the flights, for both models. */
export interface SliceComparison {
  by: SlicedBy;
  name: string;
  rows: number;
  /** Mean log losses. */
  champion: number;
  challenger: number;
  /** That chance alone makes the challenger look as bad, with all slices taken into account. */
  p: number;
  unfair: boolean;
}

/** Of mean log loss. */
export const TOLERATED_LOSS = 0.02;
const MOST_P = 0.05;
const BLOCK_MINUTES = 360;
const LEAST_BLOCKS = 6;

export function compareSlices(
  flights: FlightColumns,
  positions: Uint32Array,
  { labels, challenger, champion }: PairedRisks,
): SliceComparison[] {
  const lossOf = (risks: Float32Array, rows: Uint32Array): number =>
    rows.reduce((sum, row) => sum + surprise(risks[row]!, labels[row]!), 0) / rows.length;
  const worseBy = (row: number): number =>
    surprise(challenger[row]!, labels[row]!) - surprise(champion[row]!, labels[row]!);
  const slices = slicesOf(flights, positions, labels);
  const chances = slices.map(({ rows }) =>
    chanceOf(
      Array.from(rows, (row) => Math.floor(flights.localMinutes[positions[row]!]! / BLOCK_MINUTES)),
      Array.from(rows, worseBy),
    ),
  );
  const adjusted = benjaminiHochberg(chances);
  return slices
    .map(({ by, name, rows }, index): SliceComparison => {
      const losses = { champion: lossOf(champion, rows), challenger: lossOf(challenger, rows) };
      const p = adjusted[index]!;
      const unfair = p < MOST_P && losses.challenger - losses.champion > TOLERATED_LOSS;
      return { by, name, rows: rows.length, ...losses, p, unfair };
    })
    .sort((a, b) => lossOfChange(b) - lossOfChange(a));
}

export function sliceSentence({ by, name, rows, champion, challenger }: SliceComparison): string {
  return `${by} ${name} with log loss ${challenger.toFixed(3)}, the champion's ${champion.toFixed(3)} (${rows.toLocaleString('en-US')} flights)`;
}

function lossOfChange({ challenger, champion }: SliceComparison): number {
  return challenger - champion;
}

/** That the mean of these differences is above zero by chance: the blocks are the sample, not the flights. */
function chanceOf(blockOf: readonly number[], differences: readonly number[]): number {
  const blocks = dayBlocks(blockOf);
  if (blocks.count < LEAST_BLOCKS) return 1;
  const mean = differences.reduce((sum, difference) => sum + difference, 0) / differences.length;
  if (!(mean > 0)) return 1;
  const apart = sumByDay(blocks, (row) => differences[row]! - mean);
  const squares = apart.reduce((sum, block) => sum + block ** 2, 0);
  const standardError = Math.sqrt((squares * blocks.count) / (blocks.count - 1)) / differences.length;
  return studentTail(mean / standardError, blocks.count - 1);
}
