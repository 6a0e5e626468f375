/**
 * Sorted: the values of a sample in order. A reference is compared with every window, so its order is remembered as long as it lives.
 *
 * in:  [3, 1, 2] → out: [1, 2, 3]; asked again about the same array, the same answer
 *
 * When it misleads: an array that is changed afterwards keeps its old order. Samples here are never changed.
 */
const known = new WeakMap<Float64Array, Float64Array>();

export function sorted(values: Float64Array): Float64Array {
  let inOrder = known.get(values);
  if (inOrder === undefined) known.set(values, (inOrder = values.toSorted()));
  return inOrder;
}
