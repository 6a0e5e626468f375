/**
 * Parse: log records become templates with counts.
 *
 * in: LogRecord[] → out: ParsedLog[], one for each record, in order
 *
 * Rule: the miner (template-miner.ts) clusters the text; this stage keeps for each template who says it, how severely,
 * since when. A template is "new at" a severity when no line of it was seen at that severity or above before. When templates
 * turn out to be one, the oldest takes over what is known of the others; each of those is handed out once more, with count 0
 * and the text of the one that goes on, so that whoever stores templates stores that too.
 * When it misleads: see template-miner.ts. A template forgotten for lack of room is new again when it returns.
 * Source: the task and its measures as in Zhu et al., "Tools and Benchmarks for Automated Log Parsing", ICSE 2019.
 *
 *   parse([{ at: 0, service: 'model-server', severity: 'INFO', body: 'model 7 loaded' }], memory)
 *   // [{ templateId: '…', template: 'model <*> loaded', isNew: true, … }]
 */
import { SEVERITIES, isAtLeast } from '../log-record.js';
import type { LogRecord, Severity } from '../log-record.js';
import { TemplateMiner } from './template-miner.js';
import type { MinerOptions } from './template-miner.js';

/** A template and who says it. */
export interface LogTemplate {
  readonly id: string;
  readonly template: string;
  /** Lines seen; 0 says that the template was merged into the one whose text it has now. */
  readonly count: number;
  readonly services: readonly string[];
  readonly worstSeverity: Severity;
  readonly firstSeen: number;
  readonly lastSeen: number;
}

/** A record with the template it belongs to. */
export interface ParsedLog {
  readonly record: LogRecord;
  readonly templateId: string;
  readonly template: string;
  readonly isNew: boolean;
  /** Worse than any line of this template before, or the first of its template. */
  readonly isNewSeverity: boolean;
}

/** What the stage remembers between calls. */
export interface ParseMemory {
  readonly miner: TemplateMiner;
  readonly templates: Map<string, LogTemplate>;
  /** Ids of templates that changed since `takeChanged`. */
  readonly changed: Set<string>;
  /** Templates merged since `takeChanged`. */
  readonly merged: LogTemplate[];
}

/** Whoever sends a hundred service names gets no further ones listed. */
const MOST_SERVICES_LISTED = 20;

export function createParseMemory(options: MinerOptions = {}): ParseMemory {
  return { miner: new TemplateMiner(options), templates: new Map(), changed: new Set(), merged: [] };
}

/** Adds templates of an earlier process; where both know one, the counts add up. */
export function takeBackTemplates(memory: ParseMemory, earlier: readonly LogTemplate[]): void {
  const [merged, alive] = [
    earlier.filter(({ count }) => count === 0),
    earlier.filter(({ count }) => count > 0),
  ];
  for (const template of alive.sort((a, b) => a.lastSeen - b.lastSeen)) {
    const forgotten = memory.miner.restore(template);
    if (forgotten !== null) memory.templates.delete(forgotten);
    const id = memory.miner.resolve(template.id);
    const known = memory.templates.get(id);
    memory.templates.set(id, known === undefined ? { ...template, id } : combined(known, template));
  }
  for (const template of merged) memory.miner.restore(template);
}

/** The templates that changed since the last call. */
export function takeChanged(memory: ParseMemory): LogTemplate[] {
  const changed = [...memory.changed].flatMap((id) => memory.templates.get(id) ?? []);
  memory.changed.clear();
  return [...changed, ...memory.merged.splice(0)];
}

export function parse(records: readonly LogRecord[], memory: ParseMemory): ParsedLog[] {
  return records.map((record) => {
    const learned = memory.miner.learn(record.body);
    if (learned.forgotten !== null) memory.templates.delete(learned.forgotten);
    for (const id of learned.merged) merge(memory, id, learned);
    const { id, template } = learned;
    const before = memory.templates.get(id);
    const now = { ...fromRecord(record), id, template };
    memory.templates.set(id, before === undefined ? now : { ...combined(before, now), template });
    memory.changed.add(id);
    return {
      record,
      templateId: id,
      template,
      isNew: before === undefined,
      isNewSeverity: before === undefined || !isAtLeast(before.worstSeverity, record.severity),
    };
  });
}

/** What is known of a template goes over to the one that it turned out to be. */
function merge(memory: ParseMemory, id: string, into: { id: string; template: string }): void {
  const younger = memory.templates.get(id);
  if (younger === undefined) return;
  const older = memory.templates.get(into.id) ?? { ...younger, id: into.id, count: 0 };
  memory.templates.delete(id);
  memory.templates.set(into.id, combined(older, younger));
  memory.merged.push({ ...younger, template: into.template, count: 0 });
}

function fromRecord({ at, service, severity }: LogRecord): Omit<LogTemplate, 'id' | 'template'> {
  return { count: 1, services: [service], worstSeverity: severity, firstSeen: at, lastSeen: at };
}

/** The first one's name, both ones' lines. */
function combined(one: LogTemplate, other: LogTemplate): LogTemplate {
  const areListed =
    one.services.length >= MOST_SERVICES_LISTED ||
    other.services.every((name) => one.services.includes(name));
  return {
    ...one,
    count: one.count + other.count,
    services: areListed ? one.services : [...new Set([...one.services, ...other.services])],
    worstSeverity:
      rank(one.worstSeverity) >= rank(other.worstSeverity) ? one.worstSeverity : other.worstSeverity,
    firstSeen: Math.min(one.firstSeen, other.firstSeen),
    lastSeen: Math.max(one.lastSeen, other.lastSeen),
  };
}

function rank(severity: Severity): number {
  return SEVERITIES.indexOf(severity);
}
