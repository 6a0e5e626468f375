/** What the monitor has found, as Prometheus gauges. Features are a fixed list, so no label grows. */
import { Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import { DIAGNOSES } from '../../monitor.js';
import type { MonitorReport } from '../monitor-report.js';

/** Returns what takes a report in. */
export function monitorMetrics(registry: Registry): (report: MonitorReport) => void {
  const registers = [registry];
  const gauge = (name: string, help: string, labelNames: string[] = []): Gauge =>
    new Gauge({ name: `model_server_window_${name}`, help, labelNames, registers });
  const score = gauge('feature_drift', 'Distance or adjusted p-value of each input in the running day.', [
    'feature',
    'test',
  ]);
  const drifted = gauge('feature_drifted', '1 where the input of the running day counts as drifted.', [
    'feature',
  ]);
  const prediction = gauge('prediction_drift', 'Distance of the predicted risks of the running day.');
  const unseen = gauge('unseen_slots_ratio', 'Departures of the running day in route-slots never seen.');
  const diagnosis = gauge('diagnosis', '1 for the diagnosis of the newest judged day.', ['state']);
  const performance = gauge('performance', 'Scores of the newest day whose labels are in.', ['score']);
  return ({ windows = [] }) => {
    const running = windows.at(-1);
    for (const each of [score, drifted, performance]) each.reset();
    prediction.remove();
    unseen.remove();
    if (running === undefined) return;
    for (const { column, test, value, drifted: moved } of running.inputs.columns) {
      score.set({ feature: column, test }, value);
      drifted.set({ feature: column }, moved ? 1 : 0);
    }
    if (running.predictions !== null) prediction.set(running.predictions.value);
    const slots = running.quality.checks.find(({ name }) => name === 'unseen route-slots');
    if (slots !== undefined) unseen.set(slots.value);
    const judged = windows.findLast(({ performance: { state } }) => state !== 'labels not in yet');
    for (const state of DIAGNOSES)
      diagnosis.set({ state }, (judged ?? running).diagnosis.state === state ? 1 : 0);
    for (const name of ['auc', 'skill', 'logLoss', 'ece'] as const) {
      const value = judged?.performance[name] ?? null;
      if (value !== null) performance.set({ score: name }, value);
    }
  };
}
