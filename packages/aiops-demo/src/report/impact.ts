/**
 * Impact: what an incident means to the people who use the board, in one line.
 *
 * in: an incident → out: its title
 *
 * Rule: the first of the list below that the incident touches, with its worst value. What a traveller notices comes first,
 * what only an engineer notices last. A closed incident is told as past. An incident of alerts alone is called by its first sign.
 * When it misleads: the worst value of a 15 s window is neither the share over the whole incident nor that of now; hence "up to" and "at worst".
 *
 *   titleOf({ state: 'closed', signals: [{ signalId: 'flights-api/degraded-ratio', worst: 0.23, … }], … })
 *   // 'up to 23 % of departures got no model risk'
 */
import type { Incident } from '../correlate/incident.js';
import { inUnit } from '../in-unit.js';

/** Chooses the verb: as it is while the incident is open, as it was afterwards. */
type Tense = (now: string, then: string) => string;
type Impact = readonly [signalId: string, inWords: (worst: number, tense: Tense) => string];

/** By signal, most serious first. */
const IMPACTS: readonly Impact[] = [
  ['flights-api/up', (_worst, is) => `the departures board ${is('does', 'did')} not answer`],
  [
    'flights-api/error-ratio',
    (worst, is) => `up to ${inUnit(worst, 'ratio')} of requests to the board ${is('fail', 'failed')}`,
  ],
  [
    'replay/failure-rate',
    (worst, is) => `up to ${inUnit(worst, 'flights/s')} ${is('do', 'did')} not reach the board`,
  ],
  [
    'flights-api/degraded-ratio',
    (worst, is) => `up to ${inUnit(worst, 'ratio')} of departures ${is('get', 'got')} no model risk`,
  ],
  [
    'flights-api/circuit-state',
    (_worst, is) =>
      `departures ${is('get', 'got')} no model risk: the board ${is('cannot', 'could not')} reach the model`,
  ],
  [
    'flights-api/model-call-failure-ratio',
    (worst, is) =>
      `up to ${inUnit(worst, 'ratio')} of the board's calls to the model ${is('fail', 'failed')}`,
  ],
  [
    'flights-api/latency-p95',
    (worst, is) => `one board update in twenty ${is('takes', 'took')} ${inUnit(worst, 's')} or more at worst`,
  ],
  ['model-server/up', (_worst, is) => `the risk model ${is('does', 'did')} not answer`],
  [
    'model-server/error-ratio',
    (worst, is) => `up to ${inUnit(worst, 'ratio')} of predictions ${is('fail', 'failed')}`,
  ],
  [
    'model-server/latency-p95',
    (worst, is) => `one prediction in twenty ${is('takes', 'took')} ${inUnit(worst, 's')} or more at worst`,
  ],
  [
    'replay/up',
    (_worst, is) =>
      `no new departures ${is('arrive', 'arrived')}: the replay ${is('does', 'did')} not answer`,
  ],
];

export function titleOf({
  state,
  signals,
  timeline,
}: Pick<Incident, 'state' | 'signals' | 'timeline'>): string {
  const tense: Tense = (now, then) => (state === 'open' ? now : then);
  for (const [signalId, inWords] of IMPACTS) {
    const signal = signals.find((candidate) => candidate.signalId === signalId);
    if (signal !== undefined) return inWords(signal.worst, tense);
  }
  const first = signals.find(({ kind }) => kind === 'symptom') ?? signals[0];
  if (first === undefined) return timeline[0]?.what ?? 'unusual';
  return `${first.service}: ${first.title}, ${first.because}`;
}
