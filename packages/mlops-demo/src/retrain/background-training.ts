/** A training that goes on while the runner looks elsewhere: begun once for each attempt, asked for its end at every tick. */
import type { TrainedNews } from './runner-world.js';

export class BackgroundTraining {
  readonly #train: (dataThrough: string) => Promise<TrainedNews>;
  #training: { since: string; ended?: TrainedNews } | undefined;

  constructor(train: (dataThrough: string) => Promise<TrainedNews>) {
    this.#train = train;
  }

  isOf(since: string): boolean {
    return this.#training?.since === since;
  }

  begin(since: string, dataThrough: string): void {
    if (this.isOf(since)) return;
    const training: { since: string; ended?: TrainedNews } = { since };
    this.#training = training;
    void this.#train(dataThrough).then(
      (ended) => void (training.ended = ended),
      (error: unknown) => void (training.ended = failed(error)),
    );
  }

  /** What came of it, told once. */
  takeEnd(): TrainedNews | undefined {
    const { ended } = this.#training ?? {};
    if (ended !== undefined) this.#training = undefined;
    return ended;
  }
}

function failed(error: unknown): TrainedNews {
  const because = `training failed: ${error instanceof Error ? error.message : String(error)}`;
  return { what: 'trained', state: 'refused', because };
}
