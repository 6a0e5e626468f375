/** A uPlot chart that fits its box, follows the theme, and can be read with the keyboard. */
import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { THEME_CHANGED } from './theme.js';

export interface PlotProps {
  label: string;
  data: uPlot.AlignedData;
  /** Everything but the size. Read once, when the chart is made. */
  options: Omit<uPlot.Options, 'width' | 'height'>;
  height: number;
  /** Called with the index under the pointer or keyboard cursor, or null. */
  onPoint?: (index: number | null) => void;
}

export function Plot({ label, data, options, height, onPoint }: PlotProps) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const notify = useRef(onPoint);
  notify.current = onPoint;

  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const setCursor = (made: uPlot) => notify.current?.(made.cursor.idx ?? null);
    const made = new uPlot(
      { ...options, width: element.clientWidth, height, hooks: { setCursor: [setCursor] } },
      data,
      element,
    );
    plot.current = made;
    const fit = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }));
    fit.observe(element);
    const redraw = () => made.redraw(false);
    const system = matchMedia('(prefers-color-scheme: dark)');
    system.addEventListener('change', redraw);
    document.addEventListener(THEME_CHANGED, redraw);
    return () => {
      fit.disconnect();
      system.removeEventListener('change', redraw);
      document.removeEventListener(THEME_CHANGED, redraw);
      made.destroy();
    };
  }, []);

  useEffect(() => plot.current?.setData(data), [data]);

  return (
    <div
      class="plot"
      ref={box}
      role="group"
      aria-label={label}
      tabIndex={0}
      onKeyDown={(event) => moveCursor(plot.current, event)}
      onBlur={() => hideCursor(plot.current)}
    />
  );
}

function moveCursor(plot: uPlot | undefined, event: KeyboardEvent): void {
  if (plot === undefined) return;
  const last = plot.data[0].length - 1;
  const at = plot.cursor.idx ?? last;
  const targets: Record<string, number> = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: last };
  if (event.key === 'Escape') hideCursor(plot);
  const target = targets[event.key];
  if (target === undefined || last < 0) return;
  event.preventDefault();
  const x = plot.data[0][Math.min(last, Math.max(0, target))] ?? 0;
  plot.setCursor({ left: plot.valToPos(x, 'x'), top: 0 });
}

function hideCursor(plot: uPlot | undefined): void {
  plot?.setCursor({ left: -10, top: -10 });
}

let probe: HTMLElement | undefined;

/** A canvas needs a plain colour: the browser works out what the variable means in the theme of now. */
export function colourOf(variable: string): string {
  if (probe === undefined) {
    probe = document.createElement('i');
    probe.hidden = true;
    document.body.append(probe);
  }
  probe.style.color = `var(${variable})`;
  return getComputedStyle(probe).color;
}

/** Axes of all charts look the same. */
export function axis(extra: uPlot.Axis): uPlot.Axis {
  return {
    stroke: () => colourOf('--soft'),
    font: '12px system-ui, sans-serif',
    grid: { stroke: () => colourOf('--line'), width: 1 },
    ticks: { show: false },
    gap: 6,
    ...extra,
  };
}
