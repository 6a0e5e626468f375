/**
 * Lesson 11: is the model's pipeline only good for flights?
 *
 * Four years of real weather in Seattle: will it rain tomorrow? A schema says what a sound day is, some functions are the inputs, one is the
 * target. Validation, data version, training with early stopping and calibration, metrics and gate are those of the flights. Then a table in
 * which somebody has written Fahrenheit: the schema stops it, and nothing is trained.
 *
 *   node examples/lessons/src/11-the-pipeline-on-the-weather.mjs
 *
 * Prints:
 *
 *   validate  1461 of 1461 rows are sound
 *   version   1461 rows are seattle-94adf9f54297
 *   split     1096 rows to 2014-12-31 teach, 364 to 2015-12-30 examine
 *   train     40 epochs over 932 rows: log loss 0.5724 → 0.4821, held out 0.4822 after epoch 40
 *   evaluate  model: AUC 0.776, skill 0.176, calibration error 0.052
 *             (31.9 % of the days were wet)
 *   evaluate  logisticRegression: AUC 0.781, skill 0.174, calibration error 0.055
 *   gate      passed: AUC is 0.776, at least 0.7 is asked for; skill is 0.176, at least 0.1 is asked for; calibration error is 0.052, at most 0.1 is asked for
 *
 *   table refused: 148 of 1461 rows are sound: 1313 × temp_max: Too big: expected number to be <=45
 */
import { readFileSync } from 'node:fs';
import { chooseBackend, packagedFile, runTable } from 'mlops-demo';
import { z } from 'zod';

const DAY_OF_YEAR = (2 * Math.PI) / 365.25;
const WET_MM = 1;

/** @typedef {{ date: string, precipitation: number, temp_max: number, temp_min: number, wind: number }} Day */
/** @param {readonly Day[]} days @param {number} count @param {(day: Day) => number} of */
const mean = (days, count, of) =>
  days.slice(-count).reduce((sum, day) => sum + of(day), 0) / Math.min(count, days.length);
/** @param {readonly Day[]} days */
const today = (days) => /** @type {Day} */ (days.at(-1));
/** @param {readonly Day[]} days */
const yearAngle = (days) => (Date.parse(today(days).date) / 86_400_000) * DAY_OF_YEAR;

/** @type {import('mlops-demo').TableTask<Day>} */
const RAIN_TOMORROW = {
  name: 'seattle',
  schema: z.object({
    date: z.iso.date(),
    precipitation: z.coerce.number().min(0).max(150),
    temp_max: z.coerce.number().min(-20).max(45),
    temp_min: z.coerce.number().min(-25).max(30),
    wind: z.coerce.number().min(0).max(40),
  }),
  day: ({ date }) => date,
  features: {
    'sin of the year': (days) => Math.sin(yearAngle(days)),
    'cos of the year': (days) => Math.cos(yearAngle(days)),
    'rain today': (days) => Math.log1p(today(days).precipitation),
    'rain in a week': (days) => Math.log1p(mean(days, 7, (day) => day.precipitation)),
    'wet days of the last 14': (days) => mean(days, 14, (day) => (day.precipitation >= WET_MM ? 1 : 0)),
    'spread of temperature': (days) => today(days).temp_max - today(days).temp_min,
    'warmer than last week': (days) => today(days).temp_max - mean(days, 7, (day) => day.temp_max),
    wind: (days) => today(days).wind,
  },
  target: (_day, next) => next.precipitation >= WET_MM,
  trainThrough: '2014-12-31',
  seed: 1,
  epochs: 40,
  hyperparameters: { hiddenUnits: [8], learningRate: 0.01, batchRows: 32 },
  limits: { mostQuarantined: 0.01, leastAuc: 0.7, leastSkill: 0.1, mostEce: 0.1 },
};

const [header = '', ...lines] = readFileSync(packagedFile('seattle-weather.csv'), 'utf8').trim().split('\n');
const days = lines.map((line) => {
  const values = line.split(',');
  return Object.fromEntries(header.split(',').map((name, column) => [name, values[column]]));
});

await chooseBackend('cpu');
const run = await runTable(RAIN_TOMORROW, days);
console.log(`validate  ${run.validated.because}`);
if (run.state !== 'table refused') {
  console.log(
    `version   ${run.data.because}\nsplit     ${run.parts.because}\ntrain     ${run.trained.because}`,
  );
  for (const [name, scores] of Object.entries(run.evaluated)) {
    const { auc, skill, ece, lateShare } = scores;
    console.log(
      `evaluate  ${name}: AUC ${auc.toFixed(3)}, skill ${skill.toFixed(3)}, calibration error ${ece.toFixed(3)}`,
    );
    if (name === 'model') console.log(`          (${(lateShare * 100).toFixed(1)} % of the days were wet)`);
  }
  console.log(`gate      ${run.gated.state}: ${run.gated.because}`);
}

const fahrenheit = days.map((day) => ({ ...day, temp_max: Number(day['temp_max']) * 1.8 + 32 }));
const broken = await runTable(RAIN_TOMORROW, fahrenheit);
console.log(`\n${broken.state}: ${broken.validated.because}`);
