/**
 * Lesson 11: is the model's pipeline only good for flights?
 *
 * Four years of real weather in Seattle: will it rain tomorrow? A task gives a schema, inputs and a target; pipeline, gate, registry and
 * monitor are those of the flights. Then somebody writes Fahrenheit, and the schema stops it.
 *
 *   node examples/lessons/src/11-the-pipeline-on-the-weather.mjs
 *
 * Prints:
 *
 *   validate  1339 of 1339 rows are sound
 *   split     974 rows to 2014-08-31 teach, 364 to 2015-08-30 examine
 *   train     13 epochs over 828 rows: log loss 0.5899 → 0.5199, held out 0.4104 after epoch 11
 *   gate      AUC is 0.790, at least 0.7 is asked for; skill is 0.179, at least 0.1 is asked for; calibration error is 0.067, at most 0.1 is asked for
 *             straight lines: AUC 0.787
 *   list      * VERSION  production  2012-01-01 to 2014-08-31  2014-09-01 to 2015-08-30: AUC 0.790  cpu, seed 1
 *   serve     VERSION is a model of the table 'seattle', not of flights
 *   predict   1 September 2015: 25 %
 *   2015-10   drift without decay: 4 of 7 columns drifted (57 %), AUC 0.694, skill 0.044 over 30 rows; by chance as low as AUC 0.632, skill -0.167
 *   2015-12   drift without decay: 6 of 7 columns drifted (86 %), AUC 0.677, skill -0.007 over 30 rows; by chance as low as AUC 0.632, skill -0.167
 *   broken    148 of 1461 rows are sound: 1313 × temp_max: Too big: expected number to be <=45
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as mlops from 'mlops-demo';
import { z } from 'zod';

/** @typedef {{ date: string, precipitation: number, temp_max: number, temp_min: number }} Day */
/** @param {readonly Day[]} days @param {number} count @param {(day: Day) => number} of */
const mean = (days, count, of) =>
  days.slice(-count).reduce((sum, day) => sum + of(day), 0) / Math.min(count, days.length);
/** @param {readonly Day[]} days */
const today = (days) => /** @type {Day} */ (days.at(-1));
/** @param {readonly Day[]} days */
const yearAngle = (days) => ((Date.parse(today(days).date) / 86_400_000) * 2 * Math.PI) / 365.25;

/** @type {mlops.TableTask<Day>} */
const RAIN = {
  name: 'seattle',
  schema: z.object({
    date: z.iso.date(),
    precipitation: z.coerce.number().min(0).max(150),
    temp_max: z.coerce.number().min(-20).max(45),
    temp_min: z.coerce.number().min(-25).max(30),
  }),
  day: ({ date }) => date,
  features: {
    'sin of the year': (days) => Math.sin(yearAngle(days)),
    'cos of the year': (days) => Math.cos(yearAngle(days)),
    'rain today': (days) => Math.log1p(today(days).precipitation),
    'rain in a week': (days) => Math.log1p(mean(days, 7, (day) => day.precipitation)),
    'wet days of the last 14': (days) => mean(days, 14, (day) => (day.precipitation >= 1 ? 1 : 0)),
    'spread of temperature': (days) => today(days).temp_max - today(days).temp_min,
    'warmer than last week': (days) => today(days).temp_max - mean(days, 7, (day) => day.temp_max),
  },
  target: (_day, next) => next.precipitation >= 1,
  trainThrough: '2014-08-31',
  seed: 1,
  epochs: 40,
  hyperparameters: { hiddenUnits: [8], learningRate: 0.01, batchRows: 32 },
  limits: { mostQuarantined: 0.01, leastAuc: 0.7, leastSkill: 0.1, mostEce: 0.1 },
};
const csv = readFileSync(mlops.packagedFile('seattle-weather.csv'), 'utf8').trim().split('\n');
const [names = [], ...lines] = csv.map((line) => line.split(','));
const days = lines.map((values) => Object.fromEntries(values.map((value, at) => [names[at], value])));
const known = days.filter(({ date = '' }) => date <= '2015-08-31');

const { backend } = await mlops.chooseBackend('cpu');
const run = await mlops.runTable(RAIN, known);
if (run.state !== 'passed') throw new Error(run.state);
const { validated, parts, trained, evaluated, gated } = run;
const stages = { validate: validated, split: parts, train: trained, gate: gated };
for (const [name, { because }] of Object.entries(stages)) console.log(`${name.padEnd(9)} ${because}`);
console.log(`          straight lines: AUC ${evaluated.logisticRegression.auc.toFixed(3)}`);

const registry = mkdtempSync(join(tmpdir(), 'weather-models-'));
const { version } = await mlops.registerTable(registry, RAIN, run, backend);
const why = { by: 'lesson 11', because: gated.because, at: '2015-09-01T00:00:00Z' };
await mlops.transition(registry, { version, to: 'production', ...why });
const list = mlops.modelLines(await mlops.listVersions(registry), await mlops.readStages(registry));
const loaded = await mlops.loadTableModel(registry, 'seattle');
const flights = await mlops.loadModel(registry);
rmSync(registry, { recursive: true });
if (loaded.state !== 'loaded' || flights.state !== 'refused')
  throw new Error(`${loaded.state}, ${flights.state}`);
console.log(`list      ${list.join().replace(version, 'VERSION')}`);
console.log(`serve     ${flights.because.replace(version, 'VERSION')}`);
console.log(
  `predict   1 September 2015: ${(mlops.predictNext(RAIN, loaded.model, known) * 100).toFixed(0)} %`,
);
for (const month of ['2015-10', '2015-12']) {
  const window = { from: `${month}-01`, through: `${month}-30` };
  const { inputs, performance, diagnosis } = mlops.monitorTable(RAIN, loaded, days, window);
  console.log(`${month}   ${diagnosis.state}: ${inputs.because.split(',')[0]}), ${performance.because}`);
}
const fahrenheit = days.map((day) => ({ ...day, temp_max: Number(day['temp_max']) * 1.8 + 32 }));
console.log(`broken    ${(await mlops.runTable(RAIN, fahrenheit)).validated.because}`);
