/**
 * The 27 inputs of the model, in the order in which the network reads them.
 *
 * Times are of the origin's clock. Delays are clipped to [−30, 180] minutes; "mean" is shrunk to the system's mean of the
 * last 24 hours; "n" is how many flights stand behind the mean.
 *
 * Source: measured on flights-3m; see the README's table of features.
 */

/** Names of the inputs; the index is the position in the network's input. */
export const FEATURE_NAMES = [
  // The clock and the calendar (13)
  'sin of the day',
  'cos of the day',
  'sin of the half day',
  'cos of the half day',
  'on a multiple of 5 minutes',
  'Sunday',
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
  'log distance',
  // What the network of flights knows right now (9)
  'arrivals into origin 1 h, mean delay',
  'arrivals into origin 1 h, log n',
  'departures from origin 1 h, mean delay',
  'departures from origin 3 h, mean delay',
  'arrivals into destination 3 h, mean delay',
  'departures from destination 3 h, mean delay',
  'route 24 h, mean delay',
  'system 1 h, mean delay',
  'departures from origin 1 h, log n',
  // The timetable learned from the last 14 days (5)
  'timetable slot, mean delay',
  'timetable slot, log n',
  'timetable slot, n a day',
  'departures expected 20 to 90 minutes ago',
  'expected minus actual departures',
] as const;

/** How many inputs the network reads. */
export const FEATURE_COUNT = FEATURE_NAMES.length;
