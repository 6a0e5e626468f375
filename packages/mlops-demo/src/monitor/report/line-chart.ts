/**
 * Line chart: a few lines over days, as SVG that needs no script and reads in light and in dark.
 *
 * in:  { title, labels: ['2001-04-01', …], lines: [{ name: 'AUC', values: [0.79, …] }], limits: [{ name: 'gate', value: 0.83 }] }
 * out: '<svg viewBox="0 0 880 260" …>'
 *
 * Rule: a null value is a gap, not a zero. Marks (days worth a look) are bands behind the lines.
 */
import { escapeXml } from './escape-xml.js';

export interface ChartLine {
  name: string;
  values: readonly (number | null)[];
}

export interface LineChart {
  title: string;
  /** One for each position on the axis. */
  labels: readonly string[];
  lines: readonly ChartLine[];
  limits?: readonly { name: string; value: number }[];
  /** Bands by position. */
  marks?: readonly { at: number; kind: 'bad' | 'odd' }[];
  /** How a value is written. */
  format: (value: number) => string;
}

const WIDTH = 880;
const HEIGHT = 270;
const LEFT = 56;
const RIGHT = 16;
const TOP = 48;
const BOTTOM = 34;
const MOST_LABELS = 10;
const GRID_LINES = 4;

/** Colours that have enough contrast on white and on near-black (Okabe & Ito, colour-blind safe). */
export const CHART_STYLE = `
.chart{font:13px system-ui,sans-serif;fill:#3b4252}.chart .title{font-weight:600;fill:#1c2430}
.chart .grid{stroke:#d9dee7}.chart .limit{stroke:#8a93a3;stroke-dasharray:5 4}
.chart .bad{fill:#d55e00;opacity:.16}.chart .odd{fill:#0072b2;opacity:.10}
.chart .line{fill:none;stroke-width:2.2}.chart .c0{stroke:#0072b2}.chart .c1{stroke:#d55e00}.chart .c2{stroke:#009e73}
.chart .k0{fill:#0072b2}.chart .k1{fill:#d55e00}.chart .k2{fill:#009e73}
@media (prefers-color-scheme:dark){.chart{fill:#c3cad6}.chart .title{fill:#f0f3f8}.chart .grid{stroke:#333c4a}
.chart .c0{stroke:#56b4e9}.chart .c1{stroke:#ff9d4d}.chart .c2{stroke:#3fd0a4}.chart .k0{fill:#56b4e9}.chart .k1{fill:#ff9d4d}.chart .k2{fill:#3fd0a4}}`;

/** @param standalone with its own style and background-free frame, for a file of its own */
export function lineChart(chart: LineChart, standalone = false): string {
  const scale = scaleOf(chart);
  const x = (at: number): number =>
    LEFT + ((WIDTH - LEFT - RIGHT) * (at + 0.5)) / Math.max(chart.labels.length, 1);
  const y = (value: number): number =>
    TOP + (HEIGHT - TOP - BOTTOM) * (1 - (value - scale.low) / (scale.high - scale.low));
  const band = (WIDTH - LEFT - RIGHT) / Math.max(chart.labels.length, 1);
  const parts = [
    `<text class="title" x="${LEFT}" y="18">${escapeXml(chart.title)}</text>`,
    ...chart.lines.map(
      ({ name }, i) =>
        `<circle class="k${i}" cx="${LEFT + 6 + i * 230}" cy="33" r="5"/><text x="${LEFT + 17 + i * 230}" y="37">${escapeXml(name)}</text>`,
    ),
    ...(chart.marks ?? []).map(
      ({ at, kind }) =>
        `<rect class="${kind}" x="${round(x(at) - band / 2)}" y="${TOP}" width="${round(band)}" height="${HEIGHT - TOP - BOTTOM}"/>`,
    ),
    ...gridOf(scale).map(
      (value) =>
        `<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${round(y(value))}" y2="${round(y(value))}"/><text x="${LEFT - 8}" y="${round(y(value) + 4)}" text-anchor="end">${escapeXml(chart.format(value))}</text>`,
    ),
    ...(chart.limits ?? []).map(
      ({ name, value }) =>
        `<line class="limit" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${round(y(value))}" y2="${round(y(value))}"/><text x="${WIDTH - RIGHT}" y="${round(y(value) - 5)}" text-anchor="end">${escapeXml(name)}</text>`,
    ),
    ...labelsOf(chart.labels).map(
      ([at, label]) =>
        `<text x="${round(x(at))}" y="${HEIGHT - 12}" text-anchor="middle">${escapeXml(label)}</text>`,
    ),
    ...chart.lines.map((line, i) => `<path class="line c${i}" d="${pathOf(line.values, x, y)}"/>`),
    ...dotsOf(chart, x, y),
  ];
  const style = standalone ? `<style>${CHART_STYLE}</style>` : '';
  const svg = `<svg class="chart" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escapeXml(chart.title)}">${style}\n${parts.join('\n')}\n</svg>`;
  return standalone ? svg : `<div class="scroll plot">${svg}</div>`;
}

interface Scale {
  low: number;
  high: number;
}

function scaleOf({ lines, limits = [] }: LineChart): Scale {
  const values = [...lines.flatMap((line) => line.values), ...limits.map(({ value }) => value)];
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return { low: 0, high: 1 };
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const margin = (high - low || Math.abs(high) || 1) * 0.08;
  return { low: low - margin, high: high + margin };
}

function gridOf({ low, high }: Scale): number[] {
  return Array.from({ length: GRID_LINES + 1 }, (_, i) => low + ((high - low) * i) / GRID_LINES);
}

function labelsOf(labels: readonly string[]): [number, string][] {
  const every = Math.ceil(labels.length / MOST_LABELS);
  return [...labels.entries()].filter(([at]) => at % every === 0);
}

function pathOf(
  values: readonly (number | null)[],
  x: (at: number) => number,
  y: (value: number) => number,
): string {
  let pen = false;
  const steps: string[] = [];
  for (const [at, value] of values.entries()) {
    if (value !== null) steps.push(`${pen ? 'L' : 'M'}${round(x(at))} ${round(y(value))}`);
    pen = value !== null;
  }
  return steps.join('');
}

/** Points are drawn where there are few enough to be told apart, each with its value as a tooltip. */
function dotsOf(chart: LineChart, x: (at: number) => number, y: (value: number) => number): string[] {
  return chart.lines.flatMap(({ name, values }, i) =>
    values.flatMap((value, at) =>
      value === null
        ? []
        : [
            `<circle class="k${i}" cx="${round(x(at))}" cy="${round(y(value))}" r="3"><title>${escapeXml(`${chart.labels[at] ?? ''}: ${name} ${chart.format(value)}`)}</title></circle>`,
          ],
    ),
  );
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
