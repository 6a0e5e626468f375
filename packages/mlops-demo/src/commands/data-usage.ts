/**
 * The command line of `mlops data`: what it understands, and what it says when it does not.
 *
 * in:  ['add', '--by', 'day'] → out: { action: 'add', place: '.triops/mlops/data', by: 'day', … }, or a UsageError
 */
import { day, FLAG, given, oneOf, readArguments, TEXT, UsageError } from '../command-line.js';
import type { BatchLength } from '../data/versions/manifest.js';
import { dataPlaceOf, modelsDirOf } from '../usage.js';

export const DATA_USAGE = `mlops data: the flights as versions that never change

  mlops data add [FILE]             cut a Parquet or CSV file (default: the recorded flights) into versions
    --by month|day                  one version a month (default) or a day
    --from DAY --through DAY        only these local days
    --airports SDF,…                only flights from or to these airports
  mlops data list                   the versions there are
  mlops data show VERSION           one manifest: schema, statistics, source, parent
  mlops data diff A B               what changed from A to B, in words and numbers
  mlops data verify [VERSION]       read every byte again and check every digest
  mlops data checkout VERSION --to FILE|DIR
  mlops data validate FILE|VERSION  hold a batch against every expectation and say how each one went
    --from DAY --through DAY        the days that a file is about (default: those of its rows)
  mlops data check                  judge every recorded day and month, clean and broken: false alarms and misses

  VERSION is a name, the beginning of its digest, or its days (2001-01 is the newest version of January)

  --data PLACE    the versions' folder, or s3://BUCKET/PREFIX (default DATA_URL, else MODELS_DIR/data, else .triops/mlops/data)
                  S3: AWS_ENDPOINT_URL, AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN
  --json          machine-readable

Examples
  npx mlops data add && npx mlops run --data .triops/mlops/data
  npx mlops data diff 2001-03 2001-04

Exit codes: 0 done, all sound · 1 refused or damaged · 2 not understood
`;

/** What the command line asks for. */
export type DataCommand = { place: string; json: boolean } & (
  | { action: 'list' }
  | { action: 'add'; file?: string; by: BatchLength; from?: string; through?: string; airports?: string[] }
  | { action: 'show'; version: string }
  | { action: 'diff'; before: string; after: string }
  | { action: 'verify'; version?: string }
  | { action: 'checkout'; version: string; to: string }
  | { action: 'validate'; batch: string; from?: string; through?: string }
  | { action: 'check'; airports?: string[] }
);

/** The command of one action. */
export type Only<Action> = Extract<DataCommand, { action: Action }>;

const ACTIONS = ['add', 'list', 'show', 'diff', 'verify', 'checkout', 'validate', 'check'] as const;

/** Understands the arguments behind `mlops data`. */
export function readDataCommand(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): DataCommand {
  const { values, positionals } = readArguments(args, OPTIONS);
  const [word, ...operands] = positionals;
  const action = oneOf('data', word, ACTIONS);
  const place = values.data ?? dataPlaceOf(modelsDirOf(values.models ?? values.out, env), env);
  const common = { place, json: values.json === true };
  switch (action) {
    case 'add': {
      const [file] = atMostOne(operands);
      return {
        ...common,
        action,
        by: oneOf('--by', values.by ?? 'month', ['month', 'day']),
        ...given({ file, ...daysOf(values) }),
      };
    }
    case 'list':
      none(operands);
      return { ...common, action };
    case 'show':
      return { ...common, action, version: exactlyOne(action, operands) };
    case 'diff': {
      const [before, after] = operands;
      none(operands.slice(2));
      if (before === undefined || after === undefined) throw new UsageError('diff: expected two versions');
      return { ...common, action, before, after };
    }
    case 'verify': {
      const [version] = atMostOne(operands);
      return { ...common, action, ...given({ version }) };
    }
    case 'checkout':
      if (values.to === undefined) throw new UsageError('checkout: expected --to FILE|DIR');
      return { ...common, action, version: exactlyOne(action, operands), to: values.to };
    case 'validate': {
      const { from, through } = daysOf(values);
      return { ...common, action, batch: exactlyOne(action, operands), ...given({ from, through }) };
    }
    case 'check': {
      none(operands);
      const { airports } = daysOf(values);
      return { ...common, action, ...given({ airports }) };
    }
    default:
      throw new UsageError(`data: '${String(action satisfies never)}' is not understood`);
  }
}

const OPTIONS = {
  by: TEXT,
  from: TEXT,
  through: TEXT,
  airports: TEXT,
  to: TEXT,
  data: TEXT,
  models: TEXT,
  out: TEXT,
  json: FLAG,
};

type Values = ReturnType<typeof readArguments<typeof OPTIONS>>['values'];

function daysOf({ from, through, airports }: Values) {
  for (const [option, text] of Object.entries({ from, through })) {
    if (text !== undefined) day(`--${option}`, text);
  }
  if (from !== undefined && through !== undefined && from > through) {
    throw new UsageError(`--from ${from} is after --through ${through}`);
  }
  return { from, through, airports: airports?.split(',').map((code) => code.trim().toUpperCase()) };
}

function none(operands: readonly string[]): void {
  if (operands.length > 0) throw new UsageError(`'${operands.join(' ')}' is not understood`);
}

function atMostOne(operands: readonly string[]): readonly string[] {
  none(operands.slice(1));
  return operands;
}

function exactlyOne(action: string, operands: readonly string[]): string {
  const [version] = atMostOne(operands);
  if (version === undefined) throw new UsageError(`${action}: expected a version`);
  return version;
}
