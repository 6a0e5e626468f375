import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { acceleratedClock } from '../../src/replay/clock.js';
import { createPace } from '../../src/replay/pace.js';
import { createWatermark } from '../../src/replay/watermark.js';

const start = Date.parse('2001-02-01T12:00:00Z');

describe('accelerated clock', () => {
  it('at speed 60 a real second is a simulated minute', () => {
    const clock = acceleratedClock({ start, startedAt: 5_000, speed: 60 });
    expect(clock.simulatedAt(6_000) - start).toBe(60_000);
    expect(clock.untilMs(start + 120_000, 5_000)).toBe(2_000);
    expect(clock.untilMs(start, 6_000)).toBe(-1_000);
  });

  it('waiting as long as it says brings one to the instant asked for', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), fc.nat(1e9), fc.nat(1e9), (speed, ahead, now) => {
        const clock = acceleratedClock({ start, startedAt: 0, speed });
        const wait = clock.untilMs(start + ahead, now);
        expect(clock.simulatedAt(now + wait)).toBeCloseTo(start + ahead, -1);
      }),
    );
  });

  it('refuses a speed that is not above 0', () => {
    expect(() => acceleratedClock({ start, startedAt: 0, speed: 0 })).toThrow(
      'expected a speed above 0, got 0',
    );
  });
});

describe('pace', () => {
  it('never lets more than rate × time + burst through', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        fc.array(fc.nat(200), { maxLength: 200 }),
        (perSecond, gaps) => {
          const pace = createPace({ perSecond, burst: 5 });
          let now = 0;
          let through = 0;
          for (const gap of gaps) {
            now += gap;
            if (pace.waitMs(now) === 0) through += 1;
          }
          expect(through).toBeLessThanOrEqual((now * perSecond) / 1_000 + 5);
        },
      ),
    );
  });

  it('the wait it names is enough', () => {
    const pace = createPace({ perSecond: 3, burst: 1 });
    expect(pace.waitMs(0)).toBe(0);
    const wait = pace.waitMs(0);
    expect(wait).toBe(334);
    expect(pace.waitMs(wait)).toBe(0);
  });
});

describe('watermark', () => {
  it('is the last event before which nothing is open, in whatever order deliveries end', () => {
    fc.assert(
      fc.property(
        fc
          .integer({ min: 1, max: 20 })
          .chain((n) => fc.tuple(fc.constant(n), fc.shuffledSubarray([...Array(n).keys()]))),
        ([n, ended]) => {
          const mark = createWatermark();
          const steps = Array.from({ length: n }, (_, at) =>
            mark.begin({ at, kind: 'departure', flightId: 'f' }),
          );
          for (const index of ended) steps[index]?.done();
          const firstOpen = [...Array(n).keys()].find((index) => !ended.includes(index)) ?? n;
          expect(mark.position()?.at).toBe(firstOpen === 0 ? undefined : firstOpen - 1);
          expect(mark.pending()).toBe(n - ended.length);
        },
      ),
    );
  });
});
