/**
 * Paired losses: on the same flights, whose risks were closer to what happened?
 *
 * in:  both risks of a flight when it departs, its delay when it lands
 * out: { pairs: 2000, champion: 0.412, challenger: 0.305, difference: -0.107, standardError: 0.011 }
 *
 * Rule: the log loss of the challenger less that of the champion, flight by flight: what makes a day hard, makes it hard for both. Neighbouring
 * landings share their weather, so the error comes from the means of blocks of 25 landings, not from single ones.
 *
 * When it misleads: blocks of 25 are minutes, and a storm lasts for hours: the error is then too small. And flights land late because they
 * are long or delayed: the first pairs are the short and punctual ones, for both models alike.
 *
 * Source: method of batch means, A. M. Law, Simulation Modeling and Analysis (2015), chapter 9.
 */
import { surprise } from '../../evaluation/log-loss.js';
import { LATE_MINUTES } from '../../flights.js';
import { WaitingFlights } from '../waiting-flights.js';
import type { LossesRecord, Side } from './trial-record.js';

const BLOCK = 25;

/** What the landed flights say. Differences are challenger less champion: below 0 the challenger is better. */
export interface LossComparison {
  /** Flights in whole blocks. */
  pairs: number;
  champion: number;
  challenger: number;
  difference: number;
  /** NaN below two blocks. */
  standardError: number;
}

export class PairedLosses {
  readonly #waiting = new WaitingFlights<Record<Side, number>>();
  readonly #block: LossesRecord['block'];
  readonly #all: LossesRecord['all'];
  #landed: number;

  /** @param record where an earlier process left them */
  constructor(record?: LossesRecord) {
    this.#block = record?.block ?? { flights: 0, champion: 0, challenger: 0 };
    this.#all = record?.all ?? { blocks: 0, champion: 0, challenger: 0, differenceSquared: 0 };
    this.#landed = record?.landed ?? 0;
    for (const [flightId, champion, challenger] of record?.waiting ?? [])
      this.#waiting.add(flightId, { champion, challenger });
  }

  /** Landed flights that both had judged. */
  get landed(): number {
    return this.#landed;
  }

  /** Both have judged a flight. Asked again about it (a client's retry), the first risks count. */
  judged(flightId: string, champion: number, challenger: number): void {
    this.#waiting.add(flightId, { champion, challenger });
  }

  landedWith(flightId: string, delayMinutes: number): void {
    const risks = this.#waiting.take(flightId);
    if (risks === undefined) return;
    this.#landed += 1;
    const label = delayMinutes >= LATE_MINUTES ? 1 : 0;
    const block = this.#block;
    block.flights += 1;
    block.champion += surprise(risks.champion, label) / BLOCK;
    block.challenger += surprise(risks.challenger, label) / BLOCK;
    if (block.flights === BLOCK) this.#closeBlock();
  }

  compare(): LossComparison {
    const { blocks, champion, challenger, differenceSquared } = this.#all;
    const difference = (challenger - champion) / blocks;
    const variance = (differenceSquared - blocks * difference ** 2) / (blocks - 1);
    return {
      pairs: blocks * BLOCK,
      champion: champion / blocks,
      challenger: challenger / blocks,
      difference,
      standardError: blocks < 2 ? NaN : Math.sqrt(Math.max(0, variance) / blocks),
    };
  }

  record(): LossesRecord {
    const waiting = this.#waiting
      .entries()
      .map(([flightId, { champion, challenger }]): [string, number, number] => [
        flightId,
        champion,
        challenger,
      ]);
    return { waiting, block: this.#block, all: this.#all, landed: this.#landed };
  }

  #closeBlock(): void {
    const { champion, challenger } = this.#block;
    this.#all.blocks += 1;
    this.#all.champion += champion;
    this.#all.challenger += challenger;
    this.#all.differenceSquared += (challenger - champion) ** 2;
    Object.assign(this.#block, { flights: 0, champion: 0, challenger: 0 });
  }
}
