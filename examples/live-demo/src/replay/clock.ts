/**
 * Accelerated clock: simulated time as a function of real time.
 *
 * Rule: simulated = start + (now − started) × speed. `now` is an argument, so a run can be repeated and tested.
 *
 *   const clock = acceleratedClock({ start: Date.parse('2001-02-01T12:00Z'), startedAt: 0, speed: 60 });
 *   clock.simulatedAt(1_000); // one real second later: 2001-02-01T12:01Z
 */
export interface AcceleratedClock {
  readonly speed: number;
  simulatedAt(now: number): number;
  /** Real milliseconds until a simulated instant; negative when it has passed: so long we are behind. */
  untilMs(simulated: number, now: number): number;
}

export function acceleratedClock(options: {
  start: number;
  startedAt: number;
  speed: number;
}): AcceleratedClock {
  const { start, startedAt, speed } = options;
  if (!(speed > 0 && Number.isFinite(speed))) {
    throw new Error(`acceleratedClock: expected a speed above 0, got ${speed}`);
  }
  return {
    speed,
    simulatedAt: (now) => start + (now - startedAt) * speed,
    untilMs: (simulated, now) => (simulated - start) / speed - (now - startedAt),
  };
}
