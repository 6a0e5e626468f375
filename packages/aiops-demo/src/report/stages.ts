/**
 * Stages: what each stage says of its last evaluation, for the control room.
 *
 * in: Findings → out: StageReport[]
 *
 * Rule: detect runs on while a signal that has values still learns what is normal. One without any value cannot be judged, as assess says; it
 * would never end to learn.
 */
import type { StageReport, StageState } from 'service-chassis';
import { counted } from 'service-chassis/counted';
import type { Forecasted } from '../forecast/forecast.js';
import type { Assessed } from '../quality/assess.js';
import { titleOf } from './impact.js';
import type { Findings } from './report.js';

const FILES = {
  collect: 'collect/choose-source.ts',
  assess: 'quality/assess.ts',
  parse: 'parse/parse.ts',
  detect: 'detect/detect.ts',
  forecast: 'forecast/forecast.ts',
  correlate: 'correlate/correlate.ts',
  localize: 'localize/localize.ts',
  report: 'report/report.ts',
} as const;
type StageName = keyof typeof FILES;
const STAGE_NAMES = Object.keys(FILES) as StageName[];

export function stagesOf({
  collected,
  assessed,
  parsed,
  templates,
  detected,
  forecasted,
  correlated,
  localized,
}: Findings): StageReport[] {
  const values = collected.samples.filter(({ value }) => value !== null).length;
  const count = (state: string) =>
    detected.detections.filter((detection) => detection.state === state).length;
  const learning = detected.detections.filter(
    ({ state, value }) => state === 'learning' && value !== null,
  ).length;
  const silent = count('learning') - learning;
  const open = correlated.incidents.filter(({ state }) => state === 'open');
  const suspect = localized.find(({ state }) => state === 'open')?.causes[0];
  const collecting: StageState = values > 0 ? 'passed' : 'waiting';
  const detecting: StageState = learning > 0 ? 'running' : 'passed';
  return [
    stage(
      'collect',
      collecting,
      `${values} of ${collected.samples.length} signals have a value; ${counted(collected.logs.length, 'log line')} came`,
    ),
    stage('assess', 'passed', qualityInWords(assessed)),
    stage(
      'parse',
      templates > 0 ? 'passed' : 'waiting',
      `${counted(parsed.length, 'line')} clustered, ${counted(templates, 'template')} known`,
    ),
    stage(
      'detect',
      values > 0 ? detecting : 'waiting',
      `${counted(count('anomalous'), 'signal')} anomalous, ${count('normal')} normal, ${learning} still learning${silentInWords(silent)}${relationsInWords(detected)}`,
    ),
    stage('forecast', 'passed', forecastInWords(forecasted)),
    stage('correlate', 'passed', open.length === 0 ? 'no incident is open' : `${open.length} open`),
    suspect === undefined
      ? stage('localize', 'skipped', 'no incident to explain')
      : stage(
          'localize',
          'passed',
          `first suspect ${suspect.service}: ${suspect.evidence[0] ?? 'no evidence'}`,
        ),
    stage(
      'report',
      'passed',
      open.length === 0 ? 'nothing to tell' : `told: ${open.map(titleOf).join('; ')}`,
    ),
  ];
}

function silentInWords(silent: number): string {
  return silent === 0 ? '' : `, ${silent} without a value so far`;
}

/** A relation that broke explains; alone it opens no incident. */
function relationsInWords({ relations }: Findings['detected']): string {
  const [first] = relations;
  return first === undefined ? '' : `; broken relation in ${first.service}: ${first.because}`;
}

function qualityInWords({ report: { findings, notJudged } }: Assessed): string {
  const what = findings.map(({ kind, source }) => `${kind} of ${source}`).join(', ');
  return `${what === '' ? 'nothing found' : what}; ${counted(notJudged.length, 'signal')} cannot be judged`;
}

function forecastInWords({ forecasts }: Forecasted): string {
  const likeliest = forecasts.toSorted((a, b) => (b.probability ?? 0) - (a.probability ?? 0))[0];
  if (likeliest === undefined || (likeliest.probability ?? 0) === 0) return 'no limit is in sight';
  return `${likeliest.signal.id} ${likeliest.because}`;
}

/** Before the first evaluation. */
export const STAGES_NOT_YET: readonly StageReport[] = STAGE_NAMES.map((name) =>
  stage(name, 'waiting', 'the first evaluation has not begun yet'),
);

function stage(name: StageName, state: StageState, because: string): StageReport {
  return { name, state, because, file: `packages/aiops-demo/src/${FILES[name]}` };
}
