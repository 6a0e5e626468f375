/**
 * Trial: a challenger beside the champion on the same flights, looked at window after window until there is a verdict.
 *
 * in:  flights as both judge them, batches as they are scored, landings as the feed tells them → out: TrialReport
 *
 * Rule: a window ends when 200 flights that both judged have landed, or after two minutes; ten windows at most. At each end the windows are
 * analysed as devops-demo analyses a new version of the board, and the paired log loss is one check more. One fail is a fail; a pass
 * needs all checks; ten windows without an answer are inconclusive, and in shadow the retrainer then begins another trial. In shadow
 * and in canary each flight is judged by both: the stage says only whose risk is the answer.
 *
 * When it misleads: labels come hours after the question, so the first windows hold none.
 *
 * Source: the analysis run of devops-demo (delivery/analysis/analysis-run.ts); shadow and canary as in B. Beyer and others, The Site
 * Reliability Workbook (2018), chapter 16.
 */
import { analysisRun, DEFAULT_POLICY } from 'devops-demo/analysis';
import type { AnalysisPolicy, CanaryWindow, CheckResult, VerdictKind } from 'devops-demo/analysis';
import { compareLosses } from './compare-losses.js';
import { ModelWindow } from './model-window.js';
import type { ProcessReading } from './model-window.js';
import { PairedLosses } from './paired-losses.js';
import type { LossComparison } from './paired-losses.js';

export type Side = 'champion' | 'challenger';

/**
 * What scoring costs is a twentieth of a request, and which of the two comes first in a turn moves it by more than a quarter: a challenger
 * may take twice the time. The log loss is a fifth test beside the four that share the chance of a wrong stop.
 */
export const TRIAL_POLICY: AnalysisPolicy = {
  ...DEFAULT_POLICY,
  wrongStops: (DEFAULT_POLICY.wrongStops * 4) / 5,
  toleratedSlowdown: 2,
  toleratedSlowAnswers: 0.05,
};

export interface TrialOptions {
  champion: string;
  challenger: string;
  /** Seconds on a clock that never jumps. */
  startedAt: number;
  policy?: AnalysisPolicy;
  windowLandings?: number;
  mostWindowSeconds?: number;
}

export interface TrialVerdict {
  kind: VerdictKind;
  /** No further window is needed. */
  finished: boolean;
  because: string;
  checks: readonly CheckResult[];
}

export interface TrialReport {
  windows: number;
  mostWindows: number;
  /** Flights that each of the two answered. */
  answered: Record<Side, number>;
  landed: number;
  losses: LossComparison;
  verdict: TrialVerdict;
}

const NOT_YET: TrialVerdict = {
  kind: 'inconclusive',
  finished: false,
  because: 'the first window has not ended yet',
  checks: [],
};

export class Trial {
  readonly #options: Required<TrialOptions>;
  readonly #losses = new PairedLosses();
  readonly #windows: CanaryWindow[] = [];
  #open: Record<Side, ModelWindow> = newWindows();
  #openedAt: number;
  #landedAtOpening = 0;
  readonly #answered: Record<Side, number> = { champion: 0, challenger: 0 };
  #verdict: TrialVerdict = NOT_YET;

  constructor(options: TrialOptions) {
    this.#options = { policy: TRIAL_POLICY, windowLandings: 200, mostWindowSeconds: 120, ...options };
    this.#openedAt = options.startedAt;
  }

  /** A batch passed through one of the networks. */
  scored(side: Side, seconds: number): void {
    this.#open[side].scored(seconds);
  }

  /** A risk was given to whoever asked. */
  answered(side: Side): void {
    this.#answered[side] += 1;
  }

  /** Both were asked about a flight; undefined: this one had no probability. */
  judged(flightId: string | undefined, risks: Record<Side, number | undefined>): void {
    const { champion, challenger } = risks;
    this.#open.champion.judged(champion === undefined);
    this.#open.challenger.judged(challenger === undefined);
    if (flightId !== undefined && champion !== undefined && challenger !== undefined)
      this.#losses.judged(flightId, champion, challenger);
  }

  landed(flightId: string, delayMinutes: number): void {
    this.#losses.landedWith(flightId, delayMinutes);
  }

  /** Ends the window when it is time. True when this gave a verdict. */
  look(seconds: number, process: ProcessReading): boolean {
    const { windowLandings, mostWindowSeconds } = this.#options;
    const age = seconds - this.#openedAt;
    const isOver = age >= mostWindowSeconds || this.#losses.landed - this.#landedAtOpening >= windowLandings;
    if (this.#verdict.finished || !isOver) return false;
    const { champion, challenger } = this.#options;
    this.#windows.push({
      primary: this.#open.champion.measurements(champion, process),
      canary: this.#open.challenger.measurements(challenger, process),
      seconds: age,
    });
    [this.#open, this.#openedAt, this.#landedAtOpening] = [newWindows(), seconds, this.#losses.landed];
    this.#verdict = this.#judge();
    return this.#verdict.finished;
  }

  report(): TrialReport {
    return {
      windows: this.#windows.length,
      mostWindows: this.#options.policy.looks,
      answered: { ...this.#answered },
      landed: this.#losses.landed,
      losses: this.#losses.compare(),
      verdict: this.#verdict,
    };
  }

  #judge(): TrialVerdict {
    const { policy } = this.#options;
    const look = this.#windows.length;
    const { verdict } = analysisRun(this.#windows, policy);
    const checks = [...verdict.checks, compareLosses(this.#losses.compare(), policy, look)];
    const failed = checks.filter(({ kind }) => kind === 'fail');
    if (failed.length > 0) return { kind: 'fail', finished: true, because: reasonsOf(failed), checks };
    const open = checks.filter(({ kind }) => kind === 'inconclusive');
    if (open.length === 0) {
      const because = `as good as the champion in all ${checks.length} checks; ${checks.at(-1)?.because ?? ''}`;
      return { kind: 'pass', finished: true, because, checks };
    }
    const finished = look >= policy.looks;
    const because = `${finished ? `no answer after ${look} windows: ` : ''}${reasonsOf(open)}`;
    return { kind: 'inconclusive', finished, because, checks };
  }
}

function newWindows(): Record<Side, ModelWindow> {
  return { champion: new ModelWindow(), challenger: new ModelWindow() };
}

/** Without traffic several checks give the same reason: once is enough. */
function reasonsOf(checks: readonly CheckResult[]): string {
  return [...new Set(checks.map(({ because }) => because))].join('; ');
}
