/** Factors: the 27 inputs of the model in six groups that people have words for. */
import { FEATURE_NAMES } from '../features/names.js';

/** In the order in which a person would ask: when, how far, what is going on, and what was planned. */
export const FACTORS = [
  'clock',
  'distance',
  'airports now',
  'all flights now',
  'route',
  'timetable',
] as const;
export type Factor = (typeof FACTORS)[number];

/** Whoever adds an input must say here what it is about: the compiler insists. */
const FACTOR_OF: Record<(typeof FEATURE_NAMES)[number], Factor> = {
  'sin of the day': 'clock',
  'cos of the day': 'clock',
  'sin of the half day': 'clock',
  'cos of the half day': 'clock',
  'on a multiple of 5 minutes': 'clock',
  Sunday: 'clock',
  Monday: 'clock',
  Tuesday: 'clock',
  Wednesday: 'clock',
  Thursday: 'clock',
  Friday: 'clock',
  Saturday: 'clock',
  'log distance': 'distance',
  'arrivals into origin 1 h, mean delay': 'airports now',
  'arrivals into origin 1 h, log n': 'airports now',
  'departures from origin 1 h, mean delay': 'airports now',
  'departures from origin 3 h, mean delay': 'airports now',
  'arrivals into destination 3 h, mean delay': 'airports now',
  'departures from destination 3 h, mean delay': 'airports now',
  'route 24 h, mean delay': 'route',
  'system 1 h, mean delay': 'all flights now',
  'departures from origin 1 h, log n': 'airports now',
  'timetable slot, mean delay': 'timetable',
  'timetable slot, log n': 'timetable',
  'timetable slot, n a day': 'timetable',
  'departures expected 20 to 90 minutes ago': 'timetable',
  'expected minus actual departures': 'timetable',
};

/** For each input of the model the index of its factor. */
export const FACTOR_INDEX: readonly number[] = FEATURE_NAMES.map((name) => FACTORS.indexOf(FACTOR_OF[name]));
