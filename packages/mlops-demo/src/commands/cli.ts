/** What `mlops run` does: here are clock, disk and terminal. */
import { openObjectStore } from '../data/objects/open.js';
import type { Plan } from '../plan.js';
import { runPipeline } from '../pipeline.js';
import type { PipelineRun } from '../pipeline.js';
import { championFor } from '../registry/champion/store.js';
import { readRecord, registerModel, transition } from '../registry/changes/store.js';
import { hasModel, productionVersion, readModel } from '../registry/store.js';
import { progressLine, stageLine } from '../report/run-lines.js';
import { writeReport } from '../report/store.js';
import { givenAirports, givenBackend, givenFlights, versionsHere } from '../stage-cache/given/store.js';
import type { GivenFlights } from '../stage-cache/given/store.js';
import { keepNewestRuns } from '../stage-cache/runs/store.js';
import type { StageEntry } from '../stage-cache/stage-cache.js';
import { openStageCache } from '../stage-cache/store.js';
import { createStageRunner } from '../stage-runner.js';
import type { StageChange } from '../stage-runner/run-report.js';
import type { RunWish } from '../usage.js';
import { userName } from './user-name/store.js';

/** `mlops run`: answers the exit code. */
export async function run({ plan, modelsDir, json, dataPlace, force }: RunWish): Promise<number> {
  const startedMs = Date.now();
  const say = json ? process.stderr : process.stdout;
  const used: StageEntry[] = [];
  const flights = await flightsOf(plan, dataPlace);
  try {
    const outcome = await runPipeline(plan, {
      flights,
      airports: givenAirports(),
      backend: givenBackend(process.env['TRIOPS_TFJS_BACKEND'], ({ because }) => {
        say.write(`${clearLine(say)}tfjs backend ${because}\n`);
      }),
      createdAt: new Date(startedMs).toISOString(),
      versions: versionsHere(),
      ...(force && { force: { because: force.because, by: force.by ?? `person:${userName()}` } }),
      ...createStageRunner({
        now: Date.now,
        cache: openStageCache(modelsDir, (entry) => used.push(entry)),
        onChange: (change) => {
          writeReport(modelsDir, change.report);
          show(change, say);
        },
      }),
      registry: {
        register: (artifact) => registerModel(modelsDir, artifact),
        has: (version) => hasModel(modelsDir, version),
        production: () => productionVersion(modelsDir),
        record: (version) => readRecord(modelsDir, version),
        champion: (run) => championFor(modelsDir, run),
        promote: async (version, promotion) => {
          const at = new Date().toISOString();
          await transition(modelsDir, { version, to: 'production', at, ...promotion });
        },
      },
    });
    await keepNewestRuns(modelsDir, used);
    const seconds = (Date.now() - startedMs) / 1000;
    say.write(`${outcome.state} after ${seconds.toFixed(1)} s, peak memory ${peakMemoryMb()} MB\n`);
    if (json) console.log(JSON.stringify(await summaryOf(outcome, seconds), null, 2));
    return outcome.state === 'deployed' ? 0 : 1;
  } finally {
    await flights.close();
  }
}

/** `mlops run --if-none`: for a system's first start, which may be its hundredth. A model that no server would load is none. */
export async function runIfNone(wish: RunWish): Promise<number> {
  const { modelsDir, json } = wish;
  const version = await productionVersion(modelsDir);
  if (version === undefined || (await readModel(modelsDir, version)).state !== 'sound') return run(wish);
  console.log(
    json ? JSON.stringify({ state: 'kept', version }) : `${version} is in production: nothing to do`,
  );
  return 0;
}

/** The data versions that hold the plan's days, or the recorded file. */
async function flightsOf({ read }: Plan, dataPlace: string | undefined): Promise<GivenFlights> {
  if (dataPlace === undefined) return givenFlights();
  const { givenVersions } = await import('../data/versioned-flights/store.js');
  return givenVersions(openObjectStore(dataPlace, process.env), read);
}

/** Bars need a terminal; elsewhere each stage has one line when it has ended. */
function show(change: StageChange, say: NodeJS.WriteStream): void {
  if (change.state !== 'running') say.write(`${clearLine(say)}${stageLine(change)}\n`);
  else if (say.isTTY) say.write(`${clearLine(say)}${progressLine(change)}`);
}

function clearLine(say: NodeJS.WriteStream): string {
  return say.isTTY ? '\r\u001B[K' : '';
}

async function summaryOf(outcome: PipelineRun, seconds: number): Promise<object> {
  const { state } = outcome;
  if (state === 'batch refused') return { state, seconds, because: outcome.validated.because };
  const { rows, quarantined } = (await outcome.validated.value()).report;
  const found = {
    state,
    seconds,
    rows,
    quarantined,
    dataVersion: (await outcome.data.value()).version,
    evaluations: (await outcome.evaluated.value()).evaluations,
    comparison: await outcome.compared.value(),
    gate: await outcome.gated.value(),
    peakMemoryMb: peakMemoryMb(),
  };
  return 'deployed' in outcome
    ? { ...found, version: outcome.deployed.version, because: outcome.deployed.because }
    : found;
}

function peakMemoryMb(): number {
  return Math.round(process.resourceUsage().maxRSS / 1024);
}
