/**
 * `mlops monitor`: what its words mean.
 *
 * in:  ['report', '--from', '2001-02-19', '--through', '2001-04-07'] → out: MonitorWish, or a UsageError
 */
import { parseArgs } from 'node:util';
import { dayNumber } from '../flights.js';

import { modelsDirOf, UsageError } from '../usage.js';

export const MONITOR_USAGE = `mlops monitor: does a model still see the world it was examined in, and is it still right?

  mlops monitor report         play recorded flights and judge every day or week of them
    --from DAY --through DAY   the days to judge (default: the 14 days after the model's data)
    --window day|week          how long a window is (default day)
    --out FILE                 the report as one HTML page, too
    --json                     every number on standard output
  mlops monitor false-alarms   how often the monitor cries about flights in which nothing has changed
    --months N                 months to simulate (default 20)

  --model VERSION   default: the model in production      --dir DIR   the model registry (default MODELS_DIR or .triops/mlops)
  --seed N          of the samples (default 1)

Exit codes: 0 done · 1 no such model · 2 not understood
`;

interface Common {
  modelsDir: string;
  model: string;
  seed: number;
}
export type MonitorWish =
  | { action: 'help' }
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
  const { values, positionals } = parse(args);
  const [action, ...rest] = positionals;
  if (values.help === true || action === 'help') return { action: 'help' };
  if (rest.length > 0) throw new UsageError(`monitor: expected one action, got also '${rest.join(' ')}'`);
  const common = {
    modelsDir: modelsDirOf(values.dir, env),
    model: values.model ?? 'production',
    seed: wholeNumber('--seed', values.seed ?? '1', 0),
  };
  if (action === 'false-alarms') {
    return { action, months: wholeNumber('--months', values.months ?? '20', 1), ...common };
  }
  if (action !== 'report')
    throw new UsageError(`monitor: expected report or false-alarms, got '${action ?? ''}'`);
  return {
    action,
    ...common,
    ...(values.from === undefined ? {} : { from: dayOf('--from', values.from) }),
    ...(values.through === undefined ? {} : { through: dayOf('--through', values.through) }),
    windowDays: windowDaysOf(values.window ?? 'day'),
    ...(values.out === undefined ? {} : { out: values.out }),
    json: values.json === true,
  };
}

function windowDaysOf(text: string): number {
  const days = { day: 1, week: 7 }[text];
  if (days !== undefined) return days;
  throw new UsageError(`--window: expected day or week, got '${text}'`);
}

function dayOf(option: string, text: string): string {
  try {
    dayNumber(text);
    return text;
  } catch {
    throw new UsageError(`${option}: expected a day like 2001-02-25, got '${text}'`);
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
        from: { type: 'string' },
        through: { type: 'string' },
        window: { type: 'string' },
        months: { type: 'string' },
        model: { type: 'string' },
        dir: { type: 'string' },
        out: { type: 'string' },
        seed: { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
