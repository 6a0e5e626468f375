/**
 * HTML report: what the monitor found, as one page that a person can read.
 *
 * in:  the model, its reference, WindowReport[] in order of time
 * out: one HTML document: verdict first, then the charts, the windows with their reasons, and every column of every window
 *
 * Rule: nothing is loaded from elsewhere and nothing runs: style and charts are in the page, so that it can be mailed, archived and served
 * under the strictest content policy. Light or dark as the reader's system says.
 */
import type { WindowReport } from '../../monitor.js';
import { columnTable } from './column-table.js';
import { escapeXml } from './escape-xml.js';
import { CHART_STYLE, lineChart } from './line-chart.js';
import { PAGE_STYLE } from './page-style.js';

export interface MonitorPage {
  model: string;
  /** The days the model was examined on, and how well it did. */
  reference: { from: string; through: string; auc: number; skill: number };
  windows: readonly WindowReport[];
  /** A sentence on how the windows came about. */
  source: string;
}

export function htmlReport({ model, reference, windows, source }: MonitorPage): string {
  const last = windows.at(-1);
  const head =
    last === undefined ? 'no window yet' : `${spanOf(last)}${soFar(last)}: ${last.diagnosis.state}`;
  const examined = `Compared with ${reference.from} to ${reference.through}, the days it was examined on: AUC ${reference.auc.toFixed(3)}, skill ${reference.skill.toFixed(3)}.`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark"><title>Monitor: ${escapeXml(model)}</title>
<style>${PAGE_STYLE}${CHART_STYLE}</style></head><body><main>
<p class="eyebrow">Model monitor</p>
<h1>${escapeXml(model)}</h1>
${last === undefined ? '' : `<p class="verdict ${toneOf(last)}"><b>${escapeXml(head)}</b> ${escapeXml(last.diagnosis.because)}</p>`}
<p>${escapeXml(examined)} ${escapeXml(source)}</p>
${tally(windows)}
${charts(windows, reference)}
<h2>Windows</h2>
${windowTable(windows)}
<h2>Inputs and risks by day</h2>
<p>How far each column is from the reference: the distance or p-value that decides, darker the farther; outlined where it counts as drift.</p>
${columnTable(windows)}
<h2>How to read this</h2>
<p><b>Drift without decay</b>: inputs or predictions moved, the labels are in, and the model is as good as it was. Leave it alone. <b>Decay</b>: the
labels are in, skill is below half of the reference's and AUC more than .05 below. <b>Labels not in yet</b>: fewer than 95 % of the flights have landed; those that
land first are short and punctual, so nothing is judged. Skill is 1 − log loss ÷ entropy of the window's own late share: a constant has 0.</p>
<p>Columns with more than 1000 reference rows: numbers by Wasserstein distance in standard deviations of the reference, categories by Jensen–Shannon distance,
drift from 0.1. With fewer: Kolmogorov–Smirnov and χ², p-values adjusted over the window's columns (Benjamini–Hochberg), drift below 0.05. A window drifts
when at least half of its columns do. These are Evidently's defaults.</p>
</main></body></html>
`;
}

export function spanOf({ from, through }: Pick<WindowReport, 'from' | 'through'>): string {
  return from === through ? from : `${from} to ${through}`;
}

/** A day that is not over is compared with whole ones: its morning is no drift. */
function soFar({ complete }: WindowReport): string {
  return complete ? '' : ' so far';
}

function toneOf({ diagnosis, complete }: WindowReport): string {
  if (!complete && diagnosis.state !== 'broken data') return 'open';
  if (diagnosis.state === 'decay' || diagnosis.state === 'broken data') return 'bad';
  if (diagnosis.state === 'steady') return 'good';
  return diagnosis.state.startsWith('drift') ? 'odd' : 'open';
}

function tally(windows: readonly WindowReport[]): string {
  const counts = new Map<string, { count: number; tone: string }>();
  for (const window of windows) {
    const { state } = window.diagnosis;
    counts.set(state, { count: (counts.get(state)?.count ?? 0) + 1, tone: toneOf(window) });
  }
  const items = [...counts].map(
    ([state, { count, tone }]) => `<li class="${tone}"><b>${count}</b> ${escapeXml(state)}</li>`,
  );
  return `<ul class="tally">${items.join('')}</ul>`;
}

function charts(windows: readonly WindowReport[], reference: MonitorPage['reference']): string {
  const labels = windows.map(({ from }) => from.slice(5));
  const marks = windows.flatMap((window, at) => {
    const tone = toneOf(window);
    return tone === 'bad' || tone === 'odd' ? [{ at, kind: tone } as const] : [];
  });
  const decided = (of: (window: WindowReport) => number | null) =>
    windows.map((window) => (window.performance.state === 'labels not in yet' ? null : of(window)));
  const two = (value: number): string => value.toFixed(2);
  const percent = (value: number): string => `${(value * 100).toFixed(0)} %`;
  const unseen = windows.map(
    ({ quality }) => quality.checks.find(({ name }) => name === 'unseen route-slots')?.value ?? null,
  );
  return [
    lineChart({
      title: 'Performance with delayed labels (orange: decay, blue: drift without decay)',
      labels,
      marks,
      lines: [{ name: 'AUC', values: decided(({ performance }) => performance.auc) }],
      limits: [{ name: 'reference', value: reference.auc }],
      format: two,
    }),
    lineChart({
      title: 'Skill against the window’s own late share, and calibration error',
      labels,
      marks,
      lines: [
        { name: 'skill', values: decided(({ performance }) => performance.skill) },
        { name: 'calibration error', values: decided(({ performance }) => performance.ece) },
      ],
      limits: [
        { name: 'reference’s skill', value: reference.skill },
        { name: 'half of it', value: reference.skill / 2 },
      ],
      format: two,
    }),
    lineChart({
      title: 'Without labels: departures in route-slots never seen',
      labels,
      lines: [{ name: 'unseen route-slots', values: unseen }],
      limits: [{ name: 'alarm', value: 0.1 }],
      format: percent,
    }),
    lineChart({
      title: 'Inputs and predictions',
      labels,
      lines: [
        { name: 'share of columns that drifted', values: windows.map(shareDrifted) },
        {
          name: 'predictions, Wasserstein',
          values: windows.map(({ predictions }) => predictions?.value ?? null),
        },
      ],
      limits: [{ name: 'half of the columns', value: 0.5 }],
      format: two,
    }),
  ].join('\n');
}

function shareDrifted({ inputs }: WindowReport): number | null {
  return inputs.columns.length === 0 ? null : inputs.drifted / inputs.columns.length;
}

function windowTable(windows: readonly WindowReport[]): string {
  const number = (value: number | null): string => (value === null ? '–' : value.toFixed(3));
  const rows = windows.map((window) => {
    const { performance, inputs, predictions, diagnosis } = window;
    const cells = [
      number(performance.auc),
      number(performance.skill),
      number(performance.ece),
      number(performance.lateShare),
      `${(performance.labelledShare * 100).toFixed(0)} %`,
      `${inputs.drifted} of ${inputs.columns.length}`,
      predictions === undefined ? '–' : predictions.value.toFixed(2),
    ].map((cell) => `<td class="n">${escapeXml(cell)}</td>`);
    return `<tr><th scope="row">${escapeXml(spanOf(window) + soFar(window))}</th><td class="n">${window.departures.toLocaleString('en-US')}</td><td><span class="pill ${toneOf(window)}">${escapeXml(diagnosis.state)}</span></td>${cells.join('')}</tr><tr class="why"><td colspan="10">${escapeXml(diagnosis.because)}</td></tr>`;
  });
  return `<div class="scroll"><table><thead><tr><th>window</th><th>departures</th><th>diagnosis</th><th>AUC</th><th>skill</th><th>ECE</th><th>late</th><th>landed</th><th>columns drifted</th><th>risk moved</th></tr></thead><tbody>
${rows.join('\n')}
</tbody></table></div>`;
}
