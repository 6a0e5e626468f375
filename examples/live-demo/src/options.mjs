/**
 * Options: what the command line asks for, checked before anything starts.
 *
 *   parseOptions(['--for', '120', '--fault', 'slow-model']) // { kind: 'run', options: { forSeconds: 120, fault: 'slow-model', … } }
 *   parseOptions(['--fault', 'nonsense'])                   // { kind: 'wrong', because: 'unknown fault "nonsense". …' }
 *
 * JavaScript with types in comments, checked like all else, and Node's own modules only: scripts/demo.mjs asks it on a fresh clone, before
 * anything is installed or built, so that --help and a mistyped option are answered at once.
 *
 * @import { Scenario } from './faults.mjs'
 * @import { Story } from './stories.mjs'
 *
 * @typedef {object} DemoOptions
 * @property {number | undefined} forSeconds Run so long after flights flow, then stop; undefined: until Ctrl-C.
 * @property {number} speed
 * @property {number} seed
 * @property {string | undefined} fault
 * @property {boolean} json
 * @property {boolean} fresh
 * @property {number} ports First of six ports; 0 takes any free ones.
 * @property {string} stateDir
 * @property {Readonly<Story> | undefined} story
 *
 * @typedef {{ kind: 'run', options: Readonly<DemoOptions> } | { kind: 'help', text: string } | { kind: 'wrong', because: string }} ParsedOptions
 *
 * @typedef {Record<string, string | boolean | undefined>} Arguments
 */
import { parseArgs } from 'node:util';
import { SCENARIOS, scenarioNames, timesOf } from './faults.mjs';
import { STORIES, storyNames } from './stories.mjs';

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
${Object.entries(STORIES)
  .map(([name, { what, speed }]) => `                    ${name.padEnd(14)} ${what}; speed ${speed}`)
  .join('\n')}
  --through DAY   the story's last day (april: 2001-04-03, ten minutes; 2001-04-10 has room for more attempts, 26 minutes)
  --json          print one JSON summary at the end on standard output; the rest goes to standard error
                  (npm run -s demo -- --json > FILE: without -s npm's own lines come first)
  --fresh         forget what earlier runs left: database, models, logs; a story in its own folder always does
  --ports BASE    use BASE … BASE+5 (default 8080); 0 takes any free ports
  --state DIR     keep state there (default .triops; a story: .triops-NAME)
  --help          this text
`;

/**
 * @param {readonly string[]} argv
 * @returns {ParsedOptions}
 */
export function parseOptions(argv) {
  const given = readArguments(argv);
  if (typeof given === 'string') return { kind: 'wrong', because: given };
  if (given['help'] === true) return { kind: 'help', text: HELP };

  /** @type {string[]} */
  const wrong = [];
  /** @type {(name: string, fallback: number, allowed: (value: number) => boolean, rule: string) => number} */
  const number = (name, fallback, allowed, rule) => {
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
  const storyName = textOf(given['story']);
  const story = storyOf(storyName, textOf(given['through']), wrong);
  /** @type {DemoOptions} */
  const options = {
    forSeconds: forSeconds === 0 ? undefined : forSeconds,
    speed: number(
      'speed',
      story?.speed ?? 60,
      (value) => value > 0 && value <= 3_600,
      'a number above 0 and at most 3600',
    ),
    seed: number('seed', 1, Number.isSafeInteger, 'a whole number'),
    fault: textOf(given['fault']),
    json: given['json'] === true,
    // Nobody else's state is in a story's own folder; in one that was named may be.
    fresh: given['fresh'] === true || (story !== undefined && given['state'] === undefined),
    ports: number('ports', 8080, isPortBase, '0 or a port from 1024 to 65530'),
    stateDir: textOf(given['state']) ?? (story === undefined ? '.triops' : `.triops-${storyName}`),
    story,
  };
  wrong.push(...wrongFault(options));
  return wrong.length === 0 ? { kind: 'run', options } : { kind: 'wrong', because: wrong.join('\n') };
}

/**
 * @param {DemoOptions} options
 * @returns {string[]}
 */
function wrongFault({ fault, forSeconds }) {
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

/** @param {Scenario} scenario */
function spanOf(scenario) {
  const { startsAt, endsAt } = timesOf(scenario);
  return `from second ${startsAt} to ${endsAt}`;
}

/**
 * Undefined without one; what cannot be told is added to `wrong`.
 *
 * @param {string | undefined} name
 * @param {string | undefined} through
 * @param {string[]} wrong
 */
function storyOf(name, through, wrong) {
  const story = name === undefined || !Object.hasOwn(STORIES, name) ? undefined : STORIES[name];
  if (name !== undefined && story === undefined) {
    wrong.push(`--story: unknown story "${name}". There are: ${storyNames().join(', ')}`);
  }
  if (through === undefined) return story;
  if (name === undefined) wrong.push('--through: is the last day of a --story');
  if (!isDay(through) || through < (story?.startsAt ?? '').slice(0, 10) || through > LAST_DAY) {
    wrong.push(`--through: expected a day from the story's first to ${LAST_DAY}, got "${through}"`);
  }
  return story === undefined ? undefined : { ...story, through };
}

/**
 * A day that there is: 2001-02-30 is none.
 *
 * @param {string} text
 */
function isDay(text) {
  const midnight = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().slice(0, 10) === text;
}

/** @param {number} value */
function isPortBase(value) {
  return Number.isInteger(value) && (value === 0 || (value >= 1_024 && value <= 65_530));
}

/** @param {string | boolean | undefined} value */
function textOf(value) {
  return typeof value === 'string' ? value : undefined;
}

/**
 * @param {readonly string[]} argv
 * @returns {Arguments | string}
 */
function readArguments(argv) {
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
    return error instanceof Error ? error.message : String(error);
  }
}
