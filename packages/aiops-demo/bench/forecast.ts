/**
 * `npm run -s bench:forecast`: how good are the forecasts, do their intervals hold what they say, and when is a limit hit?
 *
 *   --kit DIR                              the NAB kit, for its 29 series; skipped with a message when it is not there
 *   --train FILE --horizon N --out FILE    forecast the series of a CSV (id, then values) into another, and nothing else
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { forecastValues } from 'aiops-demo';
import { printBackTest } from './forecast-back-test.js';
import { printHits } from './forecast-hits.js';
import { nabSeries, publicSeries } from './forecast-series.js';
import { benchOptions, orBadUsage } from './options.js';

/** Two days of hours, as in the M4 competition. */
const USUAL_HORIZON = '48';

const base = process.env['INIT_CWD'] ?? process.cwd();
const text = { type: 'string' } as const;
const { values: options } = orBadUsage(() =>
  parseArgs({ options: { kit: text, train: text, horizon: text, out: text } }),
);
const { train, horizon = USUAL_HORIZON, out, kit } = options;
if (train !== undefined && out !== undefined) writeForecasts(train, Number(horizon), out);
else {
  const place = benchOptions('nab', kit === undefined ? [] : ['--kit', kit]).kit;
  const nab = place === undefined ? [] : nabSeries(place);
  if (nab.length === 0) console.log('The NAB kit is not here (--kit DIR): its series are skipped.\n');
  printBackTest([...publicSeries(), ...nab]);
  printHits();
}

/** In the form of a test file: id, then the forecasts. */
function writeForecasts(from: string, steps: number, to: string): void {
  const lines = readFileSync(resolve(base, from), 'utf8').split(/\r?\n/);
  const rows = lines.flatMap((line) => {
    const [id = '', ...cells] = line.split(',').map((cell) => cell.replaceAll('"', '').trim());
    const end = cells.findIndex((cell) => cell === '' || !Number.isFinite(Number(cell)));
    const values = cells.slice(0, end === -1 ? undefined : end).map(Number);
    return values.length === 0 ? [] : [[id, ...forecastValues(values, steps).middle].join(',')];
  });
  writeFileSync(resolve(base, to), `${rows.join('\n')}\n`);
  console.log(`forecast ${rows.length} series, ${steps} steps each`);
}
