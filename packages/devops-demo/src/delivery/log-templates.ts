/**
 * Log templates: which messages does the new version write that the old one never wrote?
 *
 * in: what the old one says, log lines of the new one → out: templates with their severity and count, most frequent first
 *
 * Rule: a message is reduced to its words: whatever contains a digit, and whatever stands in quotes, becomes `<*>`.
 * When it misleads: names without digits stay and make each message new. aiops-demo's parser learns templates; this one only has to tell two
 * versions of one program apart.
 * Source: masking before clustering as in Drain, P. He and others, ICWS 2017.
 *
 *   templateOf('flight ATL-1 answered 500 in 3.2 ms') // 'flight <*> answered <*> in <*> ms'
 */
export interface LogTemplate {
  readonly template: string;
  readonly severity: string;
  readonly count: number;
}

/** Of so many different messages at once nobody reads more. */
export const MOST_TEMPLATES = 2_000;
const LONGEST_MESSAGE = 1_000;
const QUOTED = /"[^"]*"|'[^']*'/g;
const WITH_DIGIT = /[^\s,;()]*\d[^\s,;()]*/g;

export function templateOf(message: string): string {
  return message.replaceAll(QUOTED, '<*>').replaceAll(WITH_DIGIT, '<*>');
}

/** Undefined for an empty line. What is no JSON was printed by the runtime itself, as a crash is. */
export function templateIn(line: string): Omit<LogTemplate, 'count'> | undefined {
  if (line.trim() === '') return undefined;
  try {
    const record = JSON.parse(line) as Record<string, unknown>;
    return { template: shortened(String(record['message'])), severity: String(record['log.level']) };
  } catch {
    return { template: shortened(line), severity: 'error' };
  }
}

/** Counts what is not known, line by line. */
export function countNew(known: ReadonlySet<string>) {
  const counts = new Map<string, LogTemplate>();
  return {
    add(line: string): void {
      const found = templateIn(line);
      if (found === undefined || known.has(found.template)) return;
      const count = counts.get(found.template)?.count ?? 0;
      if (count > 0 || counts.size < MOST_TEMPLATES)
        counts.set(found.template, { ...found, count: count + 1 });
    },
    templates: (): LogTemplate[] => [...counts.values()].sort((a, b) => b.count - a.count),
  };
}

function shortened(message: string): string {
  return templateOf(message.slice(0, LONGEST_MESSAGE));
}
