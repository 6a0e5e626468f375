/**
 * `mlops retrain`: what its words mean.
 *
 * in:  ['--through', '2001-04-08', '--because', 'new timetables'] → out: RetrainWish, or a UsageError
 */
import { parseArgs } from 'node:util';
import { dayNumber } from '../flights.js';
import { modelsDirOf, UsageError } from '../usage.js';

export const RETRAIN_USAGE = `mlops retrain: train a challenger by hand; shadow and canary follow in the server (\`mlops serve\` retrains by itself as well)

  mlops retrain --through DAY   the last day the challenger may know
    --because WHY --by WHO      for the audit log (default person:USER)
    --rows N --seed N           as in \`mlops run\`
    --train-only                train, gate, register, compare; leave the stages alone
    --out DIR                   the model registry (default MODELS_DIR or .triops/mlops)

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

/** Undefined: help. @throws UsageError */
export function readRetrainWish(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): RetrainWish | undefined {
  const { values, positionals } = parse(args);
  if (values.help === true) return undefined;
  if (positionals.length > 0)
    throw new UsageError(`retrain: expected options only, got '${positionals.join(' ')}'`);
  if (values.through === undefined) throw new UsageError('retrain: expected --through DAY');
  const day = dayOf(values.through);
  return {
    modelsDir: modelsDirOf(values.out ?? values.dir, env),
    through: values.through,
    trainOnly: values['train-only'] === true,
    at: values.at ?? new Date((day + 1) * DAY_MS + TEN_HOURS_MS).toISOString(),
    by: values.by,
    because: values.because ?? 'asked for on the command line',
    plan: {
      ...(values.rows === undefined ? {} : { rows: wholeNumber('--rows', values.rows, 1_000) }),
      ...(values.seed === undefined ? {} : { seed: wholeNumber('--seed', values.seed, 0) }),
    },
  };
}

function dayOf(text: string): number {
  try {
    return dayNumber(text);
  } catch {
    throw new UsageError(`--through: expected a day like 2001-04-08, got '${text}'`);
  }
}

function wholeNumber(option: string, text: string, least: number): number {
  if (/^\d+$/.test(text) && Number(text) >= least) return Number(text);
  throw new UsageError(`${option}: expected a whole number of at least ${least}, got '${text}'`);
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        through: { type: 'string' },
        at: { type: 'string' },
        because: { type: 'string' },
        by: { type: 'string' },
        rows: { type: 'string' },
        seed: { type: 'string' },
        out: { type: 'string' },
        // As --out was called here before.
        dir: { type: 'string' },
        'train-only': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
