/**
 * Fault scenarios: what is broken on purpose, where, when, for how long, and what should be seen. Data only.
 *
 * Rule: times count from the moment flights flow. Each scenario breaks one thing and mends it.
 *
 * JavaScript for the same reason as options.mjs.
 *
 * @import { PartName } from './system.js'
 *
 * @typedef {object} FaultOrder What the part is asked through POST /v1/faults.
 * @property {'slow' | 'errors' | 'hang'} name
 * @property {number} seconds
 * @property {number} [latencyMs]
 * @property {number} [ratio]
 *
 * @typedef {{ readonly kind: 'order', readonly order: Readonly<FaultOrder> } | { readonly kind: 'kill' }} FaultAction
 *   `kill` is SIGKILL, and a fresh start at the end.
 *
 * @typedef {object} Scenario
 * @property {string} what In words, for the event log and --help.
 * @property {PartName} where
 * @property {number} startsAtSeconds
 * @property {number} lastsSeconds
 * @property {FaultAction} action
 * @property {string} expect
 */

/** Late enough that the detectors have learned what is normal. */
const STARTS_AT_SECONDS = 40;

/** @type {Readonly<Record<string, Readonly<Scenario>>>} */
export const SCENARIOS = {
  'slow-model': {
    what: 'the model server takes 3 s for an answer, for 30 s',
    where: 'model-server',
    startsAtSeconds: STARTS_AT_SECONDS,
    lastsSeconds: 30,
    action: { kind: 'order', order: { name: 'slow', seconds: 30, latencyMs: 3_000 } },
    expect: 'the board answers with its base rate, marked as degraded; one incident names model-server first',
  },
  'model-down': {
    what: 'the model server is killed and started again after 20 s',
    where: 'model-server',
    startsAtSeconds: STARTS_AT_SECONDS,
    lastsSeconds: 20,
    action: { kind: 'kill' },
    expect: 'the board answers with its base rate until the model server is back',
  },
  'model-errors': {
    what: 'half of the model server’s answers are errors, for 30 s',
    where: 'model-server',
    startsAtSeconds: STARTS_AT_SECONDS,
    lastsSeconds: 30,
    action: { kind: 'order', order: { name: 'errors', seconds: 30, ratio: 0.5 } },
    expect: 'the board tries again, and answers with its base rate where that fails too',
  },
};

/** After a fault: its end is told, and what was killed is started again. */
const MENDED_WITHIN_SECONDS = 10;

/**
 * Seconds after flights flow. `leastRun` is the shortest run that sees all of it; the incident closes later, about 35 s after the fault.
 *
 * @param {Scenario} scenario
 */
export function timesOf({ startsAtSeconds, lastsSeconds }) {
  const endsAt = startsAtSeconds + lastsSeconds;
  return { startsAt: startsAtSeconds, endsAt, leastRun: endsAt + MENDED_WITHIN_SECONDS };
}

export function scenarioNames() {
  return Object.keys(SCENARIOS);
}
