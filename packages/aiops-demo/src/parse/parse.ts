/**
 * Parse: log records become templates with counts.
 *
 * in: LogRecord[] → out: ParsedLog[], one for each record, in order
 *
 * Rule: Drain (drain.ts) clusters the text; this stage keeps for each template who says it, how severely,
 * since when. A template is "new at" a severity when no line of it was seen at that severity or above before.
 * When it misleads: see drain.ts. A template forgotten for lack of room is new again when it returns.
 *
 *   parse([{ at: 0, service: 'model-server', severity: 'INFO', body: 'model 7 loaded' }], memory)
 *   // [{ templateId: '…', template: 'model <*> loaded', isNew: true, … }]
 */
import { SEVERITIES, isAtLeast } from '../log-record.js';
import type { LogRecord, Severity } from '../log-record.js';
import { Drain } from './drain.js';
import type { DrainOptions } from './drain.js';

/** A template and who says it. */
export interface LogTemplate {
  readonly id: string;
  readonly template: string;
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
  readonly drain: Drain;
  readonly templates: Map<string, LogTemplate>;
  /** Ids of templates that changed since `takeChanged`. */
  readonly changed: Set<string>;
}

/** Whoever sends a hundred service names gets no further ones listed. */
const MOST_SERVICES_LISTED = 20;

export function createParseMemory(options: DrainOptions = {}): ParseMemory {
  return { drain: new Drain(options), templates: new Map(), changed: new Set() };
}

/** Adds templates of an earlier process; where both know one, the counts add up. */
export function takeBackTemplates(memory: ParseMemory, earlier: readonly LogTemplate[]): void {
  for (const template of [...earlier].sort((a, b) => a.lastSeen - b.lastSeen)) {
    const known = memory.templates.get(template.id);
    if (known !== undefined) {
      const { firstSeen } = template;
      memory.templates.set(known.id, { ...known, firstSeen, count: known.count + template.count });
      continue;
    }
    const forgotten = memory.drain.restore(template);
    memory.templates.set(template.id, template);
    if (forgotten !== null) memory.templates.delete(forgotten);
  }
}

/** The templates that changed since the last call. */
export function takeChanged(memory: ParseMemory): LogTemplate[] {
  const changed = [...memory.changed].flatMap((id) => memory.templates.get(id) ?? []);
  memory.changed.clear();
  return changed;
}

export function parse(records: readonly LogRecord[], memory: ParseMemory): ParsedLog[] {
  return records.map((record) => {
    const learned = memory.drain.learn(record.body);
    if (learned.forgotten !== null) memory.templates.delete(learned.forgotten);
    const before = memory.templates.get(learned.id);
    memory.templates.set(learned.id, withRecord(before, learned, record));
    memory.changed.add(learned.id);
    return {
      record,
      templateId: learned.id,
      template: learned.template,
      isNew: before === undefined,
      isNewSeverity: before === undefined || !isAtLeast(before.worstSeverity, record.severity),
    };
  });
}

function withRecord(
  before: LogTemplate | undefined,
  { id, template }: { id: string; template: string },
  { at, service, severity }: LogRecord,
): LogTemplate {
  if (before === undefined) {
    return {
      id,
      template,
      count: 1,
      services: [service],
      worstSeverity: severity,
      firstSeen: at,
      lastSeen: at,
    };
  }
  const isListed = before.services.includes(service) || before.services.length >= MOST_SERVICES_LISTED;
  return {
    id,
    template,
    count: before.count + 1,
    services: isListed ? before.services : [...before.services, service],
    worstSeverity: SEVERITIES[Math.max(rank(before.worstSeverity), rank(severity))] ?? severity,
    firstSeen: before.firstSeen,
    lastSeen: Math.max(before.lastSeen, at),
  };
}

function rank(severity: Severity): number {
  return SEVERITIES.indexOf(severity);
}
