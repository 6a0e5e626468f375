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
import { LATE_MINUTES } from '../../flights.js';

/** Flights in the air at one time are about 1,500; some never land on the board. */
const MOST_WAITING = 20_000;
const BLOCK = 25;
/** As in evaluation/log-loss.ts: a certainty that is wrong costs much, not everything. */
const SURE = 1e-7;

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
  readonly #waiting = new Map<string, { champion: number; challenger: number }>();
  readonly #block = { flights: 0, champion: 0, challenger: 0 };
  readonly #all = { blocks: 0, champion: 0, challenger: 0, differenceSquared: 0 };
  #landed = 0;

  /** Landed flights that both had judged. */
  get landed(): number {
    return this.#landed;
  }

  /** Both have judged a flight. Asked again about it (a client's retry), the first risks count. */
  judged(flightId: string, champion: number, challenger: number): void {
    if (this.#waiting.has(flightId)) return;
    this.#waiting.set(flightId, { champion, challenger });
    if (this.#waiting.size <= MOST_WAITING) return;
    const [oldest] = this.#waiting.keys();
    if (oldest !== undefined) this.#waiting.delete(oldest);
  }

  landedWith(flightId: string, delayMinutes: number): void {
    const risks = this.#waiting.get(flightId);
    if (risks === undefined) return;
    this.#waiting.delete(flightId);
    this.#landed += 1;
    const isLate = delayMinutes >= LATE_MINUTES;
    const block = this.#block;
    block.flights += 1;
    block.champion += lossOf(risks.champion, isLate) / BLOCK;
    block.challenger += lossOf(risks.challenger, isLate) / BLOCK;
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

  #closeBlock(): void {
    const { champion, challenger } = this.#block;
    this.#all.blocks += 1;
    this.#all.champion += champion;
    this.#all.challenger += challenger;
    this.#all.differenceSquared += (challenger - champion) ** 2;
    Object.assign(this.#block, { flights: 0, champion: 0, challenger: 0 });
  }
}

function lossOf(risk: number, isLate: boolean): number {
  const sure = Math.min(Math.max(risk, SURE), 1 - SURE);
  return -Math.log(isLate ? sure : 1 - sure);
}
