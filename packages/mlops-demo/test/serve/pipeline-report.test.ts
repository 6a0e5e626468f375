import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { chooseBackend } from '../../src/backend.js';
import { deploy, emptyRegistry, startServer } from './harness.js';
import { writeReport } from '../../src/report/store.js';
import { waitingReport } from '../../src/stage-runner/run-report.js';
import { nextStep } from '../../src/retrain/attempt.js';
import { NEVER_RETRAINED } from '../../src/retrain/state.js';
import type { RetrainState } from '../../src/retrain/state.js';
import { Monitor } from '../../src/serve/monitor.js';
import { pipelineNow } from '../../src/serve/pipeline-report.js';
import { randomModel } from './world.js';

beforeAll(async () => {
  await chooseBackend('cpu');
});

interface Pipeline {
  pipeline: string;
  stages: { name: string; state: string; because: string; file: string; seconds?: number }[];
}

describe('the pipeline report', () => {
  it('without a run report it is retold from the manifest of the model that serves', async () => {
    const modelsDir = await emptyRegistry();
    await deploy(modelsDir, randomModel(1), 'm-1');
    const server = await startServer(modelsDir);
    await server.ready();
    const { pipeline, stages } = await server.json<Pipeline>('/v1/pipeline');
    expect(pipeline).toBe('mlops');
    expect(stages.map(({ name, state }) => `${name} ${state}`)).toEqual([
      'ingest passed',
      'validate passed',
      'version passed',
      'split passed',
      'features passed',
      'train passed',
      'evaluate passed',
      'compare passed',
      'gate passed',
      'register passed',
      'deploy passed',
      'monitor running',
    ]);
    expect(stages[6]?.because).toBe('the last week: AUC 0.870 (hour table 0.640)');
    expect(stages[10]?.because).toMatch(/^m-1 serves since \d{4}-/);
  });

  it('a run whose model is no better than the one that serves ends at its gate, with the reason in words', async () => {
    const modelsDir = await emptyRegistry();
    await deploy(modelsDir, randomModel(1), 'm-1');
    const because =
      'not better than the champion: equal to m-1: log loss lower by 0.0012 (95 % over 7 days: …)';
    const report = waitingReport(Date.now());
    const stages = report.stages.map((each) => {
      if (each.name === 'gate') return { ...each, state: 'failed' as const, because };
      const behind = each.name === 'register' || each.name === 'deploy';
      return behind ? { ...each, state: 'skipped' as const } : { ...each, state: 'passed' as const };
    });
    writeReport(modelsDir, { ...report, stages });
    const server = await startServer(modelsDir);
    await server.ready();
    const shown = (await server.json<Pipeline>('/v1/pipeline')).stages;
    expect(shown.find(({ name }) => name === 'gate')).toMatchObject({ state: 'failed', because });
    expect(shown.find(({ name }) => name === 'deploy')).toMatchObject({ state: 'passed' });
  });

  it('a run that is under way is shown as it goes, beside the model that serves meanwhile', async () => {
    const modelsDir = await emptyRegistry();
    await deploy(modelsDir, randomModel(1), 'm-1');
    const file = 'packages/mlops-demo/src/train.ts';
    const run = {
      pipeline: 'mlops',
      updatedAt: new Date().toISOString(),
      stages: [
        { name: 'train', state: 'running', because: 'epoch 3 of 6', file, seconds: 2.5 },
        { name: 'deploy', state: 'waiting', because: 'not reached yet', file },
      ],
    };
    await writeFile(join(modelsDir, 'run.json'), JSON.stringify(run));
    const server = await startServer(modelsDir);
    await server.ready();
    const { stages } = await server.json<Pipeline>('/v1/pipeline');
    expect(stages.map(({ name, state }) => `${name} ${state}`)).toEqual([
      'train running',
      'deploy passed',
      'monitor running',
    ]);
    const killed = { ...run, updatedAt: '2026-01-01T00:00:00.000Z' };
    await writeFile(join(modelsDir, 'run.json'), JSON.stringify(killed));
    expect((await server.json<Pipeline>('/v1/pipeline')).stages[0]).toMatchObject({
      state: 'failed',
      because: 'stopped without a word at 2026-01-01T00:00:00.000Z',
    });
    await writeFile(join(modelsDir, 'run.json'), '{"stages": [');
    expect((await server.json<Pipeline>('/v1/pipeline')).stages).toHaveLength(12);
  });
});

describe('the retrain stage', () => {
  const deployment = { state: 'serving', version: 'm-1', because: 'm-1 serves' } as const;
  const stageOf = (state: Pick<RetrainState, 'phase' | 'attempts'>): unknown =>
    pipelineNow({
      run: undefined,
      manifest: undefined,
      deployment,
      monitor: undefined,
      retraining: { ...state, decision: { because: 'no trigger holds' } },
      now: '2001-04-02T00:00:00Z',
    }).stages.at(-1);
  const begun = nextStep(
    NEVER_RETRAINED,
    { what: 'started', trigger: 'decay', because: 'AUC .77', dataThrough: '2001-03-31' },
    '2001-04-01T17:00:00Z',
  ).state;

  it('waits while nothing was ever tried, runs with an attempt, and has passed when that ended', () => {
    expect(stageOf(NEVER_RETRAINED)).toMatchObject({ state: 'waiting', because: 'no trigger holds' });
    expect(stageOf(begun)).toMatchObject({
      state: 'running',
      because: '2001-04-01 17:00 UTC, attempt 1: training, decay: AUC .77',
    });
    const news = { what: 'trained', state: 'refused', because: 'the gate: AUC' } as const;
    expect(stageOf(nextStep(begun, news, '2001-04-01T18:00:00Z').state)).toMatchObject({
      state: 'passed',
      because: '2001-04-01 18:00 UTC, attempt 1: discarded, the gate: AUC',
    });
  });

  it('is not there where the server does not retrain', () => {
    const { stages } = pipelineNow({
      run: undefined,
      manifest: undefined,
      deployment,
      monitor: undefined,
      now: '2001-04-02T00:00:00Z',
    });
    expect(stages.at(-1)?.name).toBe('monitor');
  });
});

describe('the monitor stage', () => {
  const deployment = { state: 'serving', version: 'm-1', because: 'm-1 serves' } as const;
  const stageOf = (monitor: Monitor): unknown =>
    pipelineNow({
      run: undefined,
      manifest: undefined,
      deployment,
      monitor: monitor.check(),
      now: '2001-02-01T00:00:00Z',
    }).stages.at(-1);

  /** Risks far from the reference, each followed by what happened. */
  function watched(risk: (late: boolean) => number): Monitor {
    const monitor = new Monitor({ riskHistogram: [0, 0, 0, 0, 1, 0, 0, 0, 0, 0], baseRate: 0.5 });
    for (let i = 0; i < 600; i++) {
      const late = i % 2 === 0;
      monitor.predicted(`flight-${i}`, risk(late));
      monitor.landed(`flight-${i}`, late ? 30 : 0);
    }
    return monitor;
  }

  it('drift without decay is no failure', () => {
    const stage = stageOf(watched((late) => (late ? 0.95 : 0.05)));
    expect(stage).toMatchObject({
      state: 'passed',
      because: expect.stringMatching(/^risks \(PSI\) shifted: .*; drift without decay$/) as string,
    });
  });

  it('a model that is no better than the base rate has failed', () => {
    const stage = stageOf(watched((late) => (late ? 0.05 : 0.95)));
    expect(stage).toMatchObject({
      state: 'failed',
      because: expect.stringMatching(/; the base rate would do as well$/) as string,
    });
  });
});
