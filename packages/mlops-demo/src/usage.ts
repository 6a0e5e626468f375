/**
 * The command line of `mlops`: what it understands, and what it says when it does not.
 *
 * in:  ['run', '--seed', '7']
 * out: { command: 'run', plan, json: false, … }, or an error with the usage beside it
 */
import { day, FLAG, given, oneOf, readArguments, TEXT, UsageError, wholeNumber } from './command-line.js';
import { TIMETABLE_KINDS } from './features/timetable-choice.js';
import type { TimetableKind } from './features/timetable-choice.js';
import { fastPlan, fullPlan } from './plan.js';
import type { Plan } from './plan.js';

export const USAGE = `mlops: from flights to a served model

  mlops run     ingest → validate → version → split → features → train → evaluate → compare → gate → register → deploy
    --through DAY   the last day the model may know (default 2001-01-31; trains on 10 days, tests on the last 7)
    --full          all 3,000,000 flights: train 15 January to 30 April, test May and June; with --through DAY train from
                    15 January on, test on the last 7 days
    --rows N        at most N training rows, or all (default 100000; with --full 600000)
    --timetable KIND  frozen: fitted in training, part of the model (default); nightly: learned anew every night
    --seed N        seed of sampling, weights and order (default 1)
    --data PLACE    read the flights from data versions (a folder or s3://…), not from the recorded file
    --models DIR    the model registry (default MODELS_DIR or .triops/mlops); --out DIR is the same
    --if-none       do nothing when a model is in production already
    --force         into production though what is there is as good, or though somebody took this version out; limits hold
                    all the same. Asks for --because WHY
    --json          a machine-readable summary on standard output; progress goes to standard error
  mlops serve   serve the model in production over HTTP (PORT, MODELS_DIR and more by environment)
  mlops list    the registered versions and their stages; * marks the one in production
    --models DIR    as above
  mlops promote VERSION             into production; the one before is archived
  mlops rollback                    back to the version in production before
  mlops stage VERSION STAGE         STAGE: candidate, shadow, canary (with --share 0.1), production or archived
  mlops sign VERSION                with the registry's key: a version from before there were signatures
    --by WHO, --because WHY         for the audit log (default person:USER); TRIOPS_STATE_DIR: the log shared with devops
  mlops lineage VERSION             from the model back to the files it was made of
  mlops reproduce VERSION           train it again without cache; 0: the weights are the same, bit for bit, 1: what is different
    --data PLACE    where the data versions are that it was made of (default DATA_URL or MODELS_DIR/data)
  mlops data    the flights as versions that never change (\`mlops data --help\`)
  mlops retrain a challenger by hand (\`mlops retrain --help\`)
  mlops story   april, months: what the real flights do to a model (\`mlops story --help\`)
  mlops tune, mlops fine-tune       other hyperparameters; the newest month on top of an old model (\`mlops tune --help\`)
  mlops card VERSION                the model card: data, use, limits, scores by slice
  mlops monitor drift, data quality and performance with delayed labels (\`mlops monitor --help\`)

Examples
  npx mlops run                         # the first model, in seconds
  npx mlops run --through 2001-03-31 --seed 7
  npx mlops run --full --json > run.json
  MODELS_DIR=/tmp/models npx mlops serve
  npx mlops stage 2001-03-31-9d2b36da canary --share 0.1 --because "better in March"

Exit codes: 0 done · 1 refused (validation, gate, rules of the stages), or failed · 2 not understood
`;

/** What the command line asks for. */
export type Command =
  | { command: 'help' }
  | { command: 'serve' }
  | { command: 'list'; modelsDir: string }
  | ({ command: 'run'; ifNone: boolean } & RunWish);

/** What `mlops run` is to do. */
export interface RunWish {
  plan: Plan;
  modelsDir: string;
  json: boolean;
  dataPlace?: string;
  /** Somebody overrules the comparison with production. */
  force?: { by: string | undefined; because: string };
}

const COMMANDS = [
  'run',
  'serve',
  'list',
  'promote',
  'rollback',
  'stage',
  'sign',
  'lineage',
  'reproduce',
  'data',
  'tune',
  'fine-tune',
  'card',
  'monitor',
  'story',
  'retrain',
].join(', ');

/** Of training rows; the fast plan has 100,000. */
export const LEAST_ROWS = 1_000;
/** Where everything lies unless somebody says otherwise. */
export const DEFAULT_MODELS_DIR = '.triops/mlops';

/** Understands the arguments, or throws a UsageError that names the one it does not understand. */
export function readCommand(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Command {
  const { values, positionals } = readArguments(args, OPTIONS);
  const [name, ...rest] = positionals;
  if (values.help === true || name === 'help') return { command: 'help' };
  if (rest.length > 0) throw new UsageError(`expected one command, got also '${rest.join(' ')}'`);
  const modelsDir = modelsDirOf(values.models ?? values.out, env);
  switch (name) {
    case 'serve':
      return { command: 'serve' };
    case 'list':
      return { command: 'list', modelsDir };
    case 'run':
      return {
        command: 'run',
        plan: planOf(values),
        modelsDir,
        json: values.json === true,
        ifNone: values['if-none'] === true,
        ...(values.data === undefined ? {} : { dataPlace: values.data }),
        ...(values.force === true ? { force: forceOf(values) } : {}),
      };
    case undefined:
      throw new UsageError(`expected a command, one of ${COMMANDS}`);
    default:
      throw new UsageError(`expected one of ${COMMANDS}, got '${name}'`);
  }
}

/** The registry's folder: what `--models`, or `--out` as it was called before, says. */
export function modelsDirOf(
  models: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): string {
  return models ?? env['MODELS_DIR'] ?? DEFAULT_MODELS_DIR;
}

/** Where the data versions are. */
export function dataPlaceOf(modelsDir: string, env: Readonly<Record<string, string | undefined>>): string {
  return env['DATA_URL'] || `${modelsDir}/data`;
}

const OPTIONS = {
  through: TEXT,
  full: FLAG,
  rows: TEXT,
  timetable: TEXT,
  seed: TEXT,
  data: TEXT,
  models: TEXT,
  out: TEXT,
  'if-none': FLAG,
  force: FLAG,
  because: TEXT,
  by: TEXT,
  json: FLAG,
};

type Values = ReturnType<typeof readArguments<typeof OPTIONS>>['values'];

function forceOf({ because, by }: Values): { by: string | undefined; because: string } {
  if (because !== undefined && because.trim() !== '') return { by, because };
  throw new UsageError('--force: expected --because with the reason, which the audit log keeps');
}

function planOf(values: Values): Plan {
  const options = given({
    seed: values.seed === undefined ? undefined : wholeNumber('--seed', values.seed, 0),
    rows: values.rows === undefined ? undefined : trainRows(values.rows),
    through: values.through === undefined ? undefined : day('--through', values.through),
    timetable: values.timetable === undefined ? undefined : timetableKind(values.timetable),
  });
  try {
    const plan = values.full === true ? fullPlan(options) : fastPlan(options);
    // Whole days only: the six flights dated 1 July are in no version.
    return values.data === undefined ? plan : { ...plan, read: { ...plan.read, through: plan.dataThrough } };
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(`--through: ${error.message}`);
    throw error;
  }
}

function trainRows(text: string): Plan['trainRows'] {
  return text === 'all' ? 'all' : wholeNumber('--rows', text, LEAST_ROWS);
}

export function timetableKind(text: string): TimetableKind {
  return oneOf('--timetable', text, TIMETABLE_KINDS);
}
