/**
 * Analysis policy: how often the analysis may be wrong, and how much worse a release may be.
 *
 * Rule: a canary is looked at several times and by several checks, and each look at each check is a chance to be wrong.
 *   To stop, one check at one look is enough. The chance of a wrong stop is divided by checks × looks (Bonferroni): the
 *   same strength of proof at every look, so that a bad release is stopped early.
 *   To pass, every check must pass at the same look, so checks need no division (intersection-union test), only looks.
 *   Here proof must be strong at first and ordinary at the last look (O'Brien and Fleming): a pass that comes late costs
 *   nothing. At look k of K the bound lies z(1 - chance / 2) × √(K / k) standard errors away: by the reflection principle
 *   a random walk crosses it at any time with at most twice the probability of ending beyond it.
 * When it misleads: K / k takes looks as equal; when most requests come in the first, its proof was asked too strictly,
 * when they come in the last, the earlier ones too mildly. The two chances hold for one analysis run, not for a year of them.
 * Source: C. E. Bonferroni (1936); P. C. O'Brien and T. R. Fleming, A multiple testing procedure for clinical trials,
 * Biometrics 35 (1979); R. L. Berger, Multiparameter hypothesis testing and acceptance sampling (1982).
 *
 *   stopLevel(DEFAULT_POLICY)        // 0.00125 = 0.05 / (4 checks × 10 looks)
 *   passDeviations(DEFAULT_POLICY, 1)  // 6.20 standard errors at the first look
 *   passDeviations(DEFAULT_POLICY, 10) // 1.96 at the last
 */
import { normalQuantile } from './statistics/normal-quantile.js';

export interface AnalysisPolicy {
  /** Largest share of releases as good as the primary that may be stopped. */
  readonly wrongStops: number;
  /** Largest share of releases worse than tolerated that may pass. */
  readonly wrongPasses: number;
  /** Looks until the analysis gives up. */
  readonly looks: number;
  /** A look is one window, or as many as bring `leastRequests`, but not more than this. */
  readonly windowsPerLook: number;
  /** Nothing passes, and no latency is judged, on fewer canary requests. */
  readonly leastRequests: number;
  /** Share of requests that may fail more than at the primary. */
  readonly toleratedFailures: number;
  /** Share of requests that may be among the slowest more than at the primary. */
  readonly toleratedSlowAnswers: number;
  /** Factor by which answers may be slower than the primary's. */
  readonly toleratedSlowdown: number;
  /** Answers may be slower by this at any rate: a quarter of almost nothing is nothing that anybody notices. */
  readonly toleratedDelaySeconds: number;
}

/**
 * 5 % either way is the custom of the field. Two points of failures and a quarter of time are chosen here: less cannot be
 * told from noise in the few hundred requests that a canary of 5 to 10 % sees. Two milliseconds are what a process that gets a twentieth of the
 * requests was still slower than one that had answered thousands: 5.4 and 4.7 ms, of the same version, after 400 answers.
 */
export const DEFAULT_POLICY: AnalysisPolicy = {
  wrongStops: 0.05,
  wrongPasses: 0.05,
  looks: 10,
  windowsPerLook: 4,
  leastRequests: 50,
  toleratedFailures: 0.02,
  toleratedSlowAnswers: 0.02,
  toleratedSlowdown: 1.25,
  toleratedDelaySeconds: 0.002,
};

/** Success rate, typical latency, tail latency and new log templates decide by a test; the others have no chance in them. */
const CHECKS_WITH_A_TEST = 4;

/** Significance level of one check at one look, for stopping. */
export function stopLevel({ wrongStops, looks }: AnalysisPolicy): number {
  return wrongStops / (CHECKS_WITH_A_TEST * looks);
}

/** Standard errors between the estimate and the tolerated limit that one check needs to pass at a look, counted from 1. */
export function passDeviations({ wrongPasses, looks }: AnalysisPolicy, look: number): number {
  return normalQuantile(1 - wrongPasses / 2) * Math.sqrt(looks / Math.min(look, looks));
}
