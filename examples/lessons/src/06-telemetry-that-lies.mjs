/**
 * Lesson 6: telemetry that lies.
 *
 * A scrape that fails says `up` 0, and so does a dead service. A cache that answers for a service says that all is well, for ever. Before
 * anybody judges the services, judge the telemetry: what cannot be believed gets no value and a reason, and opens no incident.
 *
 *   node examples/lessons/src/06-telemetry-that-lies.mjs
 *
 * Prints:
 *
 *   replay/up 0, connection refused: believed
 *   replay/up 0, answered 503: not judged: missing-scrapes of replay: it answers, but gives no metrics: answered 503
 *   replay/up 1, the same text for 30 s: not judged: stale-target of replay: it answers the very same text since 12:00:00
 */
import { assess, createQualityMemory, signals } from 'aiops-demo';

const NOON = Date.parse('2026-01-01T12:00:00Z');
const AT = NOON + 30_000;
const target = { job: 'replay', url: 'http://127.0.0.1:8084' };
const healthy = { ...target, samples: 400, malformed: 0, exposedAt: null, resets: 0, refused: 0 };

/** @type {[what: string, value: number, target: import('aiops-demo').TargetReport][]} */
const cases = [
  ['connection refused', 0, { ...target, state: 'down', answered: false, because: 'refused the connection' }],
  ['answered 503', 0, { ...target, state: 'down', answered: true, because: 'answered 503' }],
  ['the same text for 30 s', 1, { ...healthy, state: 'up', sameSince: NOON }],
];

for (const [what, value, report] of cases) {
  const memory = createQualityMemory(signals, { stepMs: 2_000, rateWindowMs: 15_000 });
  const samples = [{ signalId: 'replay/up', at: AT, value }];
  const assessed = assess({ at: AT, samples, logs: [], targets: [report] }, new Map(), memory);
  const because = assessed.samples[0]?.because?.replace(/\d{4}-\d\d-\d\dT([\d:]+)\.\d+Z/, '$1') ?? 'believed';
  console.log(`replay/up ${value}, ${what}: ${because}`);
}
