/**
 * Impact: what an incident means to the people who use the board, in one line.
 *
 * in: an incident's signals and timeline → out: its title
 *
 * Rule: the first of the list below that the incident touches, with its worst value. What a traveller notices comes first,
 * what only an engineer notices last. An incident of alerts alone is called by its first sign.
 * When it misleads: the worst value of a 15 s window is not the share over the whole incident.
 *
 *   titleOf([{ signalId: 'flights-api/degraded-ratio', worst: 0.23, … }]) // '23 % of departures get no model risk'
 */
import type { IncidentSignal, TimelineEntry } from '../correlate/incident.js';
import { inUnit } from '../in-unit.js';

/** By signal, most serious first. */
const IMPACTS: readonly (readonly [signalId: string, inWords: (worst: number) => string])[] = [
  ['flights-api/up', () => 'the departures board does not answer'],
  ['flights-api/error-ratio', (worst) => `${inUnit(worst, 'ratio')} of requests to the board fail`],
  ['replay/failure-rate', (worst) => `${inUnit(worst, 'flights/s')} do not reach the board`],
  ['flights-api/degraded-ratio', (worst) => `${inUnit(worst, 'ratio')} of departures get no model risk`],
  ['flights-api/circuit-state', () => 'departures get no model risk: the board cannot reach the model'],
  [
    'flights-api/model-call-failure-ratio',
    (worst) => `${inUnit(worst, 'ratio')} of the board's calls to the model fail`,
  ],
  ['flights-api/latency-p95', (worst) => `one board update in twenty takes ${inUnit(worst, 's')} or more`],
  ['model-server/up', () => 'the risk model does not answer'],
  ['model-server/error-ratio', (worst) => `${inUnit(worst, 'ratio')} of predictions fail`],
  ['model-server/latency-p95', (worst) => `one prediction in twenty takes ${inUnit(worst, 's')} or more`],
  ['replay/up', () => 'no new departures arrive: the replay does not answer'],
];

export function titleOf(signals: readonly IncidentSignal[], timeline: readonly TimelineEntry[] = []): string {
  for (const [signalId, inWords] of IMPACTS) {
    const signal = signals.find((candidate) => candidate.signalId === signalId);
    if (signal !== undefined) return inWords(signal.worst);
  }
  const first = signals.find(({ kind }) => kind === 'symptom') ?? signals[0];
  if (first === undefined) return timeline[0]?.what ?? 'unusual';
  return `${first.service}: ${first.title}, ${first.because}`;
}
