/** The risk distribution: wide pale bars are the reference, narrow full bars are what is predicted now. */
import { useMemo, useState } from 'preact/hooks';
import uPlot from 'uplot';
import type { RoomState } from '../src/room.js';
import { Plot, axis, colourOf } from './plot.js';
import { percentInWords } from './words.js';

type Histogram = Exclude<RoomState['monitor'], { kind: 'missing' }>['value']['riskHistogram'];

const HEIGHT = 170;

export function Risk({ histogram }: { histogram: Histogram }) {
  const { edges, live, reference } = histogram;
  const [index, setIndex] = useState<number | null>(null);
  const data = useMemo(() => {
    const centres = live.map((_count, bin) => ((edges[bin] ?? 0) + (edges[bin + 1] ?? 0)) / 2);
    return [centres, shares(reference), shares(live)] as [number[], number[], number[]];
  }, [histogram]);
  const bin = index ?? 0;
  const range = `risk ${Math.round((edges[bin] ?? 0) * 100)} to ${Math.round((edges[bin + 1] ?? 0) * 100)} %`;
  return (
    <>
      <ul class="legend">
        <li>
          <i class="swatch live" aria-hidden="true" />
          <span>live</span> <b>{percentInWords(data[2][bin] ?? 0)}</b>
        </li>
        <li>
          <i class="swatch reference" aria-hidden="true" />
          <span>reference</span> <b>{percentInWords(data[1][bin] ?? 0)}</b>
        </li>
        <li>{range}</li>
      </ul>
      <Plot
        label="Predicted risk, a chart of ten bars"
        data={data}
        options={options}
        height={HEIGHT}
        onPoint={setIndex}
      />
    </>
  );
}

function shares(counts: readonly number[]): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => (total === 0 ? 0 : count / total));
}

const bars = (width: number) => uPlot.paths.bars?.({ size: [width, 60] }) ?? (() => null);

const options: Omit<uPlot.Options, 'width' | 'height'> = {
  legend: { show: false },
  padding: [8, 24, 0, 0],
  cursor: { y: false, x: false, points: { show: false }, drag: { x: false, y: false } },
  scales: {
    x: { time: false, range: [0, 1] },
    y: { range: (_plot, _low, high) => [0, Math.max(0.1, high * 1.1)] },
  },
  axes: [
    axis({ values: (_plot, ticks) => ticks.map(percentInWords), size: 28, space: 64, grid: { show: false } }),
    axis({ values: (_plot, ticks) => ticks.map(percentInWords), size: 58, space: 36 }),
  ],
  series: [
    {},
    {
      label: 'reference',
      paths: bars(0.86),
      stroke: () => colourOf('--soft'),
      fill: () => colourOf('--inset'),
      width: 1,
      points: { show: false },
    },
    {
      label: 'live',
      paths: bars(0.46),
      stroke: () => colourOf('--mlops'),
      fill: () => colourOf('--mlops'),
      width: 0,
      points: { show: false },
    },
  ],
};
