/**
 * A run as lines for people: one for each stage, and a bar with rate and time left while a long stage works.
 *
 * in:  StageChange { name: 'train', done: 300000, total: 600000, seconds: 2 }
 * out: `train     ██████████░░░░░░░░░░  50 %  150,000 rows/s  about 2 s left`
 */
import type { AnyManifest } from '../registry/any-manifest.js';
import type { StageRecord } from '../registry/stages.js';
import type { StageChange } from '../stage-runner/run-report.js';

const BAR_CELLS = 20;
const NAME_WIDTH = 9;
const STAGE_WIDTH = 'production'.length;
const MARKS = { waiting: ' ', running: '…', passed: '✓', failed: '✗', skipped: '-' } as const;

/** The line of a stage that has ended. */
export function stageLine({ name, state, because, seconds }: StageChange): string {
  return `${MARKS[state]} ${name.padEnd(NAME_WIDTH)} ${seconds.toFixed(1).padStart(5)} s  ${because}`;
}

/** The line of a stage that is working. */
export function progressLine({ name, seconds, done = 0, total = 1 }: StageChange): string {
  const share = Math.min(done / total, 1);
  const full = Math.round(share * BAR_CELLS);
  const bar = '█'.repeat(full) + '░'.repeat(BAR_CELLS - full);
  const percent = `${Math.floor(share * 100)} %`.padStart(5);
  return `… ${name.padEnd(NAME_WIDTH)} ${bar} ${percent}${rateOf(done, total, seconds)}`;
}

/** The table of `mlops list`. */
export function modelLines(manifests: readonly AnyManifest[], records: readonly StageRecord[]): string[] {
  return manifests.map((manifest) => {
    const record = records.find(({ version }) => version === manifest.version);
    const stage = record?.stage ?? 'candidate';
    const share = record?.share === undefined ? '' : ` ${record.share * 100} %`;
    const auc = manifest.evaluations.map((e) => `${e.period}: AUC ${e.model.auc.toFixed(3)}`).join(', ');
    const mark = stage === 'production' ? '* ' : '  ';
    return `${mark}${manifest.version}  ${(stage + share).padEnd(STAGE_WIDTH)}  ${manifest.trainedFrom} to ${manifest.trainedThrough}  ${auc}  ${manifest.backend}, seed ${manifest.seed}`;
  });
}

function rateOf(done: number, total: number, seconds: number): string {
  if (done === 0 || seconds === 0) return '';
  const rate = done / seconds;
  const left = Math.ceil((total - done) / rate);
  return `  ${Math.round(rate).toLocaleString('en-US')} rows/s  about ${left} s left`;
}
