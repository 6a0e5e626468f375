/**
 * A training that can be paused between epochs, and gone on with.
 *
 * in:  training rows, options → out: `to(3)` trains up to the third epoch and answers the held-out loss there
 *
 * Rule: the training waits after each epoch until somebody wants the next one. What is held meanwhile is a network of some thousand numbers.
 *
 * When it misleads: the learning rate falls for as many epochs as were planned. A training that is left after the first one had its
 * largest steps only.
 */
import { train } from '../train.js';
import type { TrainOptions } from '../train.js';
import type { FeatureTable } from '../features.js';

export class PausedTraining {
  /** The held-out loss after each epoch so far. */
  readonly losses: number[] = [];
  readonly #table: FeatureTable;
  readonly #options: TrainOptions;
  #wanted = 0;
  #resume: (goOn: boolean) => void = () => undefined;
  #reached: () => void = () => undefined;
  #done: Promise<void> | undefined;

  constructor(table: FeatureTable, options: Omit<TrainOptions, 'goOn'>) {
    this.#table = table;
    this.#options = { ...options, goOn: async (_epoch, loss) => this.#after(loss) };
  }

  /** Trains on up to an epoch, or to where early stopping ends it; answers the loss there. */
  async to(epoch: number): Promise<number> {
    this.#wanted = epoch;
    const reached = new Promise<void>((resolve) => (this.#reached = resolve));
    if (this.losses.length < epoch) {
      if (this.#done === undefined) this.#done = this.#run();
      else this.#resume(true);
      await Promise.race([reached, this.#done]);
    }
    return this.losses.at(-1) ?? NaN;
  }

  /** Trains no more. */
  async end(): Promise<void> {
    this.#resume(false);
    await this.#done;
  }

  async #run(): Promise<void> {
    const { model, heldOutLosses } = await train(this.#table, this.#options);
    model.network.dispose();
    // Where early stopping ended it, nobody was asked whether to go on.
    this.losses.splice(0, Infinity, ...heldOutLosses);
  }

  async #after(loss: number): Promise<boolean> {
    this.losses.push(loss);
    if (this.losses.length < this.#wanted) return true;
    const resumed = new Promise<boolean>((resolve) => (this.#resume = resolve));
    this.#reached();
    return resumed;
  }
}
