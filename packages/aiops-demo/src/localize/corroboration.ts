/**
 * Corroboration: how much more suspect is a service that was changed, or that log lines accuse?
 *
 * in: a service, recent changes, new log lines → out: a factor on its blame, and the sentences that give the reason
 *
 * Rule: a change within 30 minutes before the first sign multiplies the odds by 0.7 / 0.3, a new WARN or ERROR line by 1.5;
 * each counts once. A line accuses the callee that it names, otherwise the service that wrote it.
 * When it misleads: a change that is always there (a deployment every few minutes) tells nothing, yet it counts. Neither adds
 * blame where no trouble was measured.
 * Source: "roughly 70 % of outages are due to changes in a live system", Site Reliability Engineering (Beyer et al. 2016),
 * chapter 1. The factor for log lines is a judgement, kept below that of a change: no data set here has both.
 *
 *   corroborate('model-server', { changes: [{ service: 'model-server', at: 0, what: 'version 2 deployed' }], … }, 60_000).factor // 2.33…
 */
import type { Novelty } from '../detect/novelty.js';
import type { CallGraph } from '../topology.js';
import type { Change } from './cause.js';

const CHANGE_ODDS = 0.7 / 0.3;
const LOG_LINE_ODDS = 1.5;
/** A rollout here takes minutes; half an hour also covers a slow leak after it. */
const CHANGE_RECENT_MS = 30 * 60_000;
const LONGEST_LINE = 200;

export interface Corroboration {
  readonly factor: number;
  readonly sentences: readonly string[];
}

/** What is known beside the measurements. */
export interface Context {
  readonly graph: CallGraph;
  readonly changes: readonly Change[];
  readonly novelties: readonly Novelty[];
}

export function corroborate(service: string, context: Context, firstSignAt: number): Corroboration {
  const changes = context.changes.filter(
    (change) =>
      change.service === service && change.at <= firstSignAt && firstSignAt - change.at <= CHANGE_RECENT_MS,
  );
  const lines = context.novelties.filter((line) => accusedBy(line, context.graph).includes(service));
  return {
    factor: (changes.length > 0 ? CHANGE_ODDS : 1) * (lines.length > 0 ? LOG_LINE_ODDS : 1),
    sentences: [
      ...changes.map(({ what, at }) => `changed ${secondsBefore(at, firstSignAt)}: ${what}`),
      ...lines.map(
        ({ service: by, severity, template }) =>
          `new ${severity} log line of ${by}: "${template.slice(0, LONGEST_LINE)}"`,
      ),
    ],
  };
}

function accusedBy({ service, template }: Novelty, graph: CallGraph): string[] {
  const named = graph
    .filter(({ from, to }) => from === service && mentions(template, to))
    .map(({ to }) => to);
  return named.length > 0 ? named : [service];
}

/** People write `model-server`, "model server" and `model_server`. */
function mentions(template: string, service: string): boolean {
  const plain = (text: string) => text.toLowerCase().replaceAll(/[\s_-]/g, '');
  return plain(template).includes(plain(service));
}

function secondsBefore(at: number, firstSignAt: number): string {
  const seconds = Math.round((firstSignAt - at) / 1_000);
  return seconds === 0 ? 'with the first sign' : `${seconds} s before the first sign`;
}
