/**
 * Readiness: since when has this instance been able to serve?
 *
 * Rule: it is ready while its database answers; an outage ends the span, and the next answer begins a new one. The seconds are
 * from the start of the process to the first readiness: they belong to the deployment, not to an outage.
 * When it misleads: between two checks an outage can come and go unseen.
 */
export interface Readiness {
  /** @throws when the instance is not ready, with the reason. */
  check(): Promise<true>;
  /** ISO 8601, or undefined while it is not ready. */
  since(): string | undefined;
  seconds(): number | undefined;
}

/** What the clock says, and for how long this process has run. */
export type ProcessClock = () => { now: Date; uptimeSeconds: number };

export function watchReadiness(answers: () => Promise<true>, clock: ProcessClock): Readiness {
  let since: string | undefined;
  let seconds: number | undefined;
  return {
    async check() {
      try {
        await answers();
      } catch (error) {
        since = undefined;
        throw new Error('the database does not answer', { cause: error });
      }
      const { now, uptimeSeconds } = clock();
      since ??= now.toISOString();
      seconds ??= Math.round(uptimeSeconds * 1_000) / 1_000;
      return true;
    },
    since: () => since,
    seconds: () => seconds,
  };
}
