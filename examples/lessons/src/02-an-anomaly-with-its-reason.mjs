/**
 * Lesson 2: an anomaly that says why.
 *
 * What is unusual depends on what is usual. The median says what to expect, the median absolute deviation how much is normal noise,
 * and the distance in such spreads how unusual a value is. One wild value in the window moves neither, while it ruins the
 * mean and the standard deviation: measured with those, the fault at the end hides behind the old spike.
 *
 *   node examples/lessons/src/02-an-anomaly-with-its-reason.mjs
 *
 * Prints:
 *
 *   a normal answer: expected 12 ms, seen 13 ms, 0.7 times the usual spread
 *   a slow answer: expected 12 ms, seen 60 ms, 32.4 times the usual spread
 *   the same slow answer by mean and standard deviation: 0.1 times
 */
import { robustZ } from 'aiops-demo';

/** Milliseconds of the last answers; one of them met a garbage collection. */
const latencies = [11, 12, 14, 12, 400, 13, 11, 12, 13, 12, 10];

for (const [what, seen] of /** @type {const} */ ([
  ['a normal answer', 13],
  ['a slow answer', 60],
])) {
  const { expected, z } = robustZ(latencies, seen);
  console.log(`${what}: expected ${expected} ms, seen ${seen} ms, ${z.toFixed(1)} times the usual spread`);
}

const mean = latencies.reduce((sum, value) => sum + value, 0) / latencies.length;
const variance = latencies.reduce((sum, value) => sum + (value - mean) ** 2, 0) / latencies.length;
const plain = Math.abs(60 - mean) / Math.sqrt(variance);
console.log(`the same slow answer by mean and standard deviation: ${plain.toFixed(1)} times`);
