/**
 * Stale targets: the numbers come, but they are old. A cache answers, or an exporter that has stopped measuring.
 *
 * in: Round → out: Observation[]
 *
 * Rule: a living process's metrics change with every scrape, its own processor time at least. A target that answers the very same text for 10 s
 * is stale, and so is one whose own timestamps are a minute old. Where somebody else scrapes (Prometheus), memory and event-loop lag that
 * are both the same to the last digit for 20 s say it. Nothing of a stale service is judged.
 * When it misleads: the first 10 s; an exporter that counts nothing of its own.
 * Source: staleness, https://prometheus.io/docs/prometheus/latest/querying/basics/#staleness.
 *
 *   // model-server answers the same text since 12 s → { kind: 'stale-target', source: 'model-server', masks: [all of it], … }
 */
import type { Signal } from '../signals.js';
import type { Observation, Round } from './finding.js';

/** By service: the gauges of its process, and since when they are what they are. */
export type StaleMemory = Map<string, { readonly values: string; readonly since: number }>;

const SAME_TEXT_MS = 10_000;
const SAME_GAUGES_MS = 20_000;
const OLD_TIMESTAMP_MS = 60_000;
/** They never stand still in a process that lives. */
const RESTLESS = ['resident-memory', 'event-loop-lag'];

export function findStaleTargets(
  round: Round,
  signals: readonly Signal[],
  memory: StaleMemory,
): Observation[] {
  const services = new Set(signals.map(({ service }) => service));
  return [...services].flatMap((service): Observation[] => {
    const because =
      sameText(service, round) ?? oldTimestamp(service, round) ?? sameGauges(service, round, memory);
    if (because === undefined) return [];
    const masks = signals.filter((signal) => signal.service === service).map(({ id }) => id);
    return [
      { kind: 'stale-target', source: service, because, notJudged: `everything ${service} measures`, masks },
    ];
  });
}

function sameText(service: string, { at, targets }: Round): string | undefined {
  const target = targets.find(({ job }) => job === service);
  if (target?.state !== 'up' || at - target.sameSince < SAME_TEXT_MS) return undefined;
  return `it answers the very same text since ${iso(target.sameSince)}`;
}

function oldTimestamp(service: string, { at, targets }: Round): string | undefined {
  const target = targets.find(({ job }) => job === service);
  if (target?.state !== 'up' || target.exposedAt === null || at - target.exposedAt < OLD_TIMESTAMP_MS)
    return undefined;
  return `its newest sample is of ${iso(target.exposedAt)}`;
}

function sameGauges(service: string, { at, samples }: Round, memory: StaleMemory): string | undefined {
  const numbers = RESTLESS.map((name) => samples.get(`${service}/${name}`)?.value ?? null);
  const before = memory.get(service);
  if (numbers.includes(null)) {
    memory.delete(service);
    return undefined;
  }
  const values = numbers.join(' ');
  const since = before?.values === values ? before.since : at;
  memory.set(service, { values, since });
  return at - since < SAME_GAUGES_MS
    ? undefined
    : `its memory and event-loop lag stand still since ${iso(since)}`;
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
