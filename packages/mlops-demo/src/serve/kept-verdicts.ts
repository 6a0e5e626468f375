/**
 * Kept verdicts: the last judgement of each window of days, and which of them is due to be judged anew.
 *
 * Rule: a verdict is fresh until the window is complete, or a hundredth more departures or landings have come. Judging a day takes a tenth of
 * a second, in which nobody is answered; so of the windows that are due only one at a time is, the one that was judged longest ago.
 *
 * When it misleads: where days change fast, a verdict is a few looks old.
 */
import type { WindowReport } from '../monitor.js';

/** How far a window is. */
export interface WindowStand {
  /** Grows with each departure and landing. */
  version: number;
  complete: boolean;
}

interface Kept extends WindowStand {
  /** Counts judgements. */
  turn: number;
  report: WindowReport;
}

/** Of the departures and landings so far. */
const JUDGED_AGAIN_AFTER_SHARE = 0.01;

export class KeptVerdicts {
  readonly #kept = new Map<string, Kept>();
  #turn = 0;

  of(name: string): WindowReport | undefined {
    return this.#kept.get(name)?.report;
  }

  isFresh(name: string, { version, complete }: WindowStand): boolean {
    const kept = this.#kept.get(name);
    if (kept?.complete !== complete) return false;
    return version <= kept.version * (1 + JUDGED_AGAIN_AFTER_SHARE);
  }

  /** Of windows that have been judged before; undefined when all verdicts are fresh. */
  nextDue(windows: readonly (readonly [name: string, stand: WindowStand])[]): string | undefined {
    const due = windows.filter(([name, stand]) => this.#kept.has(name) && !this.isFresh(name, stand));
    const turns = due.map(([name]) => this.#kept.get(name)?.turn ?? 0);
    return due[turns.indexOf(Math.min(...turns))]?.[0];
  }

  keep(name: string, stand: WindowStand, report: WindowReport): void {
    this.#kept.set(name, { ...stand, turn: ++this.#turn, report });
  }

  /** All windows that begin with this day. */
  forget(day: number): void {
    for (const name of this.#kept.keys()) if (name.startsWith(`${day}–`)) this.#kept.delete(name);
  }

  clear(): void {
    this.#kept.clear();
  }
}
