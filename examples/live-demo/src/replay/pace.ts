/**
 * Pace: a token bucket, so that a replay which is behind catches up without flooding.
 *
 * Rule: `perSecond` tokens a second, at most `burst` saved up; each event takes one.
 * Source: token bucket, https://en.wikipedia.org/wiki/Token_bucket, read 2026-07.
 */
export interface Pace {
  /** 0 and the token is taken, or how many milliseconds to wait before asking again. */
  waitMs(now: number): number;
}

export function createPace({ perSecond, burst = 10 }: { perSecond: number; burst?: number }): Pace {
  let tokens = burst;
  let filledAt: number | undefined;
  return {
    waitMs(now) {
      tokens = Math.min(burst, tokens + ((now - (filledAt ?? now)) * perSecond) / 1_000);
      filledAt = now;
      if (tokens >= 1) {
        tokens -= 1;
        return 0;
      }
      return Math.ceil(((1 - tokens) * 1_000) / perSecond);
    },
  };
}
