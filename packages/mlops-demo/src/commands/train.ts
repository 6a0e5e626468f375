/** The arguments of `mlops tune`, `fine-tune` and `card`. */
import { day, oneOf, readArguments, TEXT, UsageError, wholeNumber } from '../command-line.js';
import { LEAST_ROWS, modelsDirOf } from '../usage.js';

export const TRAIN_USAGE = `mlops tune        search hyperparameters on the rows of the fast plan, print every trial
  --trials N        settings to begin with; the better half goes on at each rung (default 12)
  --seconds N       train nothing more after N seconds (default 120)
  --rows N          training rows (default 30000)
  --through DAY     as for run
  --seed N          of the search and of every training (default 1)
  --json FILE       write the trials there (default MODELS_DIR/tune.json)
mlops fine-tune   the newest month on top of an old model against training anew, on June
  --rows N          training rows (default 200000)
  --seed N
mlops card VERSION   the model card, as Markdown
  --models DIR      the model registry (default MODELS_DIR or .triops/mlops)

Examples
  npx mlops tune --rows 20000 --seconds 60 --trials 10
  npx mlops card 2001-01-31-fda544fb > card.md

Exit codes: 0 done · 1 failed · 2 not understood
`;

export interface TrainWish {
  what: 'tune' | 'fine-tune' | 'card';
  version: string;
  trials: number;
  seconds: number;
  rows: number | undefined;
  seed: number;
  through: string | undefined;
  json: string | undefined;
  modelsDir: string;
}

export function readTrainWish(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): TrainWish {
  const { values, positionals } = readArguments(args, OPTIONS);
  const [name, version, ...rest] = positionals;
  const what = oneOf('mlops', name, ['tune', 'fine-tune', 'card']);
  if (rest.length > 0 || (what !== 'card' && version !== undefined)) {
    throw new UsageError(`${what}: expected no more arguments, got '${[version, ...rest].join(' ')}'`);
  }
  if (what === 'card' && version === undefined) throw new UsageError('card: expected a VERSION');
  return {
    what,
    version: version ?? '',
    trials: wholeNumber('--trials', values.trials ?? '12', 1),
    seconds: wholeNumber('--seconds', values.seconds ?? '120', 1),
    rows: values.rows === undefined ? undefined : wholeNumber('--rows', values.rows, LEAST_ROWS),
    seed: wholeNumber('--seed', values.seed ?? '1', 0),
    through: values.through === undefined ? undefined : day('--through', values.through),
    json: values.json,
    modelsDir: modelsDirOf(values.models ?? values.out, env),
  };
}

const OPTIONS = {
  trials: TEXT,
  seconds: TEXT,
  rows: TEXT,
  seed: TEXT,
  through: TEXT,
  json: TEXT,
  models: TEXT,
  out: TEXT,
};
