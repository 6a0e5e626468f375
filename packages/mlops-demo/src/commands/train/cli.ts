/** Runs `mlops tune`, `fine-tune` and `card`: here are clock, disk and terminal. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { chooseBackend } from '../../backend.js';
import { readCleanFlights } from '../../data/clean-flights/store.js';
import { computeFeatures } from '../../features.js';
import type { Features } from '../../features.js';
import { compareWays } from '../../fine-tune.js';
import { dayNumber } from '../../flights.js';
import { modelCard } from '../../model-card.js';
import { fastPlan, fullPlan } from '../../plan.js';
import type { Plan } from '../../plan.js';
import { readRecord } from '../../registry/changes/store.js';
import { readModel } from '../../registry/store.js';
import { TRIAL_HEADER, trialLine, wayLines } from '../../report/train-lines.js';
import { split } from '../../split.js';
import { tune } from '../../tune.js';
import { readTrainWish } from '../train.js';
import type { TrainWish } from '../train.js';

/** Answers the exit code. */
export async function training(args: readonly string[]): Promise<number> {
  const wish = readTrainWish(args, process.env);
  if (wish.what === 'card') return card(wish);
  if (wish.what === 'tune') await search(wish);
  if (wish.what === 'fine-tune') await fineTune(wish);
  return 0;
}

async function card({ version, modelsDir }: TrainWish): Promise<number> {
  const read = await readModel(modelsDir, version);
  if (read.state !== 'sound') throw new Error(read.because);
  process.stdout.write(modelCard(read.manifest, await readRecord(modelsDir, version)));
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
  console.log(
    ['', 'the best first:', TRIAL_HEADER, ...tuned.trials.map(trialLine), tuned.because].join('\n'),
  );
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

/** The tables of plans that read the same days. */
async function featuresOf<Plans extends readonly [Plan, ...Plan[]]>(
  plans: Plans,
): Promise<{ [Index in keyof Plans]: Features }> {
  const flights = await readCleanFlights(plans[0].read, plans[0].expectations);
  const features = plans.map((plan) => computeFeatures(flights, split(flights, plan), plan));
  return features as { [Index in keyof Plans]: Features };
}
