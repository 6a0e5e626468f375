/** Lines over time, with a legend that says each line's value in words. */
import { useMemo, useState } from 'preact/hooks';
import type uPlot from 'uplot';
import type { Chart, ChartLine } from '../src/charts.js';
import { StateIcon } from './icons.js';
import { Plot, axis, colourOf } from './plot.js';

interface LineStyle {
  name: string;
  colour: string;
  dash: number[];
}

/** Lines differ in dashes too, not in colour alone. The colour is that of the part's lane. */
const styles: Record<string, LineStyle> = {
  'flights-api/request-rate': { name: 'flights-api', colour: '--devops', dash: [] },
  'model-server/request-rate': { name: 'model-server', colour: '--mlops', dash: [7, 4] },
  'flights-api/error-ratio': { name: 'flights-api errors', colour: '--devops', dash: [] },
  'flights-api/degraded-ratio': { name: 'degraded', colour: '--warn', dash: [2, 3] },
  'model-server/error-ratio': { name: 'model-server errors', colour: '--mlops', dash: [7, 4] },
  'flights-api/latency-p95': { name: 'flights-api', colour: '--devops', dash: [] },
  'model-server/latency-p95': { name: 'model-server', colour: '--mlops', dash: [7, 4] },
};
const plain: LineStyle = { name: 'unknown', colour: '--ink', dash: [] };

const HEIGHT = 170;
const CLOCK = '{HH}:{mm}';
/** A chart that has just begun shows two minutes, so that its first seconds are not stretched over the whole width. */
const LEAST_SPAN_S = 120;
const TICKS_S = [60, 120, 180, 300];

interface LineChartProps {
  label: string;
  chart: Chart;
  /** Writes a value for the axis and the legend. */
  write: (value: number) => string;
  /** The axis reaches at least this far, so that noise near zero does not look like a mountain. */
  smallestTop: number;
}

export function LineChart({ label, chart, write, smallestTop }: LineChartProps) {
  const [index, setIndex] = useState<number | null>(null);
  const data = useMemo(
    () => [chart.times, ...chart.lines.map(({ values }) => values)] as uPlot.AlignedData,
    [chart],
  );
  const options = useMemo(() => optionsOf(chart.lines, write, smallestTop), []);
  // One instant is a point, not a line.
  if (chart.times.length < 2) return <p class="empty">The first values are on their way.</p>;
  return (
    <>
      <ul class="legend">
        {chart.lines.map((line) => (
          <LegendEntry key={line.id} line={line} index={index} write={write} />
        ))}
      </ul>
      <Plot label={`${label}, a chart`} data={data} options={options} height={HEIGHT} onPoint={setIndex} />
    </>
  );
}

function LegendEntry({
  line,
  index,
  write,
}: {
  line: ChartLine;
  index: number | null;
  write: (value: number) => string;
}) {
  const { name, colour, dash } = styles[line.id] ?? plain;
  const value = line.values[index ?? line.values.length - 1] ?? null;
  return (
    <li title={line.because}>
      <svg class="swatch" viewBox="0 0 22 6" width="22" height="6" aria-hidden="true">
        <line x1="0" y1="3" x2="22" y2="3" stroke={`var(${colour})`} stroke-dasharray={dash.join(' ')} />
      </svg>
      <span>{name}</span> <b>{value === null ? 'no data' : write(value)}</b>
      {line.state === 'anomalous' && (
        <em>
          <StateIcon state="trouble" /> anomalous
        </em>
      )}
    </li>
  );
}

function optionsOf(
  lines: readonly ChartLine[],
  write: (value: number) => string,
  smallestTop: number,
): Omit<uPlot.Options, 'width' | 'height'> {
  return {
    legend: { show: false },
    padding: [8, 8, 0, 0],
    cursor: { sync: { key: 'signals' }, y: false, drag: { x: false, y: false } },
    scales: {
      x: { range: (_plot, from, to) => [Math.min(from, to - LEAST_SPAN_S), to] },
      y: { range: (_plot, _low, high) => [0, Math.max(smallestTop, (high ?? 0) * 1.1)] },
    },
    axes: [
      axis({ values: CLOCK, incrs: TICKS_S, space: 44, size: 28 }),
      axis({ values: (_plot, ticks) => ticks.map(write), size: 58, space: 36 }),
    ],
    series: [
      {},
      ...lines.map(({ id }) => {
        const { name, colour, dash } = styles[id] ?? plain;
        return { label: name, stroke: () => colourOf(colour), width: 1.75, dash, points: { show: false } };
      }),
    ],
  };
}
