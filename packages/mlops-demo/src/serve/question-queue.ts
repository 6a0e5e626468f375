/**
 * Question queue: what waits to be scored, in the order in which it came, and not more than a given amount of it.
 *
 * in:  questions of one or more rows → out: batches of at most so many rows, or a refusal when the queue is full
 *
 * Rule: both questions and rows are bounded, by Little's law a bounded length behind a steady worker is a bounded wait. Whoever
 * finds the queue full learns so at once, while that is still cheap. A question larger than a batch is a batch of its own.
 *
 * When it misleads: the bound is on what waits here. What the operating system holds for this process waits before it.
 *
 * Source: J. D. C. Little, A proof for the queuing formula L = λW, Operations Research 9 (1961).
 */

/** What one request asks of one model. */
export interface Question<Model> {
  model: Model;
  /** Features as they were when the request came. */
  rows: Float32Array;
  rowCount: number;
}

/** A question and how its answer is given. */
export interface Waiting<Model> extends Question<Model> {
  resolve: (risks: Float32Array) => void;
  reject: (error: unknown) => void;
}

/** Most of what may wait. */
export interface QueueLimits {
  mostQuestions: number;
  mostRows: number;
}

export class QuestionQueue<Model> {
  readonly #limits: QueueLimits;
  #waiting: Waiting<Model>[] = [];
  #rows = 0;

  constructor(limits: QueueLimits) {
    this.#limits = limits;
  }

  /** Questions that wait. */
  get length(): number {
    return this.#waiting.length;
  }

  get rows(): number {
    return this.#rows;
  }

  /** True when not even a question of one row is taken. */
  get isFull(): boolean {
    return !this.#hasRoom(1);
  }

  /** Undefined when there is no room. */
  offer(question: Question<Model>): Promise<Float32Array> | undefined {
    if (!this.#hasRoom(question.rowCount)) return undefined;
    this.#rows += question.rowCount;
    return new Promise((resolve, reject) => {
      this.#waiting.push({ ...question, resolve, reject });
    });
  }

  /** Takes the oldest, as many as are a batch. */
  take(batchRows: number): Waiting<Model>[] {
    let [taken, rows] = [0, 0];
    for (const { rowCount } of this.#waiting) {
      if (taken > 0 && rows + rowCount > batchRows) break;
      rows += rowCount;
      taken += 1;
    }
    this.#rows -= rows;
    return this.#waiting.splice(0, taken);
  }

  #hasRoom(rows: number): boolean {
    const { mostQuestions, mostRows } = this.#limits;
    return this.#waiting.length < mostQuestions && this.#rows + rows <= mostRows;
  }
}
