/**
 * Lesson 9: what if nobody asks the canary?
 *
 * Two canaries without an answer: one gets no request at all, one gets eight in every window. Neither has done anything wrong, and
 * neither has shown that it is good. The analysis says so, says what is missing, and does not wait for ever: after the planned
 * looks it ends, and the traffic goes back to the primary.
 *
 *   node examples/lessons/src/09-nobody-asks-the-canary.mjs
 *
 * Prints:
 *
 *   0 requests a window: ends after 10 of 10 looks
 *     inconclusive: no answer after 10 windows: no request reached the canary: send it traffic, or look at its weight and route
 *
 *   8 requests a window: ends after 10 of 10 looks
 *     inconclusive: no answer after 10 windows: 0.0 % of 80 canary requests failed, 0.0 % of 4000 at the primary: at most 4.6 points more are possible, 2.0 points are tolerated;
 *       a pass takes 189 requests at least;
 *       slower than 50.0 ms: 0.0 % of 72 canary answers, 0.0 % of the primary's: at most 5.1 points more are possible, 2.0 points are tolerated;
 *       a pass takes 189 requests at least
 *
 *   8 requests, 8 failures
 *     fail: 100.0 % of 8 canary requests failed, 0.0 % of 400 at the primary: more than chance explains (p = 5.6e-17), and more than the tolerated 2.0 points
 */
import { DEFAULT_POLICY, analysisRun, analyze } from 'devops-demo';

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

const windowWith = (requests, failures) => ({
  primary: measured('0.1.0', 400),
  canary: measured('0.2.0', requests, failures),
  seconds: 30,
});

for (const requests of [0, 8]) {
  const windows = [];
  let run;
  do {
    windows.push(windowWith(requests));
    run = analysisRun(windows);
  } while (!run.finished);
  console.log(`${requests} requests a window: ends after ${windows.length} of ${DEFAULT_POLICY.looks} looks`);
  console.log(`  ${run.verdict.kind}: ${run.verdict.because.replaceAll('; ', ';\n    ')}\n`);
}

const { kind, because } = analyze(windowWith(8, 8));
console.log(`8 requests, 8 failures\n  ${kind}: ${because}`);
