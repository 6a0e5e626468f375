/**
 * Lesson 5: many alerts become one incident.
 *
 * One slow model makes six signals of two services unusual, and a person wants to be told once. The pipeline learns what is normal for a minute,
 * sees the trouble, waits until it lasts, joins what is near in time and connected by calls, and names the first suspect.
 *
 *   node examples/lessons/src/05-alerts-to-incidents.mjs
 *
 * Prints:
 *
 *   anomalies: 6
 *   incidents: 1
 *   at 66 s, opened: up to 80 % of departures get no model risk; first suspect model-server
 *   at 134 s, closed after 68 s
 */
import { createMemory, runPipeline, signals, topology } from 'aiops-demo';

/** What every signal is while nothing is wrong; the rest is 0. */
const NORMAL = {
  up: 1,
  'request-rate': 20,
  'departure-rate': 10,
  'latency-p95': 0.01,
  'resident-memory': 1.2e8,
};

/** @type {Record<string, number>} */
const TROUBLE = {
  'flights-api/degraded-ratio': 0.8,
  'flights-api/model-call-failure-ratio': 0.8,
  'flights-api/circuit-state': 1,
  'flights-api/latency-p95': 0.6,
  'model-server/latency-p95': 3,
  'model-server/error-ratio': 0.5,
};

const STEP_SECONDS = 2;
const START = Date.parse('2026-01-01T00:00:00Z');
const memory = createMemory(signals, { stepMs: STEP_SECONDS * 1_000, rateWindowMs: 15_000 }, START);

let anomalies = 0;
let incidents = 0;
/** @type {string[]} */
const told = [];
for (let second = 0; second < 180; second += STEP_SECONDS) {
  const at = START + second * 1_000;
  const isTrouble = second >= 60 && second < 120;
  const samples = signals.map(({ id }) => {
    const [, what = ''] = id.split('/');
    const normal = Object.entries(NORMAL).find(([name]) => name === what)?.[1] ?? 0;
    // A little restlessness, as real signals have.
    const value = normal * (1 + 0.01 * Math.sin(second * 7 + id.length));
    return { signalId: id, at, value: isTrouble ? (TROUBLE[id] ?? value) : value };
  });
  const { detected, correlated, reported } = runPipeline({ at, samples, logs: [] }, memory, topology);
  anomalies += detected.started.length;
  for (const { kind } of correlated.changes) {
    const [incident] = reported.incidents;
    if (incident === undefined) continue;
    incidents = reported.incidents.length;
    const lasted = ((incident.closedAt ?? at) - incident.openedAt) / 1_000;
    const suspect = incident.causes[0]?.service;
    told.push(
      kind === 'closed'
        ? `at ${second} s, closed after ${lasted} s`
        : `at ${second} s, ${kind}: ${incident.title}; first suspect ${suspect}`,
    );
  }
}
console.log(`anomalies: ${anomalies}`);
console.log(`incidents: ${incidents}`);
for (const line of told) console.log(line);
