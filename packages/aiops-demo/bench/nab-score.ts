/**
 * The score of the Numenta Anomaly Benchmark, at a given threshold.
 *
 * in: scores and labelled windows of each file → out: the score of a profile
 *
 * Rule: the first detection in a window earns up to 1, the earlier the more; a window without one costs `miss`; a detection
 * outside costs `falseAlarm`, less when it comes shortly after a window. The first 15 % of a file, at most 750 rows, are for learning.
 * 0 is a detector that never speaks, 100 a perfect one.
 * Source: Lavin and Ahmad, "Evaluating Real-time Anomaly Detection Algorithms", ICMLA 2015.
 */
export interface LabelledFile {
  readonly name: string;
  readonly times: readonly string[];
  readonly values: readonly number[];
  /** First and last row of each window. */
  readonly windows: readonly (readonly [number, number])[];
}

export interface Profile {
  readonly falseAlarm: number;
  readonly miss: number;
}

export const PROFILES = {
  standard: { falseAlarm: 0.11, miss: 1 },
  lowFalsePositives: { falseAlarm: 0.22, miss: 1 },
  lowFalseNegatives: { falseAlarm: 0.11, miss: 2 },
} as const satisfies Record<string, Profile>;

export interface NabScore {
  readonly score: number;
  readonly found: number;
  readonly windows: number;
  readonly falseAlarms: number;
}

const LEARNING_SHARE = 0.15;
const MOST_LEARNING_ROWS = 750;

/** +1 far before the end of a window, 0 at its end, −1 from three widths after it. */
const sigmoid = (position: number): number => (position > 3 ? -1 : 2 / (1 + Math.exp(5 * position)) - 1);

export function nabScore(
  files: readonly LabelledFile[],
  scores: readonly (readonly number[])[],
  threshold: number,
  profile: Profile,
): NabScore {
  let [raw, found, windows, falseAlarms] = [0, 0, 0, 0];
  files.forEach((file, index) => {
    const { length } = file.times;
    const learning = Math.min(Math.floor(LEARNING_SHARE * length), MOST_LEARNING_ROWS);
    const isDetected = (scores[index] ?? []).map((score, row) => row >= learning && score >= threshold);
    for (const window of file.windows.filter(([, last]) => last >= learning)) {
      const credit = creditOf(window, isDetected);
      windows += 1;
      if (credit !== null) found += 1;
      raw += credit ?? -profile.miss;
    }
    const costs = costsOf(file.windows, isDetected);
    falseAlarms += costs.length;
    raw += profile.falseAlarm * costs.reduce((sum, cost) => sum + cost, 0);
  });
  const silent = -profile.miss * windows;
  return { score: (100 * (raw - silent)) / (windows - silent), found, windows, falseAlarms };
}

/** What the earliest detection in a window earns, null when there is none. */
function creditOf([first, last]: readonly [number, number], isDetected: readonly boolean[]): number | null {
  const row = isDetected.indexOf(true, first);
  if (row < 0 || row > last) return null;
  return sigmoid(-(last - row + 1) / (last - first + 1)) / sigmoid(-1);
}

/** What each detection outside the windows costs, as a negative number. */
function costsOf(windows: LabelledFile['windows'], isDetected: readonly boolean[]): number[] {
  const costs: number[] = [];
  isDetected.forEach((detected, row) => {
    if (!detected || windows.some(([first, last]) => row >= first && row <= last)) return;
    const before = windows.findLast(([, last]) => last < row);
    costs.push(before === undefined ? -1 : sigmoid((row - before[1]) / (before[1] - before[0])));
  });
  return costs;
}

/** As many thresholds are tried, from one row in ten detected to one in 10,000. */
const THRESHOLDS = 100;

/** The score at the threshold that is best for these files: an upper bound that nobody can ship. */
export function bestScore(
  files: readonly LabelledFile[],
  scores: readonly (readonly number[])[],
  profile: Profile,
  shipped: number,
): number {
  const sorted = scores.flat().sort((a, b) => b - a);
  const thresholds = Array.from(
    { length: THRESHOLDS },
    (_, step) => sorted[Math.floor(sorted.length * 10 ** (-1 - (3 * step) / THRESHOLDS))] ?? 1,
  );
  const usable = new Set([shipped, ...thresholds].filter((threshold) => threshold > 0));
  return Math.max(0, ...[...usable].map((threshold) => nabScore(files, scores, threshold, profile).score));
}
