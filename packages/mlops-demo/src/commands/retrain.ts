/**
 * `mlops retrain`: what its words mean.
 *
 * in:  ['--through', '2001-04-08', '--because', 'new timetables'] → out: RetrainWish, or a UsageError
 */
import { day, FLAG, given, readArguments, TEXT, UsageError, wholeNumber } from '../command-line.js';
import { dayNumber } from '../flights.js';
import { LEAST_ROWS, modelsDirOf } from '../usage.js';

export const RETRAIN_USAGE = `mlops retrain: train a challenger by hand; shadow and canary follow in the server (\`mlops serve\` retrains by itself as well)

  mlops retrain --through DAY   the last day the challenger may know
    --because WHY --by WHO      for the audit log (default person:USER)
    --rows N --seed N           as in \`mlops run\`
    --train-only                train, gate, register, compare; leave the stages alone
    --models DIR                the model registry (default MODELS_DIR or .triops/mlops)

Example
  npx mlops retrain --through 2001-04-08 --because "new timetables"

Exit codes: 0 a challenger is in shadow · 1 refused · 2 not understood
`;

export interface RetrainWish {
  modelsDir: string;
  through: string;
  trainOnly: boolean;
  /** ISO 8601 of the flights' clock: ten in the morning, UTC, of the day after. */
  at: string;
  by: string | undefined;
  because: string;
  plan: { rows?: number; seed?: number };
}

const DAY_MS = 86_400_000;
const TEN_HOURS_MS = 36_000_000;

/** @throws UsageError */
export function readRetrainWish(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): RetrainWish {
  const { values, positionals } = readArguments(args, OPTIONS);
  if (positionals.length > 0)
    throw new UsageError(`retrain: expected options only, got '${positionals.join(' ')}'`);
  if (values.through === undefined) throw new UsageError('retrain: expected --through DAY');
  const through = day('--through', values.through);
  return {
    modelsDir: modelsDirOf(values.models ?? values.out ?? values.dir, env),
    through,
    trainOnly: values['train-only'] === true,
    at: values.at ?? new Date((dayNumber(through) + 1) * DAY_MS + TEN_HOURS_MS).toISOString(),
    by: values.by,
    because: values.because ?? 'asked for on the command line',
    plan: given({
      rows: values.rows === undefined ? undefined : wholeNumber('--rows', values.rows, LEAST_ROWS),
      seed: values.seed === undefined ? undefined : wholeNumber('--seed', values.seed, 0),
    }),
  };
}

const OPTIONS = {
  through: TEXT,
  at: TEXT,
  because: TEXT,
  by: TEXT,
  rows: TEXT,
  seed: TEXT,
  models: TEXT,
  out: TEXT,
  // As --out was called here before.
  dir: TEXT,
  'train-only': FLAG,
};
