/** Hits: probabilities that a limit is reached, beside a straight line and the base rate, on resources with known futures. */
import { brierScore, whenWillItHit } from 'aiops-demo';
import { ramps } from './forecast-ramps.js';
import { printTable } from './table.js';

const RAMPS_EACH = 60;

interface Answer {
  readonly kind: string;
  readonly probability: number;
  readonly byLine: number;
  readonly happened: boolean;
  /** Of hits that happened: did they lie in the 80 % range? */
  readonly isInRange: boolean | null;
}

export function printHits(): void {
  const answers = ramps(RAMPS_EACH).map(({ kind, past, future, limit }): Answer => {
    const said = whenWillItHit({ values: past, stepMs: 1, endsAt: 0 }, limit, future.length);
    const at = future.findIndex((value) => value >= limit) + 1;
    const when = said.kind === 'forecast' ? said.when : null;
    return {
      kind,
      probability: said.kind === 'forecast' ? said.probability : 0,
      byLine: lineAt(past, past.length - 1 + future.length) >= limit ? 1 : 0,
      happened: at > 0,
      isInRange: at === 0 || when === null ? null : at >= when.earliest && at <= when.latest,
    };
  });
  console.log(
    `\nWhen is the limit hit? Seeded series, ${RAMPS_EACH} of each kind, 90 values back, 60 ahead. Brier score: 0 is certain and right.\n`,
  );
  const kinds = [...new Set(answers.map(({ kind }) => kind)), 'all'];
  printTable(
    ['resource', 'hit', 'ours', 'straight line', 'base rate', 'hits inside the 80 % range'],
    kinds.map((kind) => hitRow(kind, kind === 'all' ? answers : answers.filter((one) => one.kind === kind))),
  );
  console.log('\nOf what was said with such a probability, so much happened:\n');
  printTable(['said', 'answers', 'mean said', 'happened'], reliability(answers));
}

function hitRow(kind: string, answers: readonly Answer[]): string[] {
  const rate = answers.filter(({ happened }) => happened).length / answers.length;
  const ranged = answers.filter(({ isInRange }) => isInRange !== null);
  return [
    kind,
    `${(100 * rate).toFixed(0)} %`,
    brierScore(answers).toFixed(3),
    brierScore(answers.map(({ byLine, happened }) => ({ probability: byLine, happened }))).toFixed(3),
    (rate * (1 - rate)).toFixed(3),
    `${((100 * ranged.filter(({ isInRange }) => isInRange).length) / ranged.length).toFixed(0)} %`,
  ];
}

function reliability(answers: readonly Answer[]): string[][] {
  return [0, 0.2, 0.4, 0.6, 0.8].map((from) => {
    const bin = answers.filter(
      ({ probability }) => Math.min(4, Math.floor(probability * 5)) === Math.round(from * 5),
    );
    const mean = (of: (answer: Answer) => number) =>
      (bin.reduce((sum, answer) => sum + of(answer), 0) / bin.length).toFixed(2);
    const said = mean(({ probability }) => probability);
    return [
      `${from} to ${(from + 0.2).toFixed(1)}`,
      String(bin.length),
      said,
      mean(({ happened }) => Number(happened)),
    ];
  });
}

/** Prometheus' `predict_linear`: a least-squares line, looked at in the future. */
function lineAt(values: readonly number[], time: number): number {
  const [meanX, meanY] = [
    (values.length - 1) / 2,
    values.reduce((sum, value) => sum + value, 0) / values.length,
  ];
  let [xy, xx] = [0, 0];
  values.forEach((value, step) => {
    xy += (step - meanX) * (value - meanY);
    xx += (step - meanX) ** 2;
  });
  return meanY + (xy / xx) * (time - meanX);
}
