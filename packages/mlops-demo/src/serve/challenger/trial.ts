/**
 * Trial: a challenger beside the champion on the same flights, looked at window after window until there is a verdict.
 *
 * in:  flights as both judge them, batches as they are scored, landings as the feed tells them → out: TrialReport
 *
 * Rule: a window ends when 200 flights that both judged have landed, or after two minutes; ten windows at most. At each end all windows
 * together go through the checks (trial-checks.ts). One fail is a fail; a pass needs all checks; ten windows without an answer are
 * inconclusive, and in shadow the retrainer then begins another trial. In shadow and in canary each flight is judged by both: the stage says
 * only whose risk is the answer.
 *
 * When it misleads: labels come hours after the question, so the first windows hold none.
 *
 * Source: the analysis run of devops-demo (delivery/analysis/analysis-run.ts); shadow and canary as in B. Beyer and others, The Site
 * Reliability Workbook (2018), chapter 16.
 */
import type { CheckResult } from 'devops-demo/analysis';
import { ModelWindow } from './model-window.js';
import { PairedLosses } from './paired-losses.js';
import type { LossComparison } from './paired-losses.js';
import { trialChecks } from './trial-checks.js';
import { TRIAL_POLICY } from './trial-policy.js';
import type { TrialPolicy } from './trial-policy.js';
import type { Side, TrialRecord, TrialSubject, TrialVerdict, TrialWindow } from './trial-record.js';

export type { Side } from './trial-record.js';

export interface TrialOptions {
  subject: TrialSubject;
  /** What each model's weights take in memory. */
  weightBytes: Record<Side, number>;
  /** Seconds on a clock that never jumps. */
  startedAt: number;
  policy?: TrialPolicy;
  /** Where an earlier process left this trial. */
  record?: TrialRecord;
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
  readonly #options: TrialOptions;
  readonly #policy: TrialPolicy;
  readonly #losses: PairedLosses;
  readonly #windows: TrialWindow[];
  #open: Record<Side, ModelWindow>;
  #dropped: number;
  #openedAt: number;
  #landedAtOpening: number;
  readonly #answered: Record<Side, number>;
  #verdict: TrialVerdict;

  constructor(options: TrialOptions) {
    const { record, startedAt } = options;
    this.#options = options;
    this.#policy = options.policy ?? TRIAL_POLICY;
    this.#losses = new PairedLosses(record?.losses);
    this.#windows = record?.windows ?? [];
    const { champion, challenger, dropped = 0, seconds = 0 } = record?.open ?? {};
    this.#open = { champion: new ModelWindow(champion), challenger: new ModelWindow(challenger) };
    this.#dropped = dropped;
    this.#openedAt = startedAt - seconds;
    this.#landedAtOpening = record?.landedAtOpening ?? 0;
    this.#answered = record?.answered ?? { champion: 0, challenger: 0 };
    this.#verdict = record?.verdict ?? NOT_YET;
  }

  /** A batch of so many flights passed through one of the networks. */
  scored(side: Side, seconds: number, rows: number): void {
    this.#open[side].scored(seconds, rows);
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

  /** So many flights were answered, and the other model was not asked. */
  dropped(flights: number): void {
    this.#dropped += flights;
  }

  landed(flightId: string, delayMinutes: number): void {
    this.#losses.landedWith(flightId, delayMinutes);
  }

  /** Ends the window when it is time. True when this gave a verdict. */
  look(seconds: number): boolean {
    const { windowLandings, mostWindowSeconds } = this.#policy;
    const age = seconds - this.#openedAt;
    const isOver = age >= mostWindowSeconds || this.#losses.landed - this.#landedAtOpening >= windowLandings;
    if (this.#verdict.finished || !isOver) return false;
    this.#windows.push(this.#openWindow(seconds));
    this.#open = { champion: new ModelWindow(), challenger: new ModelWindow() };
    [this.#dropped, this.#openedAt, this.#landedAtOpening] = [0, seconds, this.#losses.landed];
    this.#verdict = this.#judge();
    return this.#verdict.finished;
  }

  report(): TrialReport {
    return {
      windows: this.#windows.length,
      mostWindows: this.#policy.analysis.looks,
      answered: { ...this.#answered },
      landed: this.#losses.landed,
      losses: this.#losses.compare(),
      verdict: this.#verdict,
    };
  }

  /** All that another process needs to go on. */
  record(seconds: number): TrialRecord {
    return {
      subject: this.#options.subject,
      windows: this.#windows,
      open: this.#openWindow(seconds),
      landedAtOpening: this.#landedAtOpening,
      answered: this.#answered,
      verdict: this.#verdict,
      losses: this.#losses.record(),
    };
  }

  #openWindow(seconds: number): TrialWindow {
    const { champion, challenger } = this.#open;
    const age = Math.max(0, seconds - this.#openedAt);
    return { champion: champion.counts, challenger: challenger.counts, dropped: this.#dropped, seconds: age };
  }

  #judge(): TrialVerdict {
    const { subject, weightBytes } = this.#options;
    const look = this.#windows.length;
    const evidence = {
      versions: subject,
      windows: this.#windows,
      losses: this.#losses.compare(),
      weightBytes,
    };
    const checks = trialChecks(evidence, this.#policy);
    const failed = checks.filter(({ kind }) => kind === 'fail');
    if (failed.length > 0) return { kind: 'fail', finished: true, because: reasonsOf(failed), checks };
    const open = checks.filter(({ kind }) => kind === 'inconclusive');
    if (open.length === 0) {
      const because = `as good as the champion in all ${checks.length} checks; ${checks.at(-1)?.because ?? ''}`;
      return { kind: 'pass', finished: true, because, checks };
    }
    const finished = look >= this.#policy.analysis.looks;
    const because = `${finished ? `no answer after ${look} windows: ` : ''}${reasonsOf(open)}`;
    return { kind: 'inconclusive', finished, because, checks };
  }
}

/** Without traffic several checks give the same reason: once is enough. */
function reasonsOf(checks: readonly CheckResult[]): string {
  return [...new Set(checks.map(({ because }) => because))].join('; ');
}
