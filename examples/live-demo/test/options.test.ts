import { describe, expect, it } from 'vitest';
import { SCENARIOS, scenarioNames } from '../src/faults.js';
import { parseOptions } from '../src/options.js';
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
    [['--fault', 'nonsense'], `unknown fault "nonsense". There are: ${scenarioNames().join(', ')}`],
  ])('%j is refused with the reason', (argv, because) => {
    expect(parseOptions(argv)).toEqual({
      kind: 'wrong',
      because: expect.stringContaining(because) as string,
    });
  });

  it('--help lists every fault', () => {
    const parsed = parseOptions(['--help']);
    expect(parsed.kind).toBe('help');
    for (const name of scenarioNames()) expect(JSON.stringify(parsed)).toContain(name);
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
