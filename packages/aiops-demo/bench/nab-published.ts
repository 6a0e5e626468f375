/**
 * Published detectors on the same benchmark: standard / low false positives / low false negatives.
 *
 * Source: github.com/numenta/NAB, leaderboard of the README (58 files) and its stored results (results/<detector>, commit ea702d7),
 * scored over the 29 files of the development half with the threshold that is best for these files. Ours is scored with the
 * threshold it ships.
 */
export interface Published {
  readonly name: string;
  readonly half: readonly [number, number, number];
  readonly whole: readonly [number, number, number];
}

export const PUBLISHED: readonly Published[] = [
  { name: 'ARTime', half: [72.0, 62.9, 77.9], whole: [74.9, 65.1, 80.4] },
  { name: 'Numenta HTM', half: [69.7, 63.8, 74.1], whole: [70.5, 62.6, 75.2] },
  { name: 'CAD OSE', half: [68.9, 64.8, 72.4], whole: [69.9, 67.0, 73.2] },
  { name: 'KNN CAD', half: [57.6, 41.4, 65.6], whole: [58.0, 43.4, 64.8] },
  { name: 'Relative Entropy', half: [54.4, 47.0, 58.7], whole: [54.6, 47.6, 58.8] },
  { name: 'Random Cut Forest', half: [51.9, 36.7, 60.4], whole: [51.7, 38.4, 59.7] },
  { name: 'Twitter ADVec', half: [49.3, 34.8, 56.4], whole: [47.1, 33.6, 53.5] },
  { name: 'Windowed Gaussian', half: [40.0, 19.8, 48.8], whole: [39.6, 20.9, 47.4] },
  { name: 'Bayesian Changepoint', half: [18.1, 3.7, 35.3], whole: [17.7, 3.2, 32.2] },
];
