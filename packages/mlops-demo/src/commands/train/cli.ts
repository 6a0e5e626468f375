/** Runs `mlops tune`, `fine-tune`, `train-streamed` and `card`: here are clock, disk and terminal. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { chooseBackend } from '../../backend.js';
import { openFlights } from '../../data/store.js';
import type { FlightColumns } from '../../data/columns.js';
import { scoresOf } from '../../evaluate.js';
import { computeFeatures, streamFeatures } from '../../features.js';
import type { Features } from '../../features.js';
import { createFeatureFile, openFeatureFile } from '../../features/feature-file/store.js';
import { timetableForTests, timetableForTraining } from '../../features/timetable-choice.js';
import { compareWays } from '../../fine-tune.js';
import { dateOf, dayNumber } from '../../flights.js';
import { scoreBatch } from '../../model.js';
import { modelCard } from '../../model-card.js';
import { fastPlan, fullPlan } from '../../plan.js';
import type { Plan } from '../../plan.js';
import { listModels } from '../../registry/store.js';
import { TRIAL_HEADER, trialLine, wayLines } from '../../report/train-lines.js';
import { split } from '../../split.js';
import { train } from '../../train.js';
import { tune } from '../../tune.js';
import { validate } from '../../validate.js';
import { readAirports } from '../../vega-datasets/store.js';
import { readTrainWish } from '../train.js';
import type { TrainWish } from '../train.js';

const ROWS_PER_READ = 8192;

/** Answers the exit code. */
export async function training(args: readonly string[]): Promise<number> {
  const wish = readTrainWish(args, process.env);
  if (wish.what === 'card') return card(wish);
  if (wish.what === 'tune') await search(wish);
  if (wish.what === 'train-streamed') await streamed(wish);
  if (wish.what === 'fine-tune') await fineTune(wish);
  return 0;
}

async function card({ version, modelsDir }: TrainWish): Promise<number> {
  const manifest = (await listModels(modelsDir)).find((each) => each.version === version);
  if (manifest === undefined) throw new Error(`the registry has no version '${version}'`);
  process.stdout.write(modelCard(manifest));
  return 0;
}

async function search(wish: TrainWish): Promise<void> {
  const { trials, seconds, seed, rows = 30_000, through } = wish;
  const plan = fastPlan({ seed, rows, ...(through === undefined ? {} : { through }) });
  await chooseBackend(process.env['TRIOPS_TFJS_BACKEND']);
  const [{ train }] = await featuresOf([plan]);
  console.log(TRIAL_HEADER);
  const budget = { trials, seconds, epochs: plan.epochs, seed, nowMs: Date.now };
  const tuned = await tune(train, budget, (trial) => console.log(trialLine(trial)));
  console.log(tuned.because);
  const file = wish.json ?? join(wish.modelsDir, 'tune.json');
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(tuned, null, 2)}\n`);
  console.log(`all trials are in ${file}`);
}

async function fineTune({ seed, rows = 200_000 }: TrainWish): Promise<void> {
  const base = fullPlan({ seed, rows });
  const tests = [{ period: 'June', from: '2001-06-01', through: '2001-06-30' }];
  const until = (through: string): Plan => ({ ...base, tests, train: { ...base.train, through } });
  await chooseBackend(process.env['TRIOPS_TFJS_BACKEND']);
  const [before, after] = await featuresOf([until('2001-04-30'), until('2001-05-31')]);
  const tables = { old: before.train, new: after.train, newestFrom: dayNumber('2001-05-01') };
  const test = { withOldTimetable: before.tests[0]!, withNewTimetable: after.tests[0]! };
  console.log('old: trained to 30 April, timetable as of 1 May; newest month: May; examined on June');
  console.log(wayLines(await compareWays({ ...tables, test }, base, Date.now)).join('\n'));
}

/** Features onto disk, then batches from there. The folder is gone afterwards. */
async function streamed({ seed, rows, through = '2001-04-30', timetable }: TrainWish): Promise<void> {
  const base = fullPlan({ seed, rows: rows ?? Infinity, timetable });
  const after = { from: dateOf(dayNumber(through) + 1), through: '2001-06-30' };
  const tests = after.from > after.through ? [] : [{ period: `${after.from} to ${after.through}`, ...after }];
  const plan: Plan = { ...base, tests, train: { ...base.train, through } };
  await chooseBackend(process.env['TRIOPS_TFJS_BACKEND']);
  const folder = await mkdtemp(join(tmpdir(), 'triops-features-'));
  try {
    const startedMs = Date.now();
    const seconds = (): string => `${((Date.now() - startedMs) / 1000).toFixed(1)} s`;
    const periods = await writeFeatures(plan, folder);
    console.log(`features on disk after ${seconds()}, peak memory ${peakMb()} MB`);
    const table = openFeatureFile(join(folder, 'train'));
    const { model, because } = await train(table, plan);
    table.close();
    console.log(`${because}; after ${seconds()}`);
    for (const period of periods) {
      const test = openFeatureFile(join(folder, period));
      const risks = new Float32Array(test.count);
      for (let from = 0; from < test.count; from += ROWS_PER_READ) {
        risks.set(scoreBatch(model, test.read(from, Math.min(from + ROWS_PER_READ, test.count)).rows), from);
      }
      test.close();
      const { auc, logLoss, ece } = scoresOf(risks, test.labels);
      console.log(`${period}: AUC ${auc.toFixed(4)}, log loss ${logLoss.toFixed(4)}, ECE ${ece.toFixed(4)}`);
    }
    console.log(
      `${table.count.toLocaleString('en-US')} training rows, ${seconds()}, peak memory ${peakMb()} MB`,
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The table of the training rows, and one of each test period. */
async function writeFeatures(plan: Plan, folder: string): Promise<string[]> {
  const flights = await cleanFlights(plan);
  const parts = split(flights, plan);
  const forTests = timetableForTests(flights, plan);
  const train = { name: 'train', positions: parts.train, timetableFor: timetableForTraining(flights, plan) };
  const tests = parts.tests.map(({ period, rows }) => ({
    name: period,
    positions: rows,
    timetableFor: forTests,
  }));
  const files = [train, ...tests].map((one) => ({ ...one, file: createFeatureFile(join(folder, one.name)) }));
  const wanted = files.map(({ file, ...one }) => ({ ...one, write: file.append.bind(file) }));
  streamFeatures(flights, wanted);
  for (const { file } of files) file.close();
  return tests.map(({ name }) => name);
}

function peakMb(): number {
  return Math.round(process.resourceUsage().maxRSS / 1024);
}

/** The tables of plans that read the same days. */
async function featuresOf<Plans extends readonly [Plan, ...Plan[]]>(
  plans: Plans,
): Promise<{ [Index in keyof Plans]: Features }> {
  const flights = await cleanFlights(plans[0]);
  const features = plans.map((plan) => computeFeatures(flights, split(flights, plan), plan));
  return features as { [Index in keyof Plans]: Features };
}

async function cleanFlights({ read, expectations }: Plan): Promise<FlightColumns> {
  const source = await openFlights();
  try {
    const validated = validate(await source.read(read), readAirports(), expectations);
    if (validated.state === 'failed') throw new Error(validated.because);
    return validated.flights;
  } finally {
    source.close();
  }
}
