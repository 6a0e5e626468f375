/**
 * Drift: have the predicted risks moved away from those of the test flights?
 *
 * in:  the histogram of the last predictions, and the one in the manifest
 * out: { psi: 0.026, verdict: 'stable', because: 'PSI 0.026 over the last 16,138 predictions (98 % of a day) is below 0.1' }
 *
 * Rule: a population stability index below 0.1 means no change, above 0.25 a significant one; between them the risks have moved, and nobody is
 * woken. It speaks of the risks alone, as they come: how the inputs of whole days compare is another question (monitor.ts).
 *
 * When it misleads: risks follow the clock and the weather. The first hour of a morning has a PSI of .18 against whole days, all
 * of 1 February 2001 .03. A punctual Saturday (3 February) has .44 while the AUC is .90: drift without decay.
 *
 * Source: limits of monitor/population-stability.ts; the numbers measured with the default model on replayed flights.
 */
import type { Drift } from './monitor-report.js';
import {
  populationStability,
  PSI_CHANGED_ABOVE,
  PSI_UNCHANGED_BELOW,
} from '../monitor/population-stability.js';

/** A day's flights (mean of the file: 16,575). */
export const DAY_FLIGHTS = 16_500;
/** Below, the PSI of an unchanged distribution is easily 0.03 by chance. */
const LEAST_PREDICTIONS = 500;

/** Judges the shares of the last predictions in each tenth of the risk scale. */
export function driftOf(predictions: number, live: readonly number[], reference: readonly number[]): Drift {
  if (predictions < LEAST_PREDICTIONS) {
    const because = `${predictions.toLocaleString('en-US')} predictions; a verdict needs ${LEAST_PREDICTIONS}`;
    return { psi: null, verdict: 'too few', because };
  }
  const psi = populationStability(reference, live);
  const part = Math.round((predictions / DAY_FLIGHTS) * 100);
  const over = `over the last ${predictions.toLocaleString('en-US')} predictions${part < 100 ? ` (${part} % of a day)` : ''}`;
  const said = `PSI ${psi.toFixed(3)} ${over}`;
  if (psi > PSI_CHANGED_ABOVE) {
    return {
      psi,
      verdict: 'shifted',
      because: `${said} is above ${PSI_CHANGED_ABOVE}: another mix of risks than in the test`,
    };
  }
  if (psi >= PSI_UNCHANGED_BELOW) {
    const because = `${said} is between ${PSI_UNCHANGED_BELOW} and ${PSI_CHANGED_ABOVE}: another mix of risks, not yet a large shift`;
    return { psi, verdict: 'moved', because };
  }
  return { psi, verdict: 'stable', because: `${said} is below ${PSI_UNCHANGED_BELOW}` };
}
