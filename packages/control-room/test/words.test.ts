import { expect, it } from 'vitest';
import {
  agoInWords,
  clockTime,
  withClockTimes,
  asSentence,
  commonFolder,
  counted,
  countInWords,
  dayAndClock,
  percentInWords,
  secondsInWords,
  simulatedInWords,
  speedInWords,
} from '../web/words.js';

it('seconds are written with the unit that fits', () => {
  expect([0, 0.0421, 1.34, 42.4, 75, 3_700].map(secondsInWords)).toEqual([
    '0 ms',
    '42 ms',
    '1.3 s',
    '42 s',
    '1 min 15 s',
    '1 h 1 min',
  ]);
});

it('a minute is never written as 60 s', () => {
  expect([59.6, 59.4, 9.97, 0.9996].map(secondsInWords)).toEqual(['1 min 0 s', '59 s', '10 s', '1.0 s']);
});

it('two days and more are written as days', () => {
  expect([172_799, 172_800, 250_000].map(secondsInWords)).toEqual(['47 h 59 min', '2 days', '2.9 days']);
});

it('an instant of another day has its date', () => {
  const instant = '2026-07-01T10:02:11Z';
  expect(dayAndClock(instant, '2026-07-01T12:00:00Z')).toBe(clockTime(instant));
  expect(dayAndClock(instant, '2026-07-03T12:00:00Z')).toBe(`1 July, ${clockTime(instant)}`);
});

it('one thing is not many', () => {
  expect([0, 1, 1_200].map((count) => counted(count, 'change'))).toEqual([
    '0 changes',
    '1 change',
    '1,200 changes',
  ]);
});

it('small percentages keep a digit', () => {
  expect([0, 0.0123, 0.4, 1].map(percentInWords)).toEqual(['0 %', '1.2 %', '40 %', '100 %']);
});

it('counts have separators', () => {
  expect(countInWords(12_345)).toBe('12,345');
});

it('an instant ahead of the clock is just now', () => {
  expect(agoInWords('2026-01-01T00:00:09Z', '2026-01-01T00:00:00Z')).toBe('just now');
  expect(agoInWords('2026-01-01T00:00:00Z', '2026-01-01T00:01:05Z')).toBe('1 min ago');
});

it('simulated time is written in UTC, wherever the visitor is', () => {
  expect(simulatedInWords('2001-02-01T09:32:00-05:00')).toEqual({
    day: 'Thu, 1 February 2001',
    time: '14:32',
  });
});

it('a speed is told as what one sees', () => {
  expect([60, 1, 600].map(speedInWords)).toEqual([
    'an hour passes in a minute',
    'as it happened',
    '10 min 0 s pass in a second',
  ]);
});

it('an instant of today is written as the time on the clock, one of the simulation is not', () => {
  const text = 'since 2026-07-01T10:02:11.205Z; simulated 2001-02-01T12:00:00Z';
  expect(withClockTimes(text)).toBe(
    `since ${clockTime('2026-07-01T10:02:11Z')}; simulated 2001-02-01T12:00:00Z`,
  );
});

it('a reason ends with one full stop', () => {
  expect(['being trained.', 'not listening'].map(asSentence)).toEqual(['being trained.', 'not listening.']);
});

it('the common folder ends where the first path differs', () => {
  expect(commonFolder(['p/src/a.ts', 'p/src/b/b.ts'])).toBe('p/src/');
  expect(commonFolder(['p/src/a.ts', 'q/b.ts'])).toBe('');
  expect(commonFolder(['p/src/a.ts'])).toBe('p/src/');
  expect(commonFolder([])).toBe('');
});
