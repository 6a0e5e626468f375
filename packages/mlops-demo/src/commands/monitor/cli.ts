/** `mlops monitor`: plays recorded flights past a registered model. What its words mean stands in commands/monitor.ts. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { chooseBackend } from '../../backend.js';
import { readCleanFlights } from '../../data/clean-flights/store.js';
import { TIMETABLE_DAYS } from '../../features/learned-timetable.js';
import { dateOf, dayNumber } from '../../flights.js';
import { scoreBatch } from '../../model.js';
import { falseAlarms } from '../../monitor/false-alarms.js';
import type { Watcher } from '../../monitor/flight-watch.js';
import { monitorDays, referenceDays } from '../../monitor/monitor-days.js';
import type { MonitoredDays } from '../../monitor/monitor-days.js';
import { falseAlarmLines, reportLines } from '../../monitor/report/lines.js';
import { htmlReport } from '../../monitor/report/html-report.js';
import type { ModelManifest } from '../../registry/manifest.js';
import { loadModel } from '../../registry/store.js';
import { checkSpan, readMonitorWish } from '../monitor.js';
import type { MonitorWish } from '../monitor.js';

type Wish<Action> = Extract<MonitorWish, { action: Action }>;

const DEFAULT_DAYS = 14;

/** Answers the exit code. */
export async function monitor(args: readonly string[]): Promise<number> {
  const wish = readMonitorWish(args, process.env);
  return wish.action === 'report' ? report(wish) : alarms(wish);
}

async function report(wish: Wish<'report'>): Promise<number> {
  const loaded = await watcherOf(wish.modelsDir, wish.model);
  if (typeof loaded === 'string') return fail(loaded);
  const { manifest, watcher } = loaded;
  const known = dayNumber(manifest.dataThrough);
  const from = wish.from ?? dateOf(known + 1);
  const judge = { from, through: wish.through ?? dateOf(dayNumber(from) + DEFAULT_DAYS - 1) };
  checkSpan(judge.from, judge.through);
  const found = await play(manifest, watcher, { judge, windowDays: wish.windowDays, seed: wish.seed });
  if (wish.json) console.log(JSON.stringify(found.windows, null, 2));
  else for (const line of reportLines(manifest.version, found)) console.log(line);
  if (wish.out === undefined) return 0;
  await mkdir(dirname(wish.out), { recursive: true });
  const source = `Recorded flights of ${judge.from} to ${judge.through}, seed ${wish.seed}.`;
  await writeFile(wish.out, htmlReport({ model: manifest.version, ...found, source }));
  if (!wish.json) console.log(`\n${wish.out}`);
  return 0;
}

async function alarms(wish: Wish<'false-alarms'>): Promise<number> {
  const loaded = await watcherOf(wish.modelsDir, wish.model);
  if (typeof loaded === 'string') return fail(loaded);
  const { manifest, watcher } = loaded;
  const judge = referenceDays(manifest.dataThrough);
  const found = await play(manifest, watcher, { judge, windowDays: 7, seed: wish.seed });
  const measured = falseAlarms(found.referenceFacts, wish.months, wish.seed);
  for (const line of falseAlarmLines(found.reference, wish.months, measured)) console.log(line);
  return 0;
}

async function watcherOf(
  modelsDir: string,
  version: string,
): Promise<{ manifest: ModelManifest; watcher: Watcher } | string> {
  await chooseBackend(process.env['TRIOPS_TFJS_BACKEND']);
  const loaded = await loadModel(modelsDir, version);
  if (loaded.state !== 'loaded') return loaded.because;
  const { manifest, model, timetable } = loaded;
  return {
    manifest,
    watcher: {
      name: manifest.version,
      view: (world) => world.withTimetable(timetable),
      score: (rows) => scoreBatch(model, rows),
    },
  };
}

async function play(
  manifest: ModelManifest,
  watcher: Watcher,
  request: { judge: { from: string; through: string }; windowDays: number; seed: number },
): Promise<MonitoredDays> {
  const reference = referenceDays(manifest.dataThrough);
  const first = Math.min(dayNumber(reference.from), dayNumber(request.judge.from)) - TIMETABLE_DAYS - 1;
  const last = Math.max(dayNumber(reference.through), dayNumber(request.judge.through));
  const flights = await readCleanFlights({ from: dateOf(first), through: dateOf(last) });
  return monitorDays({ flights, watcher, reference, ...request });
}

function fail(because: string): number {
  console.error(`mlops: ${because}`);
  return 1;
}
