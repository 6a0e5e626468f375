/**
 * Lesson 9: what if nobody asks the canary?
 *
 * Three canaries that do nothing wrong: one gets no request at all, one gets four in every window, one gets eight. Where requests are
 * few a look takes up to four windows, so eight are enough in the end. The others have not shown that they are good: the analysis says
 * so, says what is missing, and does not wait for ever. After the planned looks it ends, and the traffic goes back to the primary.
 *
 *   node examples/lessons/src/09-nobody-asks-the-canary.mjs
 *
 * Prints:
 *
 *   0 requests a window: ends after 10 windows
 *     inconclusive: no answer after 10 windows: no request reached the canary: send it traffic, or look at its weight and route
 *
 *   4 requests a window: ends after 40 windows
 *     inconclusive: no answer after 40 windows: 0.0 % of 160 canary requests failed, 0.0 % of 16000 at the primary: at most 2.3 points more are possible, 2.0 points are tolerated;
 *       a pass takes 189 requests at least;
 *       slower than 50.0 ms: 0.0 % of 156 canary answers, 0.0 % of the primary's: at most 2.4 points more are possible, 2.0 points are tolerated;
 *       a pass takes 189 requests at least
 *
 *   8 requests a window: ends after 32 windows
 *     pass: as good as the primary in all 9 checks
 *
 *   8 requests, 8 failures
 *     fail: 100.0 % of 8 canary requests failed, 0.0 % of 400 at the primary: more than chance explains (p = 5.6e-17), and more than the tolerated 2.0 points
 */
import { analysisRun, analyze } from 'devops-demo';

/** @param {string} version @param {number} requests */
function measured(version, requests, failures = 0) {
  return {
    version,
    requests,
    failures,
    latency: [
      { upToSeconds: 0.05, count: requests },
      { upToSeconds: Infinity, count: requests },
    ],
    saturation: { eventLoopLagSeconds: 0.004, residentBytes: 90e6, residentBytesPerSecond: 0 },
    newLogTemplates: [],
    restarts: 0,
  };
}

/** @param {number} requests @param {number} [failures] */
const windowWith = (requests, failures) => ({
  primary: measured('0.1.0', 400),
  canary: measured('0.2.0', requests, failures),
  seconds: 30,
});

for (const requests of [0, 4, 8]) {
  const windows = [];
  let run;
  do {
    windows.push(windowWith(requests));
    run = analysisRun(windows);
  } while (!run.finished);
  console.log(`${requests} requests a window: ends after ${windows.length} windows`);
  console.log(`  ${run.verdict.kind}: ${run.verdict.because.replaceAll('; ', ';\n    ')}\n`);
}

const { kind, because } = analyze(windowWith(8, 8));
console.log(`8 requests, 8 failures\n  ${kind}: ${because}`);
