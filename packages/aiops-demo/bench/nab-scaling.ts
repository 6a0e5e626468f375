/** How fast is it with 10, 100 and 1,000 series whose values come in turn, as they do in a monitoring system? */
import { createSeriesDetector } from 'aiops-demo';

const SERIES = [10, 100, 1_000] as const;
/** Only a detector with a full memory costs what it will cost. */
const FILL_VALUES = 1_100;
const TIMED_POINTS = 100_000;
const STEP_MS = 60_000;

export function printScaling(print: (line: string) => void): void {
  print(`\n${'series'.padStart(8)}${'points/s'.padStart(12)}${'memory a series'.padStart(18)}`);
  for (const count of SERIES) {
    const before = process.memoryUsage().arrayBuffers;
    const detectors = Array.from({ length: count }, createSeriesDetector);
    const memory = (process.memoryUsage().arrayBuffers - before) / count;
    const step = (at: number) =>
      detectors.forEach((detector, series) => detector.next(at * STEP_MS, valueAt(at, series)));
    for (let at = 0; at < FILL_VALUES; at += 1) step(at);
    const timed = TIMED_POINTS / count;
    const seconds = cpuSecondsOf(() => {
      for (let at = 0; at < timed; at += 1) step(FILL_VALUES + at);
    });
    const speed = Math.round(TIMED_POINTS / seconds).toLocaleString('en');
    print(
      `${String(count).padStart(8)}${speed.padStart(12)}${`${Math.round(memory / 1_024)} kB`.padStart(18)}`,
    );
  }
}

/** Seconds of one core, whoever else uses the machine. */
export function cpuSecondsOf(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

/** A day's wave with noise that repeats in no season. */
function valueAt(at: number, series: number): number {
  const noise = Math.sin(at * 12.9898 + series * 78.233) * 43_758.5453;
  return 50 + 20 * Math.sin((2 * Math.PI * at) / 288 + series) + 5 * (noise - Math.floor(noise));
}
