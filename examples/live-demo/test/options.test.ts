import { describe, expect, it } from 'vitest';
import { SCENARIOS, scenarioNames } from '../src/faults.mjs';
import { parseOptions } from '../src/options.mjs';
import { endOfDay, STORIES } from '../src/stories.mjs';
import { portsFrom, SYSTEM } from '../src/system.js';

describe('the command line', () => {
  it('without options means: from port 8080, speed 60, until Ctrl-C', () => {
    expect(parseOptions([])).toEqual({
      kind: 'run',
      options: {
        forSeconds: undefined,
        speed: 60,
        seed: 1,
        fault: undefined,
        json: false,
        fresh: false,
        ports: 8080,
        stateDir: '.triops',
        story: undefined,
      },
    });
  });

  it('is understood whole', () => {
    const line =
      '--for 120 --speed 30 --seed 7 --fault slow-model --json --fresh --ports 9000 --state /tmp/x';
    expect(parseOptions(line.split(' '))).toEqual({
      kind: 'run',
      options: {
        forSeconds: 120,
        speed: 30,
        seed: 7,
        fault: 'slow-model',
        json: true,
        fresh: true,
        ports: 9000,
        stateDir: '/tmp/x',
        story: undefined,
      },
    });
  });

  it.each([
    [['--for=-5'], '--for: expected seconds above 0'],
    [['--for', 'soon'], '--for: expected seconds above 0 and at most 86400, got "soon"'],
    [['--speed', '0'], '--speed: expected a number above 0'],
    [['--seed', '1.5'], '--seed: expected a whole number, got "1.5"'],
    [['--ports', '80'], '--ports: expected 0 or a port from 1024'],
    [['--faults', 'slow-model'], "Unknown option '--faults'"],
    [['slow-model'], 'Unexpected argument'],
    [['--story', 'may'], '--story: unknown story "may". There are: april'],
    [['--through', '2001-04-10'], '--through: is the last day of a --story'],
    [['--story', 'april', '--through', '2001-03-01'], "--through: expected a day from the story's first"],
    [['--story', 'april', '--through', '2001-04-31'], "--through: expected a day from the story's first"],
    [['--story', 'april', '--through', 'soon'], "--through: expected a day from the story's first"],
    [
      ['--fault', 'slow-model', '--for', '10'],
      '--for 10: too short for --fault slow-model: it lasts from second 40 to 70 after flights flow; at least --for 80',
    ],
    [
      ['--fault', 'model-down', '--for', '60'],
      'it lasts from second 40 to 60 after flights flow; at least --for 70',
    ],
    [['--fault', 'nonsense'], `unknown fault "nonsense". There are: ${scenarioNames().join(', ')}`],
  ])('%j is refused with the reason', (argv, because) => {
    expect(parseOptions(argv)).toEqual({
      kind: 'wrong',
      because: expect.stringContaining(because) as string,
    });
  });

  it('a story brings its speed and a state of its own, and begins afresh', () => {
    const parsed = parseOptions(['--story', 'april', '--through', '2001-04-10']);
    expect(parsed).toMatchObject({
      kind: 'run',
      options: { speed: 600, fresh: true, stateDir: '.triops-april', story: { through: '2001-04-10' } },
    });
    expect(parseOptions(['--story', 'april', '--speed', '1000'])).toMatchObject({
      options: { speed: 1_000 },
    });
  });

  it('a story in a folder that somebody named begins afresh only when that is said', () => {
    const fresh = (...more: string[]) =>
      parseOptions(['--story', 'april', '--state', '/home/me/thesis', ...more]);
    expect(fresh()).toMatchObject({ options: { fresh: false, stateDir: '/home/me/thesis' } });
    expect(fresh('--fresh')).toMatchObject({ options: { fresh: true } });
  });

  it('a run that is just long enough for its fault is not refused, nor is one without an end', () => {
    expect(parseOptions(['--fault', 'slow-model', '--for', '80']).kind).toBe('run');
    expect(parseOptions(['--fault', 'slow-model']).kind).toBe('run');
  });

  it('--help lists every fault, and when it begins and ends', () => {
    const { text } = parseOptions(['--help']) as { text: string };
    for (const [name, { startsAtSeconds, lastsSeconds }] of Object.entries(SCENARIOS)) {
      const span = `from second ${startsAtSeconds} to ${startsAtSeconds + lastsSeconds}`;
      expect(text).toMatch(new RegExp(`${name} .*\\(${span}\\)\n`));
    }
  });

  it('--help tells how npm’s own lines stay out of the JSON', () => {
    expect((parseOptions(['--help']) as { text: string }).text).toContain('npm run -s demo -- --json');
  });

  it('--help tells the speed of each story', () => {
    const { text } = parseOptions(['--help']) as { text: string };
    for (const [name, { what, speed }] of Object.entries(STORIES)) {
      expect(text).toMatch(new RegExp(`${name} +${what}; speed ${speed}\n`));
    }
  });
});

describe('a story', () => {
  const known = {
    ports: portsFrom(9_000),
    databaseUrl: 'postgresql://x',
    stateDir: '/tmp/x',
    token: 't',
    speed: 1_000,
    seed: 1,
    story: STORIES['april'],
  };

  it('begins with a model that knows nothing of it, and ends when its last day is over in Honolulu', () => {
    for (const { modelThrough, startsAt, through } of Object.values(STORIES)) {
      expect(Date.parse(modelThrough)).toBeLessThan(Date.parse(startsAt));
      expect(Date.parse(endOfDay(through))).toBeGreaterThan(Date.parse(startsAt));
    }
    expect(endOfDay('2001-04-03')).toBe('2001-04-04T10:00:00.000Z');
  });

  it('is told to the training, the model server and the replay', () => {
    const told = (name: string) => {
      const part = SYSTEM.find((each) => each.name === name);
      if (part === undefined || part.kind === 'database') throw new Error(`no program ${name}`);
      return { args: part.args?.(known), env: part.env(known) };
    };
    expect(told('training').args).toEqual(['run', '--through', '2001-01-31']);
    expect(told('model-server').env).toMatchObject({ RETRAIN_AFTER_DAYS: '0' });
    expect(told('replay').env).toMatchObject({
      REPLAY_START: '2001-03-31T10:00:00Z',
      REPLAY_UNTIL: '2001-04-04T10:00:00.000Z',
      REPLAY_SPEED: '1000',
    });
  });
});

describe('the system', () => {
  it('names only known parts in an order in which they can start', () => {
    const started = new Set<string>();
    for (const part of SYSTEM) {
      for (const need of part.after) expect(started).toContain(need);
      started.add(part.name);
    }
  });

  it('gives each service its documented port', () => {
    expect(portsFrom(8080)).toMatchObject({
      'control-room': 8080,
      'flights-api': 8081,
      'model-server': 8082,
      aiops: 8083,
      replay: 8084,
      postgres: 8085,
    });
  });

  it('every fault breaks a part that exists, and ends', () => {
    for (const scenario of Object.values(SCENARIOS)) {
      expect(SYSTEM.map(({ name }) => name)).toContain(scenario.where);
      expect(scenario.lastsSeconds).toBeGreaterThan(0);
      const { action } = scenario;
      expect(action.kind === 'kill' || action.order.seconds === scenario.lastsSeconds).toBe(true);
    }
  });
});
