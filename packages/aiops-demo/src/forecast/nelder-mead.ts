/**
 * Nelder-Mead: finds the lowest point of a function by moving a simplex downhill, without derivatives.
 *
 * in: a function of some numbers, where to start, how far the first steps go → out: the best point found
 *
 * Rule: of n + 1 points the worst is reflected through the middle of the others; further if that is the best so far,
 * nearer if it is still the worst; and if nothing helps, all shrink toward the best.
 * When it misleads: it stops in the nearest valley, and with more than about ten dimensions it stops anywhere.
 * Source: Nelder and Mead, The Computer Journal 7 (1965); the usual factors 1, 2, ½, ½.
 *
 *   nelderMead(([x = 0, y = 0]) => (x - 1) ** 2 + (y + 2) ** 2, [0, 0], [1, 1]) // about [1, -2]
 */
interface Corner {
  readonly at: readonly number[];
  readonly cost: number;
}

/** Enough for five dimensions: more did not lower the cost by a thousandth. */
const MOST_ROUNDS = 200;
/** Costs of all corners this near to each other, relatively: the valley is found. */
const CLOSE_ENOUGH = 1e-7;

export function nelderMead(
  cost: (point: readonly number[]) => number,
  start: readonly number[],
  steps: readonly number[],
): readonly number[] {
  const corner = (at: readonly number[]): Corner => ({ at, cost: cost(at) });
  let simplex = [
    corner(start),
    ...steps.map((step, axis) => corner(start.with(axis, (start[axis] ?? 0) + step))),
  ];
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    simplex.sort((a, b) => a.cost - b.cost);
    const [best, worst] = [simplex[0], simplex.at(-1)];
    if (best === undefined || worst === undefined || isFlat(best, worst)) break;
    simplex = improved(simplex, best, worst, corner);
  }
  return simplex.reduce((best, one) => (one.cost < best.cost ? one : best)).at;
}

function isFlat(best: Corner, worst: Corner): boolean {
  return worst.cost - best.cost <= CLOSE_ENOUGH * Math.abs(best.cost);
}

function improved(
  sorted: readonly Corner[],
  best: Corner,
  worst: Corner,
  corner: (at: readonly number[]) => Corner,
): Corner[] {
  const others = sorted.slice(0, -1);
  const middle = worst.at.map(
    (_, axis) => others.reduce((sum, { at }) => sum + (at[axis] ?? 0), 0) / others.length,
  );
  /** 1 is the mirror image of the worst corner, 2 twice as far, −½ halfway back. */
  const along = (factor: number) =>
    corner(middle.map((value, axis) => value + factor * (value - (worst.at[axis] ?? 0))));

  const mirrored = along(1);
  if (mirrored.cost < best.cost) {
    const further = along(2);
    return [...others, further.cost < mirrored.cost ? further : mirrored];
  }
  if (mirrored.cost < (others.at(-1)?.cost ?? Infinity)) return [...others, mirrored];
  const nearer = along(mirrored.cost < worst.cost ? 0.5 : -0.5);
  if (nearer.cost < Math.min(worst.cost, mirrored.cost)) return [...others, nearer];
  return [
    best,
    ...sorted.slice(1).map(({ at }) => corner(at.map((value, axis) => (value + (best.at[axis] ?? 0)) / 2))),
  ];
}
