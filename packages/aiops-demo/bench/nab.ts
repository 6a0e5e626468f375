/**
 * `npm run -s bench:nab -- --kit DIR --out DIR`: anomaly detection on the Numenta Anomaly Benchmark, one setting for all series.
 *
 * Prints our detector, the baselines and the published ones in one table, then the speed over many series. With `--out` it
 * writes OUT/<category>/<file>.csv (timestamp,anomaly_score) for any other scorer; ALARM_SCORE is the threshold.
 */
import { ALARM_SCORE, createSeriesDetector, createStaticLimits, createWindowedGaussian } from 'aiops-demo';
import type { StreamingDetector } from 'aiops-demo';
import { millisecondsOf, readKit, writeScores } from './nab-kit.js';
import { PUBLISHED } from './nab-published.js';
import { cpuSecondsOf, printScaling } from './nab-scaling.js';
import { PROFILES, bestScore, nabScore } from './nab-score.js';
import type { LabelledFile } from './nab-score.js';
import { benchOptions } from './options.js';

const METHODS = {
  'series detector (ours)': createSeriesDetector,
  'z-score, windowed Gaussian': createWindowedGaussian,
  'static limits': createStaticLimits,
} as const satisfies Record<string, () => StreamingDetector>;
const DEVELOPMENT_FILES = 29;

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const { kit, out } = benchOptions('nab');
if (kit === undefined) {
  print(
    'bench:nab is skipped: it needs the Numenta Anomaly Benchmark, --kit DIR with data/ and labels/combined_windows.json.',
  );
} else {
  const files = readKit(kit);
  const windows = files.reduce((sum, file) => sum + file.windows.length, 0);
  print(
    `${files.length} files, ${windows} windows; one setting, threshold ${ALARM_SCORE} for all; no row sees a later one\n`,
  );
  print(rowOf('', 'standard', 'at best', 'low FP', 'low FN', 'windows', 'false alarms', 'points/s'));
  for (const [name, create] of Object.entries(METHODS))
    print(measure(name, create, files, name.includes('ours')));
  printPublished(files.length);
  printScaling(print);
}

function measure(
  name: string,
  create: () => StreamingDetector,
  files: readonly LabelledFile[],
  isOurs: boolean,
) {
  const times = files.map((file) => file.times.map(millisecondsOf));
  const points = files.reduce((sum, { values }) => sum + values.length, 0);
  let scores: number[][] = [];
  const seconds = cpuSecondsOf(() => {
    scores = files.map(({ values }, index) => {
      const detector = create();
      return values.map((value, row) => detector.next(times[index]?.[row] ?? Number.NaN, value).score);
    });
  });
  if (isOurs && out !== undefined)
    files.forEach((file, index) => writeScores(out, file, scores[index] ?? []));
  const [standard, lowFp, lowFn] = Object.values(PROFILES).map((profile) =>
    nabScore(files, scores, ALARM_SCORE, profile),
  );
  const speed = Math.round(points / seconds).toLocaleString('en');
  const found = `${standard?.found}/${standard?.windows}`;
  const profiles = [standard, lowFp, lowFn].map((result) => (result?.score ?? Number.NaN).toFixed(1));
  const [first = '', ...others] = profiles;
  const best = bestScore(files, scores, PROFILES.standard, ALARM_SCORE).toFixed(1);
  return rowOf(name, first, best, ...others, found, String(standard?.falseAlarms), speed);
}

function printPublished(count: number): void {
  const isHalf = count === DEVELOPMENT_FILES;
  print(
    `\npublished, ${isHalf ? 'on these 29 files with the threshold that is best for them' : 'on all 58 files'}`,
  );
  for (const { name, half, whole } of PUBLISHED) {
    const [standard, lowFp, lowFn] = (isHalf ? half : whole).map((score) => score.toFixed(1));
    print(rowOf(name, '', standard ?? '', lowFp ?? '', lowFn ?? ''));
  }
}

/** `at best` stays empty for those whose threshold was already the best. */
function rowOf(name: string, ...cells: readonly string[]): string {
  return name.padEnd(28) + cells.map((cell) => cell.padStart(13)).join('');
}
