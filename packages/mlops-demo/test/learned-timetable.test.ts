import { describe, expect, test } from 'vitest';
import { LearnedTimetable, NO_HISTORY } from '../src/features/learned-timetable.js';

const AT_0815 = 8 * 60 + 15;

/** A flight at 08:15 on each of these days, 10 minutes late. */
function flownOn(days: number[]): LearnedTimetable {
  const timetable = new LearnedTimetable();
  for (const day of days) timetable.add(day, AT_0815, 10);
  return timetable;
}

describe('a learned timetable', () => {
  test('knows the 14 days before, and not today', () => {
    const timetable = flownOn(Array.from({ length: 20 }, (_, day) => 100 + day));
    expect(timetable.read(119, AT_0815)).toMatchObject({ count: 14, delaySum: 140 });
    expect(timetable.read(120, AT_0815)).toMatchObject({ count: 14, delaySum: 140 });
    expect(timetable.read(125, AT_0815)).toMatchObject({ count: 9, delaySum: 90 });
    expect(timetable.read(134, AT_0815)).toMatchObject({ count: 0 });
  });

  test('finds a flight in the slot beside, not two slots away', () => {
    const timetable = flownOn([100]);
    expect(timetable.read(101, AT_0815 + 10).count).toBe(1);
    expect(timetable.read(101, AT_0815 - 10).count).toBe(1);
    expect(timetable.read(101, AT_0815 + 20).count).toBe(0);
  });

  test('expects a departure that should have been 20 to 90 minutes ago', () => {
    const timetable = flownOn(Array.from({ length: 14 }, (_, day) => 100 + day));
    expect(timetable.read(114, AT_0815).expectedEarlier).toBe(0);
    expect(timetable.read(114, AT_0815 + 20).expectedEarlier).toBe(1);
    expect(timetable.read(114, AT_0815 + 90).expectedEarlier).toBe(1);
    expect(timetable.read(114, AT_0815 + 100).expectedEarlier).toBe(0);
  });

  test('takes in a flight of yesterday that lands today', () => {
    const timetable = flownOn([100, 101]);
    timetable.add(100, AT_0815, 50);
    expect(timetable.read(102, AT_0815)).toMatchObject({ count: 3, delaySum: 70 });
  });

  test('forgets what was there before the ring came round', () => {
    const timetable = flownOn([100, 112]);
    expect(timetable.read(116, AT_0815).count).toBe(1);
  });

  test('starts anew after a leap of weeks, in both directions', () => {
    const timetable = flownOn([100, 101]);
    timetable.add(9000, AT_0815, 10);
    expect(timetable.read(9001, AT_0815).count).toBe(1);
    timetable.add(102, AT_0815, 10);
    expect(timetable.read(103, AT_0815).count).toBe(1);
  });

  test('without flights has no history', () => {
    expect(new LearnedTimetable().read(100, AT_0815)).toEqual(NO_HISTORY);
  });
});
