/**
 * Admission: may this question come in, before anything of it is read?
 *
 * in:  the length that a request announces → out: a place, or undefined: no room
 *
 * Rule: those inside, admitted and not answered yet, are bounded in number and in bytes, as nobody knows how many flights an unread body has. So
 * a refusal costs its headers only: the fewer of a flood's costs are paid, the more is left for answers. A question too large for what is left
 * comes in when it is alone. Who sends slowly keeps a place for one or two seconds; after that it counts no more, so that slow senders cannot
 * keep everybody out.
 *
 * When it misleads: a body that does not announce its length counts as one question without bytes; the queue behind counts its flights.
 *
 * Source: the concurrency limit of B. Beyer and others, Site Reliability Engineering (2016), chapter 21, "Handling Overload".
 */

export interface AdmissionLimits {
  mostQuestions: number;
  mostBytes: number;
  /** How long an unanswered question counts, at least; twice as long at most. */
  patienceMs: number;
}

/** As many as may wait for their scores (`BATCH_LIMITS`); 4,000 flights have about 640 kB. */
export const ADMISSION_LIMITS: AdmissionLimits = {
  mostQuestions: 256,
  mostBytes: 640_000,
  patienceMs: 1_000,
};

/** Given back when the question is answered, or its client has gone. */
export interface Place {
  leave(): void;
}

interface Generation {
  questions: number;
  bytes: number;
}

export class Admission {
  readonly #limits: AdmissionLimits;
  #young: Generation = { questions: 0, bytes: 0 };
  #old: Generation = { questions: 0, bytes: 0 };
  #youngSince = -Infinity;

  constructor(limits: AdmissionLimits = ADMISSION_LIMITS) {
    this.#limits = limits;
  }

  /** Questions inside that still count. */
  get inside(): number {
    return this.#young.questions + this.#old.questions;
  }

  /** @param nowMs on a clock that never jumps */
  enter(bytes: number, nowMs: number): Place | undefined {
    this.#grow(nowMs);
    const { inside } = this;
    const { mostQuestions, mostBytes } = this.#limits;
    if (inside >= mostQuestions) return undefined;
    if (inside > 0 && this.#young.bytes + this.#old.bytes + bytes > mostBytes) return undefined;
    const generation = this.#young;
    generation.questions += 1;
    generation.bytes += bytes;
    let isIn = true;
    return {
      leave: () => {
        if (!isIn) return;
        isIn = false;
        generation.questions -= 1;
        generation.bytes -= bytes;
      },
    };
  }

  /** The old are forgotten, the young are old. */
  #grow(nowMs: number): void {
    if (nowMs - this.#youngSince < this.#limits.patienceMs) return;
    this.#old = this.#young;
    this.#young = { questions: 0, bytes: 0 };
    this.#youngSince = nowMs;
  }
}
