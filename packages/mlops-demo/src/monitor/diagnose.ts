/**
 * Diagnose: one thing to say about a window, out of what was found in it.
 *
 * in:  why its data are broken (or undefined), what has moved, how right the model was → out: Diagnosis
 *
 * Rule, the first that holds: broken data; decay; drift without decay; drift, labels not in yet; labels not in yet; steady.
 */
import type { Diagnosis } from '../monitor.js';

export interface Findings {
  broken: string | undefined;
  /** A sentence for each thing that drifted. */
  moved: readonly string[];
  performance: { state: 'good' | 'decayed' | 'labels not in yet'; because: string };
}

export function diagnose({ broken, moved, performance }: Findings): Diagnosis {
  if (broken !== undefined) return { state: 'broken data', because: broken };
  if (performance.state === 'decayed')
    return { state: 'decay', because: [performance.because, ...moved].join('; ') };
  if (performance.state === 'good') {
    if (moved.length === 0) return { state: 'steady', because: performance.because };
    return { state: 'drift without decay', because: [...moved, performance.because].join('; ') };
  }
  if (moved.length === 0) return { state: 'labels not in yet', because: performance.because };
  return { state: 'drift, labels not in yet', because: [...moved, performance.because].join('; ') };
}
