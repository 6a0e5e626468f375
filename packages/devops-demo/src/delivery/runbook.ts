/**
 * Runbook: what to do when an alert fires.
 *
 * in: the text of docs/runbooks/<name>.md → out: Runbook
 *
 * Rule: the front matter is for programs (`devops runbook ALERT --json`): which alerts it is for, the steps in order, the actions that a
 * program may call by itself. The text below is for people. Only actions that can be undone, or that end what somebody injected, may be listed.
 * When it misleads: a runbook that nobody follows drifts away from the system. Tests keep alerts, commands and HTTP actions true, not the prose.
 * Source: B. Beyer and others, Site Reliability Engineering (2016), chapter 11 (playbooks).
 *
 *   runbookOf('board-errors', '---\nalerts: [BoardErrors]\n…') // { name: 'board-errors', alerts: ['BoardErrors'], … }
 */
import { parse } from 'yaml';
import { z } from 'zod';

const action = z.strictObject({
  name: z.string().regex(/^[a-z][a-z-]+$/),
  /** In which case it is the right one. */
  when: z.string().min(1),
  service: z.enum(['flights-api', 'model-server', 'aiops']),
  method: z.enum(['POST', 'PUT', 'DELETE']),
  /** As in the service's OpenAPI document. */
  path: z.string().startsWith('/v1/'),
  /** What the bearer of the token must be. */
  role: z.enum(['operator', 'automation']),
});

const frontMatter = z.strictObject({
  title: z.string().min(1),
  alerts: z.array(z.string().regex(/^[A-Z]\w+$/)).min(1),
  steps: z.array(z.string().min(1)).min(1),
  actions: z.array(action),
});

export type RunbookAction = z.infer<typeof action>;

export interface Runbook extends z.infer<typeof frontMatter> {
  /** The file's name without `.md`. */
  name: string;
  /** Markdown, for people. */
  text: string;
}

/** @throws naming the runbook and what is wrong with it. */
export function runbookOf(name: string, content: string): Runbook {
  const [, yaml, text = ''] = /^---\n(.*?)\n---\n(.*)$/s.exec(content) ?? [];
  if (yaml === undefined) throw new Error(`runbook ${name}: expected front matter between two lines of ---`);
  const parsed = frontMatter.safeParse(parse(yaml));
  if (parsed.success) return { name, ...parsed.data, text: text.trim() };
  const wrong = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new Error(`runbook ${name}: ${wrong.join('; ')}`);
}

/** The runbook for an alert. */
export function runbookFor(runbooks: readonly Runbook[], alert: string): Runbook | undefined {
  return runbooks.find(({ alerts }) => alerts.includes(alert));
}
