/** The arguments of `mlops tune`, `fine-tune` and `card`. */
import { parseArgs } from 'node:util';
import { modelsDirOf, UsageError } from '../usage.js';

export const TRAIN_USAGE = `mlops tune        search hyperparameters on the rows of the fast plan, print every trial
  --trials N        at most N trials (default 12)
  --seconds N       start none after N seconds (default 120)
  --rows N          training rows (default 30000)
  --through DAY     as for run
  --seed N          of the search and of every training (default 1)
  --json FILE       write the trials there (default MODELS_DIR/tune.json)
mlops fine-tune   the newest month on top of an old model against training anew, on June
  --rows N          training rows (default 200000)
  --seed N
mlops card VERSION   the model card, as Markdown
`;

export interface TrainWish {
  what: 'tune' | 'fine-tune' | 'card' | 'help';
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
  const { values, positionals } = parse(args);
  const [name, version, ...rest] = positionals;
  const what = values.help === true ? 'help' : (name as TrainWish['what']);
  if (rest.length > 0 || (what !== 'card' && what !== 'help' && version !== undefined)) {
    throw new UsageError(`${name}: expected no more arguments, got '${[version, ...rest].join(' ')}'`);
  }
  if (what === 'card' && version === undefined) throw new UsageError('card: expected a VERSION');
  return {
    what,
    version: version ?? '',
    trials: whole('--trials', values.trials, 12, 1),
    seconds: whole('--seconds', values.seconds, 120, 1),
    rows: values.rows === undefined ? undefined : whole('--rows', values.rows, 0, 1000),
    seed: whole('--seed', values.seed, 1, 0),
    through: values.through,
    json: values.json,
    modelsDir: modelsDirOf(values.out, env),
  };
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        trials: text,
        seconds: text,
        rows: text,
        seed: text,
        through: text,
        json: text,
        out: text,
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function whole(option: string, text: string | undefined, otherwise: number, least: number): number {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value >= least) return value;
  throw new UsageError(`${option}: expected a whole number of at least ${least}, got '${text}'`);
}
