/** Values with their straight line (least squares) taken out. `withoutLine([1, 3, 5])` is `[0, 0, 0]`. */
import { linearRegression } from 'simple-statistics';

export function withoutLine(values: readonly number[]): number[] {
  const { m, b } = linearRegression(values.map((value, step) => [step, value]));
  return values.map((value, step) => value - (b + m * step));
}
