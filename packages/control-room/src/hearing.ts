/**
 * Hearing: what is remembered of the parts' answers, and what can be told from it.
 *
 * Rule: the last good answer is kept until a newer one comes. When a part has been silent for 2.5 s, the page goes
 * on showing what it last said and says that it is old; before the first good answer it says why there is none.
 * When it misleads: a part that answers with stale numbers of its own looks fresh here.
 */
import { questions } from './questions.js';
import type { Answer, Question, QuestionId } from './questions.js';

/** What came back from one request. `at` is in milliseconds since 1970. */
export type Reply =
  | { kind: 'answered'; at: number; status: number; body: unknown }
  | { kind: 'failed'; at: number; because: string };

/** One answer that is late is no news on a busy machine; the third in a row is. */
const PATIENCE_MS = 2_500;

/** What is known of one question. `trouble` is there only while the latest reply is not a good answer. */
interface Heard<T> {
  good?: { at: number; value: T };
  trouble?: { since: number; because: string };
}

export type Hearing = { readonly [Id in QuestionId]?: Heard<Answer<Id>> };

/** What can be told: the latest answer, an old one, or why there is none. */
export type Told<T> =
  | { kind: 'fresh'; value: T }
  | { kind: 'stale'; value: T; because: string }
  | { kind: 'missing'; because: string };

/** Takes in one reply. in: Hearing, Reply → out: Hearing */
export function hear(hearing: Hearing, id: QuestionId, reply: Reply): Hearing {
  const before = hearing[id];
  const judged = judge(id, reply);
  const heard =
    judged.kind === 'good'
      ? { good: { at: reply.at, value: judged.value } }
      : { ...before, trouble: { since: before?.trouble?.since ?? reply.at, because: judged.because } };
  return { ...hearing, [id]: heard };
}

/** @example tell({}, 'replay/replay', now) // { kind: 'missing', because: 'not asked yet' } */
export function tell<Id extends QuestionId>(hearing: Hearing, id: Id, now: number): Told<Answer<Id>> {
  const heard: Heard<Answer<Id>> | undefined = hearing[id];
  if (heard?.good === undefined) {
    return { kind: 'missing', because: heard?.trouble?.because ?? 'not asked yet' };
  }
  const { at, value } = heard.good;
  if (heard.trouble === undefined || now - heard.trouble.since < PATIENCE_MS) return { kind: 'fresh', value };
  const seconds = Math.max(0, Math.round((now - at) / 1_000));
  return { kind: 'stale', value, because: `${heard.trouble.because}; last heard ${seconds} s ago` };
}

/** Turns the value of what is told, keeping whether it is fresh. */
export function mapTold<From, To>(told: Told<From>, turn: (value: From) => To): Told<To> {
  return told.kind === 'missing' ? told : { ...told, value: turn(told.value) };
}

type Judged = { kind: 'good'; value: unknown } | { kind: 'bad'; because: string };

function judge(id: QuestionId, reply: Reply): Judged {
  if (reply.kind === 'failed') return { kind: 'bad', because: reply.because };
  const { answer, path, accept = [200] }: Question = questions[id];
  if (!accept.includes(reply.status)) return { kind: 'bad', because: refusal(path, reply) };
  const parsed = answer.safeParse(reply.body);
  if (parsed.success) return { kind: 'good', value: parsed.data };
  const issue = parsed.error.issues[0];
  const where = issue === undefined || issue.path.length === 0 ? 'the whole answer' : issue.path.join('.');
  return { kind: 'bad', because: `GET ${path} makes no sense: ${where}: ${issue?.message ?? 'unknown'}` };
}

const LONGEST_DETAIL = 200;

/** Services explain a refusal as RFC 9457 problem details; anything else is only its status. */
function refusal(path: string, reply: { status: number; body: unknown }): string {
  const detail = (reply.body as { detail?: unknown } | null | undefined)?.detail;
  if (typeof detail === 'string' && detail !== '') return detail.slice(0, LONGEST_DETAIL);
  return `GET ${path} answered ${reply.status}`;
}
