/** `mlops story april` and `mlops story months`: the two stories that the real flights tell, from the real parts. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { chooseBackend } from '../../backend.js';
import { oneOf, readArguments, TEXT, UsageError, wholeNumber } from '../../command-line.js';
import { readCleanFlights } from '../../data/clean-flights/store.js';
import { fastPlan } from '../../plan.js';
import { transition } from '../../registry/changes/store.js';
import { challengerPlan } from '../../retrain/challenger-plan.js';
import { simulate } from '../../retrain/simulate.js';
import type { Simulated } from '../../retrain/simulated-models.js';
import { loadWatcher, trainChallenger } from '../../retrain/train/store.js';
import { LEAST_ROWS } from '../../usage.js';
import { APRIL_HEAD, aprilLines } from './april.js';
import { referenceFor } from './flights.js';
import { monthsStory } from './months.js';
import { monthsChart, monthsLines } from './months-lines.js';

const DEFAULT_ROWS = '150000';

/** Answers the exit code. */
export async function story(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(args, { out: TEXT, rows: TEXT });
  const [name, ...rest] = positionals;
  if (rest.length > 0) throw new UsageError(`story: expected one story, got also '${rest.join(' ')}'`);
  const rows = wholeNumber('--rows', values.rows ?? DEFAULT_ROWS, LEAST_ROWS);
  return oneOf('story', name, ['april', 'months']) === 'april' ? april() : months(rows, values.out);
}

async function months(rows: number, out: string | undefined): Promise<number> {
  const { because } = await chooseBackend(process.env['TRIOPS_TFJS_BACKEND']);
  console.log(`tfjs backend ${because}`);
  const flights = await readCleanFlights({ from: '2001-01-01', through: '2001-06-30' });
  const told = await monthsStory(flights, { rows, seed: 1, onTrained: (line) => console.log(line) });
  for (const line of ['', ...monthsLines(told)]) console.log(line);
  if (out === undefined) return 0;
  await mkdir(dirname(out), { recursive: true });
  await writeFile(out, `${monthsChart(told)}\n`);
  console.log(`\n${out}`);
  return 0;
}

async function april(): Promise<number> {
  const { because } = await chooseBackend(process.env['TRIOPS_TFJS_BACKEND']);
  console.log(`tfjs backend ${because}`);
  const modelsDir = await mkdtemp(join(tmpdir(), 'triops-story-'));
  try {
    const at = '2001-02-01T10:00:00.000Z';
    const plan = fastPlan({ through: '2001-01-31' });
    const trained = await trainChallenger({ modelsDir, plan, at, onChange: () => undefined });
    if (trained.state === 'refused') throw new Error(trained.because);
    const { version } = trained;
    await transition(modelsDir, {
      version,
      to: 'production',
      by: 'pipeline',
      because: 'the first model',
      at,
    });
    const first = await load(modelsDir, version);
    const { auc, skill } = first.reference;
    console.log(
      `${version}: trained in January, examined 25 to 31 January: AUC ${auc.toFixed(3)}, skill ${skill.toFixed(3)}\n`,
    );
    for (const line of APRIL_HEAD) console.log(line);
    const flights = await readCleanFlights({ from: '2001-03-15', through: '2001-04-16' });
    const days = { from: '2001-04-01', through: '2001-04-15' };
    const simulated = simulate(flights, days, first, {
      train: (dataThrough) =>
        trainChallenger({ modelsDir, plan: challengerPlan(dataThrough), at, onChange: () => undefined }),
      load: (challenger) => load(modelsDir, challenger),
      stage: async ({ version, to, share, because }, at) => {
        const change = { version, to, by: 'retrain', because, at, ...(share === undefined ? {} : { share }) };
        await transition(modelsDir, change);
      },
    });
    for await (const day of simulated) for (const line of aprilLines(day)) console.log(line);
    return 0;
  } finally {
    await rm(modelsDir, { recursive: true, force: true });
  }
}

async function load(modelsDir: string, version: string): Promise<Simulated> {
  const watcher = await loadWatcher(modelsDir, version);
  if (watcher === undefined) throw new Error(`${version} cannot be loaded`);
  return { ...watcher, reference: await referenceFor(watcher) };
}
