/**
 * Cardinality: series or log templates that grow without bound. A label or a line carries something unique, an id or an address.
 *
 * in: Round, the templates known so far → out: Observation[]
 *
 * Rule: series: a target shows 500 more than a minute ago and grew in most rounds since, or new ones had to be refused; sums over
 * refused series are too low, so rates of that service are not judged. Templates: a service brought 100 new ones in a
 * minute, and one line in five is new; then only few of its lines are clustered, or it would push out everybody else's templates.
 * When it misleads: a first deployment with a hundred honest templates in its first minute.
 * Source: https://prometheus.io/docs/practices/naming/#labels: every unique set of labels is a new series.
 *
 *   // flights-api showed 900 samples a minute ago and 2,400 now → { kind: 'cardinality', source: 'flights-api', … }
 */
import type { LogRecord } from '../log-record.js';
import type { LogTemplate } from '../parse/parse.js';
import type { Signal } from '../signals.js';
import type { Observation, Round } from './finding.js';

export interface CardinalityMemory {
  /** By target: samples it showed in the last rounds. */
  readonly series: Map<string, number[]>;
  /** Ids of templates at the round before. */
  known: ReadonlySet<string>;
  /** By service: for the last rounds, lines that were clustered and templates that were new. */
  readonly growth: Map<string, { lines: number; templates: number }[]>;
}

const MUCH_GROWTH = 500;
/** A service that has just started shows its series in a few leaps. */
const ROUNDS_NEEDED = 10;
const GROWING_SHARE = 0.6;
/** A minute. */
const ROUNDS = 30;
const MANY_TEMPLATES = 100;
const NEW_SHARE = 0.2;
const LINES_KEPT = 20;
const MOST_SERVICES = 200;

export function createCardinalityMemory(): CardinalityMemory {
  return { series: new Map(), known: new Set(), growth: new Map() };
}

export function findSeriesExplosions(
  { targets }: Round,
  signals: readonly Signal[],
  memory: CardinalityMemory,
): Observation[] {
  return targets.flatMap((target): Observation[] => {
    if (target.state !== 'up') return [];
    const { job, samples, refused } = target;
    const counts = [...(memory.series.get(job) ?? []), samples].slice(-ROUNDS);
    memory.series.set(job, counts);
    const grown = samples - (counts[0] ?? samples);
    const risen = counts.filter((count, index) => index > 0 && count > (counts[index - 1] ?? 0)).length;
    const isGrowing = counts.length >= ROUNDS_NEEDED && risen >= GROWING_SHARE * (counts.length - 1);
    const isExploding = isGrowing && grown >= MUCH_GROWTH;
    if (refused === 0 && !isExploding) return [];
    const windowed = signals.filter(({ service, query }) => service === job && query.kind !== 'gauge');
    return [
      {
        kind: 'cardinality',
        source: job,
        because:
          refused > 0
            ? `${refused} new series in one scrape were too many to keep`
            : `it shows ${samples} series, ${grown} more than a minute ago`,
        notJudged: refused > 0 ? `rates of ${job}: series are missing from their sums` : 'nothing yet',
        masks: refused > 0 ? windowed.map(({ id }) => id) : [],
      },
    ];
  });
}

export function thinUniqueLines(
  logs: readonly LogRecord[],
  templates: ReadonlyMap<string, LogTemplate>,
  memory: CardinalityMemory,
): { logs: readonly LogRecord[]; observations: Observation[] } {
  countNew(templates, memory);
  const exploding = [...memory.growth].flatMap(([service, rounds]) => {
    const lines = rounds.reduce((sum, round) => sum + round.lines, 0);
    const fresh = rounds.reduce((sum, round) => sum + round.templates, 0);
    return fresh >= MANY_TEMPLATES && fresh >= NEW_SHARE * lines ? [{ service, fresh }] : [];
  });
  const kept = new Map<string, number>();
  const thinned = logs.filter(({ service }) => {
    const count = (kept.get(service) ?? 0) + 1;
    kept.set(service, count);
    return count <= LINES_KEPT || exploding.every((one) => one.service !== service);
  });
  countLines(thinned, memory);
  return { logs: thinned, observations: exploding.map(observe) };
}

function countNew(templates: ReadonlyMap<string, LogTemplate>, memory: CardinalityMemory): void {
  for (const { id, services } of templates.values()) {
    const rounds = memory.growth.get(services[0] ?? '');
    const last = rounds?.at(-1);
    if (!memory.known.has(id) && last !== undefined) last.templates += 1;
  }
  memory.known = new Set(templates.keys());
}

function countLines(logs: readonly LogRecord[], { growth }: CardinalityMemory): void {
  const lines = new Map<string, number>();
  for (const { service } of logs) lines.set(service, (lines.get(service) ?? 0) + 1);
  for (const service of new Set([...growth.keys(), ...lines.keys()])) {
    const before = growth.get(service);
    if (before === undefined && growth.size >= MOST_SERVICES) continue;
    growth.set(service, [...(before ?? []), { lines: lines.get(service) ?? 0, templates: 0 }].slice(-ROUNDS));
  }
}

function observe({ service, fresh }: { service: string; fresh: number }): Observation {
  return {
    kind: 'cardinality',
    source: service,
    because: `its lines brought ${fresh} new templates in a minute: they carry something unique`,
    notJudged: `most log lines of ${service}: only ${LINES_KEPT} a round are clustered`,
    masks: [],
  };
}
