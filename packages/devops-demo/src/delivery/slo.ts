/**
 * Service level objectives of the departures board: what its users may rely on.
 *
 * Rule: measured on the board's own requests (departures, outcomes, lists), from the server's histogram, over a window.
 * Answers with 5xx and requests whose client gave up count as failed; a degraded risk is no failure, the flight is registered.
 * When it misleads: what never reached the server is not in its histogram.
 * Source: B. Beyer and others, Site Reliability Engineering (2016), chapter 4. The numbers are chosen here: one try and one retry
 * at a silent model server take 0.7 s, and the circuit opens after three such requests, so 95 of 100 stay far below 0.5 s.
 */
export interface Objectives {
  /** Share of requests that succeed. */
  successRatio: number;
  /** 95 % of requests are answered within this. */
  p95Seconds: number;
  /** The 95 % of that, as a share. */
  inTimeRatio: number;
  /** The window that is judged. */
  windowSeconds: number;
  /** With fewer requests in the window nothing is said. */
  leastRequests: number;
}

export const OBJECTIVES: Objectives = {
  successRatio: 0.995,
  p95Seconds: 0.5,
  inTimeRatio: 0.95,
  windowSeconds: 300,
  leastRequests: 50,
};
