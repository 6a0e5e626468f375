/**
 * Simulated models: who judges the recorded flights, and as what. The registry's stages, carried out on a FlightWatch.
 *
 * in:  a first champion; stages as the attempt gives them → out: champion, challenger, and its trial
 *
 * Rule: the first champion goes on being watched after it has been replaced: it shows what would have been.
 */
import type { FlightColumns } from '../data/columns.js';
import type { FlightWatch, Watcher } from '../monitor/flight-watch.js';
import type { MonitorReference } from '../monitor/reference.js';
import type { StageAction } from './runner-world.js';
import { SimulatedTrial } from './simulated-trial.js';

/** A model, and the world it was examined in. */
export interface Simulated extends Watcher {
  dataThrough: string;
  reference: MonitorReference;
  weightBytes: number;
}

export class SimulatedModels {
  readonly #flights: FlightColumns;
  readonly #watch: FlightWatch;
  readonly #load: (version: string) => Promise<Simulated>;
  readonly first: Simulated;
  champion: Simulated;
  /** The first flight that the champion judged in production. */
  championFrom: number;
  trial: SimulatedTrial | undefined;
  #challenger: Simulated | undefined;

  constructor(
    flights: FlightColumns,
    watch: FlightWatch,
    first: Simulated,
    load: (version: string) => Promise<Simulated>,
  ) {
    [this.#flights, this.#watch, this.#load] = [flights, watch, load];
    this.first = this.champion = first;
    this.championFrom = watch.position;
    watch.add(first);
  }

  async stage({ version, to, share = 0 }: StageAction, now: string): Promise<void> {
    if (to === 'shadow' || to === 'canary') {
      const challenger = await this.#challengerNamed(version);
      const both = { champion: this.champion, challenger };
      this.trial = new SimulatedTrial({
        flights: this.#flights,
        watch: this.#watch,
        ...both,
        stage: to,
        share,
        since: now,
      });
      return;
    }
    const model = this.#challenger;
    if (to === 'production' && model !== undefined) {
      if (this.champion !== this.first) this.#watch.remove(this.champion.name);
      this.champion = model;
      this.championFrom = this.#watch.position;
    } else if (model !== undefined) this.#watch.remove(model.name);
    this.#challenger = this.trial = undefined;
  }

  async #challengerNamed(version: string): Promise<Simulated> {
    if (this.#challenger?.name === version) return this.#challenger;
    const model = await this.#load(version);
    this.#watch.add(model);
    this.#challenger = model;
    return model;
  }
}
