/**
 * Novelty: a log template that was never seen at this severity is worth a look.
 *
 * in: ParsedLog[] → out: Novelty[]
 *
 * Rule: new at WARN or worse, from a service whose logs have been read for 20 s or more. Supporting evidence only: it
 * explains incidents and never opens one.
 * When it misleads: every deployment brings new lines; a rare known trouble is new each time it was forgotten.
 * Source: "never seen before" as the simplest log anomaly, as in Drain3's and LogPAI's examples of template use, 2017-2020.
 *
 *   // after warm-up: ERROR 'connection to model-server refused', first time →
 *   // [{ service: 'flights-api', severity: 'ERROR', template: 'connection to model-server refused', … }]
 */
import { isAtLeast } from '../log-record.js';
import type { Severity } from '../log-record.js';
import type { ParsedLog } from '../parse/parse.js';

const WARM_UP_MS = 20_000;
/** Whoever invents service names cannot fill the memory with them. */
const MOST_SERVICES = 200;

export interface Novelty {
  readonly at: number;
  readonly service: string;
  readonly severity: Severity;
  readonly templateId: string;
  readonly template: string;
}

/** When each service's first line came. */
export type NoveltyMemory = Map<string, number>;

export function findNovelties(logs: readonly ParsedLog[], now: number, memory: NoveltyMemory): Novelty[] {
  const novelties: Novelty[] = [];
  for (const { record, templateId, template, isNewSeverity } of logs) {
    const { service, severity } = record;
    const firstAt = memory.get(service);
    if (firstAt === undefined && memory.size < MOST_SERVICES) memory.set(service, now);
    const isWarm = firstAt !== undefined && now - firstAt >= WARM_UP_MS;
    if (!isWarm || !isNewSeverity || !isAtLeast(severity, 'WARN')) continue;
    novelties.push({ at: now, service, severity, templateId, template });
  }
  return novelties;
}
