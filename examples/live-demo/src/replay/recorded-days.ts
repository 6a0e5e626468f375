/** Recorded days: the real flights, from mlops-demo, read when the first day is asked for. The subpath leaves tfjs out. */
import { openRecordedFlights } from 'mlops-demo/recorded-flights';
import type { RecordedFlights } from 'mlops-demo/recorded-flights';
import type { FlightDays } from './schedule.js';

export function recordedDays(): FlightDays {
  let opening: Promise<RecordedFlights> | undefined;
  return async (day) => {
    opening ??= openRecordedFlights();
    return (await opening).day(day);
  };
}
