/**
 * `mlops monitor`: what its words mean.
 *
 * in:  ['report', '--from', '2001-02-19', '--through', '2001-04-07'] → out: MonitorWish, or a UsageError
 */
import { day, FLAG, given, oneOf, readArguments, TEXT, UsageError, wholeNumber } from '../command-line.js';
import { modelsDirOf } from '../usage.js';

export const MONITOR_USAGE = `mlops monitor: does a model still see the world it was examined in, and is it still right?

  mlops monitor report         play recorded flights and judge every day or week of them
    --from DAY --through DAY   the days to judge (default: 14 days, the first one after the model's data)
    --window day|week          how long a window is (default day)
    --out FILE                 the report as one HTML page, too
    --json                     every number on standard output
  mlops monitor false-alarms   how often the monitor cries about flights in which nothing has changed
    --months N                 months to simulate (default 20)

  --model VERSION   default: the model in production      --models DIR   the model registry (default MODELS_DIR or .triops/mlops)
  --seed N          of the samples (default 1)

Examples
  npx mlops monitor report --from 2001-02-23 --through 2001-02-27
  npx mlops monitor report --window week --out monitor.html

Exit codes: 0 done · 1 no such model · 2 not understood
`;

interface Common {
  modelsDir: string;
  model: string;
  seed: number;
}
export type MonitorWish =
  | ({ action: 'false-alarms'; months: number } & Common)
  | ({
      action: 'report';
      from?: string;
      through?: string;
      windowDays: number;
      out?: string;
      json: boolean;
    } & Common);

/** @throws UsageError */
export function readMonitorWish(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): MonitorWish {
  const { values, positionals } = readArguments(args, OPTIONS);
  const [action, ...rest] = positionals;
  if (rest.length > 0) throw new UsageError(`monitor: expected one action, got also '${rest.join(' ')}'`);
  const common = {
    modelsDir: modelsDirOf(values.models ?? values.dir, env),
    model: values.model ?? 'production',
    seed: wholeNumber('--seed', values.seed ?? '1', 0),
  };
  const asked = oneOf('monitor', action, ['report', 'false-alarms']);
  if (asked === 'false-alarms')
    return { action: asked, months: wholeNumber('--months', values.months ?? '20', 1), ...common };
  const days = given({
    from: values.from === undefined ? undefined : day('--from', values.from),
    through: values.through === undefined ? undefined : day('--through', values.through),
  });
  if (days.from !== undefined && days.through !== undefined) checkSpan(days.from, days.through);
  return {
    action: asked,
    ...common,
    ...days,
    windowDays: DAYS_OF[oneOf('--window', values.window ?? 'day', ['day', 'week'])],
    ...given({ out: values.out }),
    json: values.json === true,
  };
}

/** @throws UsageError when no day lies between them */
export function checkSpan(from: string, through: string): void {
  if (through < from) throw new UsageError(`--through: expected ${from} or later, got '${through}'`);
}

const DAYS_OF = { day: 1, week: 7 };

const OPTIONS = {
  from: TEXT,
  through: TEXT,
  window: TEXT,
  months: TEXT,
  model: TEXT,
  models: TEXT,
  // As --models was called here before.
  dir: TEXT,
  out: TEXT,
  seed: TEXT,
  json: FLAG,
};
