/**
 * Lesson 8: when does a canary fail?
 *
 * Three releases, each with one defect. The first fails one request in nine. The second is half again as slow, and below
 * every fixed limit that one would dare to set. The third complains of something that the primary never said.
 *
 *   node examples/lessons/src/08-a-canary-fails.mjs
 *
 * Prints:
 *
 *   one request in nine fails
 *     analysis:  fail: 11.0 % of 200 canary requests failed, 0.2 % of 3000 at the primary: more than chance explains (p = 2.8e-22), and more than the tolerated 2.0 points
 *     threshold: fail
 *
 *   half again as slow
 *     analysis:  fail: half of 200 canary answers took at most 22.6 ms, of the primary's 16.8 ms;
 *                surely slower than a primary slowed by 25 % (slower in 57 of 100 pairs)
 *     threshold: pass
 *
 *   a new complaint
 *     analysis:  fail: "cannot read risk of <*>" (ERROR) 6 times, never said by the primary: not by chance (p = 6.0e-8)
 *     threshold: pass
 */
import { analyze, staticThreshold } from 'devops-demo';

/** Share of answers within 10, 25, 50 and 100 ms: around 15 ms usually, around 22 ms when half again as slow. */
const USUAL = [0.25, 0.8, 0.98, 1];
const SLOWER = [0.09, 0.58, 0.91, 0.99];

function measured(version, requests, change = {}) {
  const { shares = USUAL, ...rest } = change;
  const bounds = [0.01, 0.025, 0.05, 0.1, Infinity];
  return {
    version,
    requests,
    failures: 0,
    latency: bounds.map((upToSeconds, at) => ({
      upToSeconds,
      count: Math.round(requests * (shares[at] ?? 1)),
    })),
    saturation: { eventLoopLagSeconds: 0.004, residentBytes: 90e6, residentBytesPerSecond: 0 },
    newLogTemplates: [],
    restarts: 0,
    ...rest,
  };
}

const defects = {
  'one request in nine fails': { failures: 22 },
  'half again as slow': { shares: SLOWER },
  'a new complaint': {
    newLogTemplates: [{ template: 'cannot read risk of <*>', severity: 'ERROR', count: 6 }],
  },
};

for (const [name, defect] of Object.entries(defects)) {
  const primary = measured('0.1.0', 3_000, { failures: 6 });
  const window = { primary, canary: measured('0.2.0', 200, defect), seconds: 60 };
  const { kind, because } = analyze(window);
  console.log(`${name}\n  analysis:  ${kind}: ${because.replaceAll('; ', ';\n             ')}`);
  // The threshold wants five windows; here it gets the same one five times.
  console.log(`  threshold: ${staticThreshold(Array.from({ length: 5 }, () => window))}\n`);
}
