/**
 * Micro-batching: questions that come in one turn of the event loop pass through the network together.
 *
 * in:  rows of features, and the model that shall judge them → out: their risks a little later, or 'full'
 *
 * Rule: what has come when the turn ends is a batch of at most 1,000 rows (under a millisecond of scoring), so a turn that has read many
 * questions answers as many; one batch is scored a turn. The busier the server, the larger the batches; alone, a question waits for nobody.
 * Shadow questions, whose answers nobody waits for, come after the answers, and are dropped when too many.
 *
 * Why no wait: two milliseconds for company, as batching servers often grant them, gained nothing more under load and cost a lone client
 * twice the CPU time and four times the latency. `waitMs` is there to measure it: `npm run bench -w mlops-demo -- serving`.
 *
 * When it misleads: a batch is as large as its turn, so what a prediction costs depends on how many come beside it.
 *
 * Source: adaptive batching in D. Crankshaw and others, Clipper: A low-latency online prediction serving system (NSDI 2017).
 */
import { QuestionQueue } from './question-queue.js';
import type { Question, QueueLimits, Waiting } from './question-queue.js';

export interface BatchLimits extends QueueLimits {
  /** How long the first question of a batch waits for others; 0 is until the end of the turn. */
  waitMs: number;
  batchRows: number;
}

/** The largest request has 1,000 flights. A full queue of 256 single questions is one batch. */
export const BATCH_LIMITS: BatchLimits = {
  waitMs: 0,
  batchRows: 1_000,
  mostQuestions: 256,
  mostRows: 4_000,
};

export type Purpose = 'answer' | 'shadow';

/** What became of one model's part of a batch. */
export interface ScoredBatch<Model> {
  model: Model;
  purpose: Purpose;
  rows: number;
  /** Time that scoring took. */
  seconds: number;
  /** Undefined when all went well. */
  error: unknown;
}

export interface MicroBatcherOptions<Model> {
  score: (model: Model, rows: Float32Array) => Float32Array;
  onScored: (batch: ScoredBatch<Model>) => void;
  limits?: BatchLimits;
  /** Milliseconds on a clock that never jumps. */
  now: () => number;
  /** Does something after so many milliseconds; 0 is the next turn of the event loop. */
  later: (ms: number, work: () => void) => void;
}

export class MicroBatcher<Model> {
  readonly #options: MicroBatcherOptions<Model>;
  readonly #limits: BatchLimits;
  readonly #answers: QuestionQueue<Model>;
  readonly #shadows: QuestionQueue<Model>;
  #due: 'never' | 'after the wait' | 'next turn' = 'never';
  /** Counts schedules, so that a wait which was overtaken knows. */
  #scheduled = 0;
  #shadowsDue = false;
  #batches = 0;

  constructor(options: MicroBatcherOptions<Model>) {
    this.#options = options;
    this.#limits = options.limits ?? BATCH_LIMITS;
    this.#answers = new QuestionQueue(this.#limits);
    this.#shadows = new QuestionQueue(this.#limits);
  }

  /** Questions that wait for their answer. */
  get waiting(): number {
    return this.#answers.length;
  }

  get isFull(): boolean {
    return this.#answers.isFull;
  }

  /** Asks; undefined when too many wait already. */
  ask(question: Question<Model>): Promise<Float32Array> | undefined {
    const risks = this.#answers.offer(question);
    if (risks === undefined) return undefined;
    if (this.#answers.rows >= this.#limits.batchRows) this.#schedule('next turn');
    else if (this.#due === 'never') this.#schedule('after the wait');
    return risks;
  }

  /** Asks without keeping anybody waiting; undefined when too many wait already. */
  askShadow(question: Question<Model>): Promise<Float32Array> | undefined {
    const risks = this.#shadows.offer(question);
    if (risks !== undefined) this.#scheduleShadows();
    return risks;
  }

  /** Scores all that waits, now: after it no model is in use. */
  flush(): void {
    while (this.#answers.length > 0) this.#scoreBatch(this.#answers, 'answer');
    while (this.#shadows.length > 0) this.#scoreBatch(this.#shadows, 'shadow');
  }

  #schedule(due: 'after the wait' | 'next turn'): void {
    if (this.#due === due) return;
    this.#due = due;
    const own = ++this.#scheduled;
    this.#options.later(due === 'next turn' ? 0 : this.#limits.waitMs, () => {
      // A wait is overtaken when enough rows come before its end.
      if (this.#scheduled !== own) return;
      this.#due = 'never';
      if (this.#answers.length > 0) this.#scoreBatch(this.#answers, 'answer');
      if (this.#answers.length > 0) this.#schedule('next turn');
    });
  }

  #scheduleShadows(): void {
    if (this.#shadowsDue) return;
    this.#shadowsDue = true;
    this.#options.later(this.#answers.length > 0 ? this.#limits.waitMs : 0, () => {
      this.#shadowsDue = false;
      if (this.#due !== 'next turn') this.#scoreBatch(this.#shadows, 'shadow');
      if (this.#shadows.length > 0) this.#scheduleShadows();
    });
  }

  /** Each model by itself. Which goes first alternates, so that none always waits for the other. */
  #scoreBatch(queue: QuestionQueue<Model>, purpose: Purpose): void {
    const batch = queue.take(this.#limits.batchRows);
    const models = [...new Set(batch.map(({ model }) => model))];
    if (this.#batches++ % 2 === 1) models.reverse();
    for (const model of models) {
      this.#scoreWith(
        model,
        batch.filter((question) => question.model === model),
        purpose,
      );
    }
  }

  #scoreWith(model: Model, questions: readonly Waiting<Model>[], purpose: Purpose): void {
    const { now, score, onScored } = this.#options;
    const startedAt = now();
    let error: unknown;
    try {
      const risks = score(model, joined(questions));
      let at = 0;
      for (const { rowCount, resolve } of questions) resolve(risks.subarray(at, (at += rowCount)));
    } catch (thrown) {
      error = thrown;
      for (const { reject } of questions) reject(thrown);
    }
    const rows = questions.reduce((sum, { rowCount }) => sum + rowCount, 0);
    onScored({ model, purpose, rows, seconds: (now() - startedAt) / 1_000, error });
  }
}

/** The rows of all questions as one matrix. */
function joined(questions: readonly { rows: Float32Array }[]): Float32Array {
  const [first] = questions;
  if (questions.length === 1 && first !== undefined) return first.rows;
  const matrix = new Float32Array(questions.reduce((sum, { rows }) => sum + rows.length, 0));
  let at = 0;
  for (const { rows } of questions) {
    matrix.set(rows, at);
    at += rows.length;
  }
  return matrix;
}
