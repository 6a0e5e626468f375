/**
 * Log templates: which messages does the new version write that the old one never wrote?
 *
 * in: log lines of both → out: templates with their severity and count, most frequent first
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

const QUOTED = /"[^"]*"|'[^']*'/g;
const WITH_DIGIT = /[^\s,;()]*\d[^\s,;()]*/g;

export function templateOf(message: string): string {
  return message.replaceAll(QUOTED, '<*>').replaceAll(WITH_DIGIT, '<*>');
}

export function newTemplates(known: readonly string[], said: readonly string[]): LogTemplate[] {
  const before = new Set(known.map((line) => keyOf(line)?.template));
  const counts = new Map<string, LogTemplate>();
  for (const line of said) {
    const key = keyOf(line);
    if (key === undefined || before.has(key.template)) continue;
    counts.set(key.template, { ...key, count: (counts.get(key.template)?.count ?? 0) + 1 });
  }
  return [...counts.values()].sort((a, b) => b.count - a.count);
}

/** What is no JSON was printed by the runtime itself, as a crash is. */
function keyOf(line: string): { template: string; severity: string } | undefined {
  if (line.trim() === '') return undefined;
  try {
    const record = JSON.parse(line) as Record<string, unknown>;
    return { template: templateOf(String(record['message'])), severity: String(record['log.level']) };
  } catch {
    return { template: templateOf(line), severity: 'error' };
  }
}
