/**
 * Options: what the command line asks for, checked before anything starts.
 *
 *   parseOptions(['--for', '120', '--fault', 'slow-model']) // { kind: 'run', options: { forSeconds: 120, fault: 'slow-model', … } }
 *   parseOptions(['--fault', 'nonsense'])                   // { kind: 'wrong', because: 'unknown fault "nonsense". …' }
 */
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { messageOf } from 'service-chassis/reason-of';
import { SCENARIOS, scenarioNames, timesOf } from './faults.js';
import type { Scenario } from './faults.js';
import { STORIES, storyNames } from './stories.js';
import type { Story } from './stories.js';

export interface DemoOptions {
  /** Run so long after flights flow, then stop; undefined: until Ctrl-C. */
  readonly forSeconds: number | undefined;
  readonly speed: number;
  readonly seed: number;
  readonly fault: string | undefined;
  readonly json: boolean;
  readonly fresh: boolean;
  /** First of six ports; 0 takes any free ones. */
  readonly ports: number;
  readonly stateDir: string;
  readonly story: Story | undefined;
}

export type ParsedOptions =
  { kind: 'run'; options: DemoOptions } | { kind: 'help'; text: string } | { kind: 'wrong'; because: string };

/** The record's last but one: the last one's night is not in it. */
const LAST_DAY = '2001-06-29';

export const HELP = `Starts the whole system without Docker and shows what happens in it.

  npm run demo -- [options]

  --for SECONDS   run so long after flights flow, then stop; exit 0 only if all was well
  --speed N       simulated seconds a second (default 60: an hour takes a minute)
  --seed N        draws the second of each departure (default 1)
  --fault NAME    inject a labelled fault; its seconds count from when flights flow:
${Object.entries(SCENARIOS)
  .map(([name, scenario]) => `                    ${name.padEnd(14)} ${scenario.what} (${spanOf(scenario)})`)
  .join('\n')}
                  --for must be 10 longer than its end; with --for 120 its incident closes too
  --story NAME    play it to its end, from an empty state of its own, at a speed of its own:
${storyNames()
  .map(
    (name) =>
      `                    ${name.padEnd(14)} ${STORIES[name]?.what ?? ''}; speed ${STORIES[name]?.speed ?? 0}`,
  )
  .join('\n')}
  --through DAY   the story's last day (april: 2001-04-03, ten minutes; 2001-04-10 has room for more attempts, 26 minutes)
  --json          print one JSON summary at the end on standard output; the rest goes to standard error
                  (npm run -s demo -- --json > FILE: without -s npm's own lines come first)
  --fresh         forget what earlier runs left: database, models, logs; a story in its own folder always does
  --ports BASE    use BASE … BASE+5 (default 8080); 0 takes any free ports
  --state DIR     keep state there (default .triops; a story: .triops-NAME)
  --help          this text
`;

export function parseOptions(argv: readonly string[]): ParsedOptions {
  const given = readArguments(argv);
  if (typeof given === 'string') return { kind: 'wrong', because: given };
  if (given['help'] === true) return { kind: 'help', text: HELP };

  const wrong: string[] = [];
  const number = (
    name: string,
    fallback: number,
    allowed: (value: number) => boolean,
    rule: string,
  ): number => {
    const text = given[name];
    if (text === undefined) return fallback;
    const value = typeof text === 'string' && text.trim() !== '' ? Number(text) : Number.NaN;
    if (!allowed(value)) wrong.push(`--${name}: expected ${rule}, got "${String(text)}"`);
    return value;
  };
  const forSeconds = number(
    'for',
    0,
    (value) => value > 0 && value <= 86_400,
    'seconds above 0 and at most 86400',
  );
  const story = storyOf(given, wrong);
  const options: DemoOptions = {
    forSeconds: forSeconds === 0 ? undefined : forSeconds,
    speed: number(
      'speed',
      story?.speed ?? 60,
      (value) => value > 0 && value <= 3_600,
      'a number above 0 and at most 3600',
    ),
    seed: number('seed', 1, Number.isSafeInteger, 'a whole number'),
    fault: given['fault'] as string | undefined,
    json: given['json'] === true,
    // Nobody else's state is in a story's own folder; in one that was named may be.
    fresh: given['fresh'] === true || (story !== undefined && given['state'] === undefined),
    ports: number('ports', 8080, isPortBase, '0 or a port from 1024 to 65530'),
    stateDir:
      (given['state'] as string | undefined) ??
      (story === undefined ? '.triops' : `.triops-${given['story'] as string}`),
    story,
  };
  wrong.push(...wrongFault(options));
  return wrong.length === 0 ? { kind: 'run', options } : { kind: 'wrong', because: wrong.join('\n') };
}

function wrongFault({ fault, forSeconds }: DemoOptions): string[] {
  if (fault === undefined) return [];
  const scenario = Object.hasOwn(SCENARIOS, fault) ? SCENARIOS[fault] : undefined;
  if (scenario === undefined) {
    return [`--fault: unknown fault "${fault}". There are: ${scenarioNames().join(', ')}`];
  }
  const { leastRun } = timesOf(scenario);
  if (forSeconds === undefined || forSeconds >= leastRun) return [];
  const why = `it lasts ${spanOf(scenario)} after flights flow`;
  return [`--for ${forSeconds}: too short for --fault ${fault}: ${why}; at least --for ${leastRun}`];
}

function spanOf(scenario: Scenario): string {
  const { startsAt, endsAt } = timesOf(scenario);
  return `from second ${startsAt} to ${endsAt}`;
}

/** Undefined without one; what cannot be told is added to `wrong`. */
function storyOf(given: Arguments, wrong: string[]): Story | undefined {
  const { story: name, through } = given as Record<string, string | undefined>;
  const story = name === undefined || !Object.hasOwn(STORIES, name) ? undefined : STORIES[name];
  if (name !== undefined && story === undefined) {
    wrong.push(`--story: unknown story "${name}". There are: ${storyNames().join(', ')}`);
  }
  if (through === undefined) return story;
  if (name === undefined) wrong.push('--through: is the last day of a --story');
  const isDay = z.iso.date().safeParse(through).success;
  if (!isDay || through < (story?.startsAt ?? '').slice(0, 10) || through > LAST_DAY) {
    wrong.push(`--through: expected a day from the story's first to ${LAST_DAY}, got "${through}"`);
  }
  return story === undefined ? undefined : { ...story, through };
}

function isPortBase(value: number): boolean {
  return Number.isInteger(value) && (value === 0 || (value >= 1_024 && value <= 65_530));
}

type Arguments = Record<string, string | boolean | undefined>;

function readArguments(argv: readonly string[]): Arguments | string {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        for: { type: 'string' },
        speed: { type: 'string' },
        seed: { type: 'string' },
        story: { type: 'string' },
        through: { type: 'string' },
        fault: { type: 'string' },
        json: { type: 'boolean' },
        fresh: { type: 'boolean' },
        ports: { type: 'string' },
        state: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    return messageOf(error);
  }
}
