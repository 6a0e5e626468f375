/**
 * Shapley values: what each player adds to what all reach together, in the mean over all orders in which they could come.
 *
 * in:  the worth of each combination of players; bit i of a combination's number says whether player i is in
 * out: one number for each player; their sum is the worth of all less the worth of none
 *
 * Rule: φᵢ = Σ |S|! (n − |S| − 1)! / n! · (v(S ∪ i) − v(S)), over the combinations S without player i.
 *
 * When it misleads: with n players there are 2ⁿ combinations, so this is for a handful of them.
 *
 * Source: L. S. Shapley, A value for n-person games, Contributions to the Theory of Games 2 (1953).
 *
 *   shapleyValues([0, 1, 0, 3])   // [2, 1]: the first alone reaches 1, the second nothing, both together 3
 */
export function shapleyValues(worth: ArrayLike<number>): number[] {
  const players = Math.log2(worth.length);
  if (!Number.isInteger(players)) {
    throw new RangeError(`shapleyValues: expected 2ⁿ combinations, got ${worth.length}`);
  }
  const weights = Array.from({ length: players }, (_, size) => weightOf(size, players));
  return Array.from({ length: players }, (_, player) => {
    let value = 0;
    for (let others = 0; others < worth.length; others++) {
      if (((others >> player) & 1) === 1) continue;
      value += weights[sizeOf(others)]! * (worth[others | (1 << player)]! - worth[others]!);
    }
    return value;
  });
}

/** Share of all orders in which exactly these `size` players come before. */
function weightOf(size: number, players: number): number {
  return (factorial(size) * factorial(players - size - 1)) / factorial(players);
}

function factorial(n: number): number {
  return n <= 1 ? 1 : n * factorial(n - 1);
}

/** Players in a combination. */
function sizeOf(combination: number): number {
  let size = 0;
  for (let rest = combination; rest > 0; rest >>= 1) size += rest & 1;
  return size;
}
