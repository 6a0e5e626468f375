/** What the commands do: here are clock, disk and terminal. Loaded only when a command needs the model. */
import { chooseBackend } from '../backend.js';
import { openFlights } from '../data/store.js';
import type { Plan } from '../plan.js';
import { runPipeline } from '../pipeline.js';
import type { PipelineRun } from '../pipeline.js';
import { productionVersion, registerModel, transition } from '../registry/store.js';
import { progressLine, stageLine } from '../report/run-lines.js';
import { writeReport } from '../report/store.js';
import { createStageRunner } from '../stage-runner.js';
import type { StageChange } from '../stage-runner.js';
import { readAirports } from '../vega-datasets/store.js';

/** `mlops run`: answers the exit code. */
export async function run(plan: Plan, modelsDir: string, json: boolean): Promise<number> {
  const startedMs = Date.now();
  const say = json ? process.stderr : process.stdout;
  const { backend, because } = await chooseBackend(process.env['TRIOPS_TFJS_BACKEND']);
  say.write(`tfjs backend ${because}\n`);
  const source = await openFlights();
  try {
    const outcome = await runPipeline(plan, {
      flights: source,
      airports: readAirports(),
      backend,
      createdAt: new Date(startedMs).toISOString(),
      stage: createStageRunner(Date.now, (change) => {
        writeReport(modelsDir, change.report);
        show(change, say);
      }),
      registry: {
        register: (artifact) => registerModel(modelsDir, artifact),
        production: () => productionVersion(modelsDir),
        promote: async (version, because) => {
          const at = new Date().toISOString();
          await transition(modelsDir, { version, to: 'production', by: 'pipeline', because, at });
        },
      },
    });
    const seconds = (Date.now() - startedMs) / 1000;
    say.write(`${outcome.state} after ${seconds.toFixed(1)} s\n`);
    if (json) console.log(JSON.stringify(summaryOf(outcome, seconds), null, 2));
    return outcome.state === 'deployed' ? 0 : 1;
  } finally {
    source.close();
  }
}

/** `mlops run --if-none`: for a system's first start, which may be its hundredth. */
export async function runIfNone(plan: Plan, modelsDir: string, json: boolean): Promise<number> {
  const version = await productionVersion(modelsDir);
  if (version === undefined) return run(plan, modelsDir, json);
  console.log(
    json ? JSON.stringify({ state: 'kept', version }) : `${version} is in production: nothing to do`,
  );
  return 0;
}

/** Bars need a terminal; elsewhere each stage has one line when it has ended. */
function show(change: StageChange, say: NodeJS.WriteStream): void {
  if (change.state !== 'running') say.write(`${say.isTTY ? '\r\u001B[K' : ''}${stageLine(change)}\n`);
  else if (say.isTTY) say.write(`\r\u001B[K${progressLine(change)}`);
}

function summaryOf(outcome: PipelineRun, seconds: number): object {
  const { state } = outcome;
  if (state === 'batch refused') return { state, seconds, because: outcome.validated.because };
  const { evaluated, gated, data, validated } = outcome;
  const found = {
    state,
    seconds,
    rows: validated.report.rows,
    quarantined: validated.report.quarantined,
    dataVersion: data.version,
    evaluations: evaluated.evaluations,
    gate: gated,
    peakMemoryMb: Math.round(process.resourceUsage().maxRSS / 1024),
  };
  return state === 'deployed' ? { ...found, version: outcome.deployed.version } : found;
}
