/**
 * Ranking: rows from the lowest risk to the highest.
 *
 * in:  risks [0.4, 0.1, 0.35]
 * out: rows [1, 2, 0]
 *
 * Rule: risks are not negative, so their bits read as an integer have their order. Bits and row together fit into one exact double, and
 * sorting numbers without a comparison function is ten times faster. Equal risks keep their order.
 */
const ROWS = 2 ** 22;

export function rankRows(risks: Float32Array): Uint32Array {
  if (risks.length > ROWS)
    throw new RangeError(`rankRows: expected at most ${ROWS} risks, got ${risks.length}`);
  const bits = new Uint32Array(risks.buffer, risks.byteOffset, risks.length);
  const keys = new Float64Array(risks.length);
  for (let row = 0; row < keys.length; row++) keys[row] = bits[row]! * ROWS + row;
  keys.sort();
  const ranked = new Uint32Array(risks.length);
  for (let at = 0; at < ranked.length; at++) ranked[at] = keys[at]! % ROWS;
  return ranked;
}
