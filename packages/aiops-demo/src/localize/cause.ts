/** What localize works on and returns: trouble measured at services, recent changes, and causes with their evidence. */

/** Trouble of one service. All losses of one ranking are in one unit, so that a caller's can be set against its callees'. */
export interface Loss {
  readonly service: string;
  /** Above 0. Seconds or failed requests for each interval, or a strength from 0 to 1: see who made it. */
  readonly size: number;
  /** In words: expected, seen, how unusual. */
  readonly because: string;
}

/** Something somebody did: a deployment, a configuration, an injected fault, a call that was never made before. */
export interface Change {
  readonly service: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly what: string;
}

export interface Cause {
  readonly service: string;
  /** Share of all blame, 0 to 1. */
  readonly score: number;
  readonly evidence: readonly string[];
}
