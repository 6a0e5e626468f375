/**
 * Missing scrapes: nobody looked, or nobody could; that is not the same as a service that is down.
 *
 * in: Round → out: Observation[]
 *
 * Rule: a failed scrape says `up` 0. It is the telemetry's fault, and `up` is not judged, when the service spoke HTTP all the same; when aiops'
 * own target, which is this very process, failed in the same round; or when the service's log lines of three of the
 * last five rounds are younger than the first failure. A pause between two rounds is a finding too: nobody looked.
 * When it misleads: a service that dies and starts again every few seconds logs too. Its callers' signals still tell.
 * Source: Prometheus, `up` and "absent is not zero", https://prometheus.io/docs/concepts/jobs_instances/.
 *
 *   // flights-api/up 0, answered 503 to the scrape → { kind: 'missing-scrapes', source: 'flights-api', masks: ['flights-api/up'], … }
 */
import type { Observation, Round } from './finding.js';

export interface ScrapeMemory {
  lastAt: number | null;
  /** By service: when its scrapes began to fail. */
  readonly failingSince: Map<string, number>;
  /** By service: for the last rounds, did log lines come that are younger than the first failure? */
  readonly logged: Map<string, boolean[]>;
}

/** One round may be late; two are missing. */
const LATEST_ROUNDS = 2.5;
const ROUNDS_LOOKED_AT = 5;
const ROUNDS_WITH_LOGS = 3;
/** The service whose scrape cannot fail for want of a process: it is the one that scrapes. */
const ITSELF = 'aiops';

export function createScrapeMemory(): ScrapeMemory {
  return { lastAt: null, failingSince: new Map(), logged: new Map() };
}

export function findMissingScrapes(round: Round, stepMs: number, memory: ScrapeMemory): Observation[] {
  const failing = [...round.samples.values()]
    .filter(({ signalId, value }) => signalId.endsWith('/up') && value === 0)
    .map(({ signalId }) => signalId.slice(0, -'/up'.length));
  follow(failing, round, memory);
  const unseen = failing.flatMap((service): Observation[] => {
    const because = whyAlive(service, failing, round, memory);
    if (because === undefined) return [];
    const notJudged = `whether ${service} is up, and what it measures of itself`;
    return [{ kind: 'missing-scrapes', source: service, because, notJudged, masks: [`${service}/up`] }];
  });
  return [...pause(round.at, stepMs, memory), ...unseen];
}

function follow(failing: readonly string[], { at, logs }: Round, memory: ScrapeMemory): void {
  for (const service of memory.failingSince.keys()) {
    if (failing.includes(service)) continue;
    memory.failingSince.delete(service);
    memory.logged.delete(service);
  }
  for (const service of failing) {
    const since = memory.failingSince.get(service) ?? at;
    memory.failingSince.set(service, since);
    const hasLogged = logs.some((record) => record.service === service && record.at > since);
    memory.logged.set(service, [...(memory.logged.get(service) ?? []), hasLogged].slice(-ROUNDS_LOOKED_AT));
  }
}

function whyAlive(
  service: string,
  failing: readonly string[],
  { targets }: Round,
  memory: ScrapeMemory,
): string | undefined {
  const answering = targets.find(
    (target) => target.job === service && target.state === 'down' && target.answered,
  );
  if (answering?.state === 'down') return `it answers, but gives no metrics: ${answering.because}`;
  if (failing.includes(ITSELF)) return 'the collector cannot even reach itself';
  const rounds = (memory.logged.get(service) ?? []).filter(Boolean).length;
  return rounds >= ROUNDS_WITH_LOGS ? 'its scrapes fail, but it goes on writing log lines' : undefined;
}

function pause(at: number, stepMs: number, memory: ScrapeMemory): Observation[] {
  const pausedMs = at - (memory.lastAt ?? at);
  memory.lastAt = at;
  if (pausedMs <= LATEST_ROUNDS * stepMs) return [];
  const seconds = Math.round(pausedMs / 1_000);
  const because = `nobody looked for ${seconds} s`;
  return [
    {
      kind: 'missing-scrapes',
      source: 'collector',
      because,
      notJudged: 'all services in that time',
      masks: [],
    },
  ];
}
