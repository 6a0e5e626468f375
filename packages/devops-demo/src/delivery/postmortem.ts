/**
 * Post-mortem: a first draft of what went wrong with a release, from what was written down while it went wrong.
 *
 * in: AuditEntry[] (the whole log), the subject of a release that was rolled back → out: Postmortem, Markdown
 *
 * Rule: only facts of the log: timeline, evidence of each judgement, impact as counted, what detected it. Causes and lessons are left as
 * questions, for a draft that guesses them is believed. It names actions and programs, never a person's fault.
 * When it misleads: what nobody logged is missing, and a draft that nobody finishes teaches nothing.
 * Source: B. Beyer and others, Site Reliability Engineering (2016), chapter 15 and appendix D (blameless post-mortems).
 *
 *   postmortem(entries, 'flights-api 0.2.0').markdown // '# Post-mortem: flights-api 0.2.0 was rolled back\n…'
 */
import type { AuditEntry } from './audit.js';
import { ACTIONS } from './audit/actions.js';
import { duration } from './dora/sentences.js';
import { evidenceOf } from './postmortem/evidence.js';

export interface Postmortem {
  /** Fit for a file name: `flights-api-0.2.0-20260701T101500Z`. */
  id: string;
  markdown: string;
}

const QUESTIONS = [
  'Why did this pass the tests, and which test would have failed?',
  'Which step first sent it to users, and could an earlier one have caught it?',
  'What is the cause, and where else may the same cause be?',
  'What shall be done, by whom, until when?',
];

/** @returns undefined when the release's last try was not rolled back. */
export function postmortem(entries: readonly AuditEntry[], subject: string): Postmortem | undefined {
  const own = lastTry(entries, subject);
  const end = own.findLast(({ action }) => action === ACTIONS.rolledBack);
  if (end === undefined || own.some(({ action }) => action === ACTIONS.promoted)) return undefined;
  const evidence = evidenceOf(own);
  const markdown = [
    `# Post-mortem: ${subject} was rolled back`,
    '',
    `Draft, written by the pipeline at ${end.at} from the audit log. Finish it: the open questions are for people.`,
    '',
    section('Summary', [end.because]),
    section('Impact', [exposure(own, end.at), ...evidence.impact]),
    section('What detected it', [evidence.detectedBy ?? `${end.actor}: ${end.because}`]),
    section('Timeline', own.map(timelineLine)),
    section('Evidence', evidence.checks),
    section(
      'Open questions',
      QUESTIONS.map((question) => `- [ ] ${question}`),
    ),
  ].join('\n');
  return { id: `${subject.replaceAll(/[^\w.-]+/g, '-')}-${compact(end.at)}`, markdown };
}

/** Of a release that was tried again, only the last try. */
function lastTry(entries: readonly AuditEntry[], subject: string): AuditEntry[] {
  const own = entries.filter((entry) => entry.subject === subject);
  const start = own.findLastIndex(({ action }) => action === ACTIONS.started);
  return own.slice(Math.max(0, start));
}

/** How long users could meet it: from the first traffic on, not from the start. */
function exposure(own: readonly AuditEntry[], until: string): string {
  const since = own.find(({ action }) => action === ACTIONS.shifted)?.at;
  if (since === undefined) return 'None: it failed before it had any traffic, so no user met it.';
  const seconds = (Date.parse(until) - Date.parse(since)) / 1_000;
  return `Users could meet the failed version for ${duration(seconds)}, from ${since} to ${until}.`;
}

function timelineLine({ at, actor, action, because }: AuditEntry): string {
  return `- ${at} ${action} (${actor}): ${because}`;
}

function section(title: string, lines: readonly string[]): string {
  return [`## ${title}`, '', ...(lines.length === 0 ? ['Nothing was recorded.'] : lines), ''].join('\n');
}

/** compact('2026-07-01T10:15:00.000Z') // '20260701T101500Z' */
function compact(at: string): string {
  return new Date(at).toISOString().replace(/\.\d+/, '').replaceAll(/[-:]/g, '');
}
