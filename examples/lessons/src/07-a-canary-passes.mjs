/**
 * Lesson 7: when does a canary pass?
 *
 * A release as good as the primary answers 100 requests in every window. The same nothing-is-wrong is seen each time, yet the
 * analysis waits: few requests prove little. It passes when even the worst that the counts allow would be tolerated.
 *
 *   node examples/lessons/src/07-a-canary-passes.mjs
 *
 * Prints:
 *
 *   window 1: inconclusive
 *     success rate: 0.0 % of 100 canary requests failed, 0.2 % of 1500 at the primary: at most 27.6 points more are possible, 2.0 points are tolerated; a pass takes 189 requests at least
 *   window 2: inconclusive
 *     success rate: 0.0 % of 200 canary requests failed, 0.2 % of 3000 at the primary: at most 8.6 points more are possible, 2.0 points are tolerated; more requests will tell
 *   window 3: inconclusive
 *     success rate: 0.3 % of 300 canary requests failed, 0.2 % of 4500 at the primary: at most 4.5 points more are possible, 2.0 points are tolerated; more requests will tell
 *   window 4: inconclusive
 *     success rate: 0.3 % of 400 canary requests failed, 0.2 % of 6000 at the primary: at most 2.6 points more are possible, 2.0 points are tolerated; more requests will tell
 *   window 5: inconclusive
 *     success rate: 0.2 % of 500 canary requests failed, 0.2 % of 7500 at the primary: at most 1.7 points more are possible, 2.0 points are tolerated
 *   window 6: pass
 *     success rate: 0.2 % of 600 canary requests failed, 0.2 % of 9000 at the primary: at most 1.2 points more are possible, 2.0 points are tolerated
 *
 *   pass: as good as the primary in all 9 checks
 *     success-rate      pass  0.2 % of 600 canary requests failed, 0.2 % of 9000 at the primary: at most 1.2 points more are possible, 2.0 points are tolerated
 *     typical-latency   pass  half of 500 canary answers took at most 16.8 ms, of the primary's 16.8 ms; surely faster than a primary slowed by 25 % (slower in 42 of 100 pairs)
 *     tail-latency      pass  slower than 50.0 ms: 1.0 % of 500 canary answers, 1.0 % of the primary's: at most 1.9 points more are possible, 2.0 points are tolerated
 *     event-loop        pass  event loop lag 0.004 s, primary 0.004 s, tolerated 0.050 s
 *     memory            pass  90 MB, growing by 0.00 MB/s more than the primary
 *     new-log-templates pass  no new warning or error in 600 requests
 *     restarts          pass  the canary's process did not die
 *     liveness          pass  the canary answers its probe
 *     traffic-mix       pass  the canary was asked for every route that the primary often is
 */
import { analysisRun } from 'devops-demo';

/**
 * What a version did in half a minute: p50 15 ms, p99 50 ms, nothing unusual.
 * @param {string} version @param {number} requests @param {number} failures
 */
function measured(version, requests, failures) {
  const share = { 0.01: 0.25, 0.025: 0.8, 0.05: 0.99, 0.1: 1, Infinity: 1 };
  return {
    version,
    requests,
    failures,
    latency: Object.entries(share)
      .map(([bound, part]) => ({ upToSeconds: Number(bound), count: Math.round(requests * part) }))
      .sort((a, b) => a.upToSeconds - b.upToSeconds),
    saturation: { eventLoopLagSeconds: 0.004, residentBytes: 90e6, residentBytesPerSecond: 0 },
    newLogTemplates: [],
    restarts: 0,
  };
}

const windows = [];
let run;
do {
  // One request in 500 fails, at either version: the canary sees one in its third window.
  const canary = measured('0.2.0', 100, windows.length === 2 ? 1 : 0);
  windows.push({ primary: measured('0.1.0', 1_500, 3), canary, seconds: 30 });
  run = analysisRun(windows);
  const successRate = run.verdict.checks.find(({ check }) => check === 'success-rate');
  console.log(`window ${windows.length}: ${run.verdict.kind}\n  success rate: ${successRate?.because}`);
} while (!run.finished);

console.log(`\n${run.verdict.kind}: ${run.verdict.because}`);
for (const { check, kind, because } of run.verdict.checks)
  console.log(`  ${check.padEnd(18)}${kind}  ${because}`);
