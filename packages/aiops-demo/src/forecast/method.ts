/** A forecasting method: it looks at values and answers with a smoothing (smoothing.ts) that fits them. */
import type { States, Weights } from './smoothing.js';

export interface Fitted {
  readonly weights: Weights;
  /** The states before the first value. */
  readonly start: States;
}

export interface Method {
  readonly name: string;
  /** From so many values on its start is made: a back-test begins behind them. */
  readonly learnsFrom: number;
  fit(values: readonly number[]): Fitted;
}
