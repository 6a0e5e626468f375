import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { advance, isFinal, nextAction, windowsOfStep } from '../../src/delivery/release.js';
import type { Action, Event, Phase, Release } from '../../src/delivery/release.js';
import { runRelease } from '../../src/delivery/release/controller.js';
import type { Deeds } from '../../src/delivery/release/controller.js';
import { analyzed, released } from '../../src/delivery/release/stages.js';
import { lineOf, told } from '../../src/delivery/release/told.js';
import { STEPS_PER_CENT, candidateWeight, shiftTraffic } from '../../src/delivery/shift-traffic.js';
import { begun, done, failed, observed, resumed } from './releases.js';

const NOW = '2026-07-01T10:01:00.000Z';
const after = (...events: Event[]) => events.reduce((release, event) => advance(release, event, NOW), begun);
const passes = STEPS_PER_CENT.flatMap(() => [done, observed('pass')]);

describe('a release', () => {
  it('that passes every step is with everybody', () => {
    let release = begun;
    const seen: [Phase, number][] = [];
    for (const event of [done, done, ...passes, done, done]) {
      release = advance(release, event, NOW);
      seen.push([release.phase, candidateWeight(release)]);
    }
    expect(seen).toEqual([
      ['starting', 0],
      ['shifting', 5],
      ['observing', 5],
      ['shifting', 10],
      ['observing', 10],
      ['shifting', 25],
      ['observing', 25],
      ['shifting', 50],
      ['observing', 50],
      ['promoting', 100],
      ['retiring', 100],
      ['promoted', 100],
    ]);
    expect(release.because).toBe('at 50 %: judged pass; judged 4 times');
    expect(nextAction(release)).toBeUndefined();
  });

  it('that fails goes back at once: weight first, then the process', () => {
    const failing = after(done, done, done, observed('fail'));
    expect([failing.phase, nextAction(failing)]).toEqual(['rolling-back', { do: 'shift', weight: 0 }]);
    const back = advance(failing, done, NOW);
    expect(nextAction(back)).toEqual({ do: 'stop' });
    expect(advance(back, done, NOW)).toMatchObject({ phase: 'rolled-back', because: 'at 5 %: judged fail' });
  });

  it('without a verdict waits for the next window, and stops without blame when the looks are used up', () => {
    const waiting = after(done, done, done, observed('inconclusive'));
    expect([waiting.phase, windowsOfStep(waiting).length]).toEqual(['observing', 1]);
    const stopped = [observed('inconclusive', true), done, done].reduce(
      (r, e) => advance(r, e, NOW),
      waiting,
    );
    expect(stopped.phase).toBe('stopped');
    expect(stopped.because).toBe('stopped without blame at 5 %: judged inconclusive');
  });

  it('judges the windows of a step together, not those of the step before', () => {
    const second = after(
      done,
      done,
      done,
      observed('inconclusive'),
      observed('pass'),
      done,
      observed('inconclusive'),
    );
    expect([second.step, windowsOfStep(second).length, second.judged.length]).toEqual([1, 1, 3]);
  });

  it('is refused when it cannot be verified, and nothing was started', () => {
    expect(after(failed)).toMatchObject({ phase: 'refused', because: 'it broke' });
  });

  it.each<[string, Release]>([
    ['starting', after(done)],
    ['shifting', after(done, done)],
    ['observing', after(done, done, done)],
    ['promoting', after(done, done, ...passes)],
  ])('that breaks while %s goes back', (_phase, release) => {
    expect(advance(release, failed, NOW).phase).toBe('rolling-back');
  });

  it.each<[Phase, Release]>([
    ['retiring', after(done, done, ...passes, done)],
    ['rolling-back', after(done, done, done, observed('fail'))],
    ['stopping', after(done, done, done, observed('fail'), done)],
  ])('that breaks while %s tries again', (phase, release) => {
    expect(advance(release, failed, NOW).phase).toBe(phase);
  });

  it('whose controller was killed goes on when the new version runs, and back when it does not', () => {
    const observing = after(done, done, done);
    expect(advance(observing, resumed(true), NOW)).toMatchObject({ phase: 'shifting', step: 0 });
    expect(advance(observing, resumed(false), NOW).phase).toBe('rolling-back');
    const promoting = after(done, done, ...passes);
    expect(advance(promoting, resumed(true), NOW).phase).toBe('promoting');
    expect(advance(promoting, resumed(false), NOW).phase).toBe('rolling-back');
    const retiring = advance(promoting, done, NOW);
    expect(advance(retiring, resumed(true), NOW).phase, 'the old version may be gone already').toBe(
      'retiring',
    );
  });

  const anyEvent = fc.oneof(
    fc.constant(done),
    fc.constant(failed),
    fc.boolean().map(resumed),
    fc
      .constantFrom('pass', 'fail', 'inconclusive')
      .chain((kind) => fc.boolean().map((end) => observed(kind, end))),
  );

  it('whatever happens: never more than 10 % before two passes, nothing after a fail, and an end is an end', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 60 }), (events) => {
        let release = begun;
        let blamed = false;
        for (const event of events) {
          const next = advance(release, event, NOW);
          const passed = next.judged.filter(({ verdict }) => verdict.kind === 'pass').length;
          const most = blamed ? 0 : passed < 2 ? 10 : 100;
          if (candidateWeight(next) > most) return false;
          if (isFinal(release.phase) && next.phase !== release.phase) return false;
          blamed ||= next.judged.at(-1)?.verdict.kind === 'fail';
          release = next;
        }
        return true;
      }),
      { seed: 2001, numRuns: 500 },
    );
    expect(isFinal('promoted')).toBe(true);
  });
});

describe('the controller', () => {
  const deedsOf = (perform: Deeds['perform'], saved: Release[] = []): Deeds => ({
    perform,
    save: (release) => void saved.push(release),
    now: () => NOW,
    pause: async () => undefined,
  });
  const allWell: Deeds['perform'] = async ({ do: what }) => (what === 'observe' ? observed('pass') : done);

  it('writes down each state before it acts on it', async () => {
    const log: string[] = [];
    const deeds = deedsOf(async (action, release) => {
      log.push(`do ${action.do}`);
      return allWell(action, release);
    });
    const save = (release: Release) => void log.push(`save ${release.phase}`);
    await runRelease(begun, { ...deeds, save });
    expect(log.slice(0, 8)).toEqual([
      'save verifying',
      'do verify',
      'save starting',
      'do start',
      'save shifting',
      'do shift',
      'save observing',
      'do observe',
    ]);
    expect(log.at(-1)).toBe('save promoted');
  });

  it('killed after any saved state and started again, ends with one version for everybody', async () => {
    const saved: Release[] = [];
    await runRelease(begun, deedsOf(allWell, saved));
    for (const state of saved.filter(({ phase }) => !isFinal(phase))) {
      for (const runs of [true, false]) {
        const again = advance(state, resumed(runs), NOW);
        const ended = await runRelease(again, deedsOf(allWell));
        expect(['promoted', 'rolled-back', 'stopped']).toContain(ended.phase);
        expect([0, 100]).toContain(candidateWeight(ended));
      }
    }
  });

  it('tries again what must be done, and gives up with the state written', async () => {
    let [tries, healAfter] = [0, 2];
    const saved: Release[] = [];
    const perform: Deeds['perform'] = async ({ do: what, ...rest }) => {
      if (what === 'observe') return observed('fail');
      if (what === 'shift' && 'weight' in rest && rest.weight === 0 && tries++ < healAfter)
        throw new Error('gateway away');
      return done;
    };
    expect((await runRelease(begun, deedsOf(perform))).phase).toBe('rolled-back');
    [tries, healAfter] = [0, Infinity];
    await expect(runRelease(begun, deedsOf(perform, saved))).rejects.toThrow('cannot shift: gateway away');
    expect(saved.at(-1)?.phase).toBe('rolling-back');
  });

  it.each<[Phase, Action['do']]>([
    ['rolling-back', 'shift'],
    ['stopping', 'stop'],
  ])(
    '%s outlasts a gateway that is away for a minute, and asks it no more than every ten seconds',
    async (phase, away) => {
      const pauses: number[] = [];
      const waitedMs = () => pauses.reduce((sum, ms) => sum + ms, 0);
      const deeds = deedsOf(async ({ do: what }) => {
        if (what === away && waitedMs() < 60_000) throw new Error('it answered 429');
        return done;
      });
      const pause = async (ms: number) => void pauses.push(ms);
      const ended = await runRelease({ ...after(done, done, failed), phase }, { ...deeds, pause });
      expect(ended.phase).toBe('rolled-back');
      expect(pauses.slice(0, 6)).toEqual([500, 1_000, 2_000, 4_000, 8_000, 10_000]);
      expect(Math.max(...pauses)).toBe(10_000);
    },
  );
});

describe('a release in words', () => {
  const stages = (release: Release) => [shiftTraffic(release), analyzed(release), released(release)];

  it('while it runs', () => {
    expect(stages(after(done, done, done, observed('inconclusive')))).toEqual([
      { state: 'running', because: '0.2.0 gets 5 % of the requests, step 1 of 4' },
      { state: 'running', because: 'inconclusive at 5 %, 50 requests: judged inconclusive' },
      { state: 'running', because: '0.2.0 after 0.1.0, observing: at 5 %: judged inconclusive' },
    ]);
  });

  it('says that it warms up', () => {
    const event = observed('inconclusive');
    if (event.kind !== 'observed') throw new Error('expected a window');
    const warmUp = { from: null, answers: 62, leastAnswers: 200, leastSeconds: 10 };
    const cold = after(done, done, done, { ...event, window: { ...event.window, warmUp } });
    expect(stages(cold)[1]?.because).toMatch(/^warming up at 5 %, 50 requests: /);
    expect(stages(cold)[2]?.because).toMatch(/^0.2.0 after 0.1.0, warming up: at 5 %/);
    expect(told(after(done, done, done), cold)[0]).toMatch(/^ {2}warming up at 5 %, 50 requests of 1000/);
    expect(lineOf(cold)).toContain('  warming up    0.2.0 after 0.1.0: ');
    expect(stages(advance(cold, event, NOW))[1]?.because).toMatch(/^inconclusive at 5 %/);
  });

  it('when it was taken back', () => {
    expect(stages(after(done, done, done, observed('fail'), done, done))).toEqual([
      { state: 'failed', because: '0.2.0 gets 0 % of the requests: 0.1.0 gets them all again' },
      { state: 'failed', because: 'fail at 5 %, 50 requests: judged fail' },
      { state: 'failed', because: '0.2.0 was taken back: at 5 %: judged fail' },
    ]);
  });

  it('when it is with everybody, when it was refused, and when it was stopped', () => {
    const states = (release: Release) => stages(release).map(({ state }) => state);
    expect(states(after(done, done, ...passes, done, done))).toEqual(['passed', 'passed', 'passed']);
    expect(states(after(failed))).toEqual(['skipped', 'waiting', 'failed']);
    const stopped = after(done, done, done, observed('inconclusive', true), done, done);
    expect(states(stopped)).toEqual(['failed', 'skipped', 'skipped']);
  });

  it('as lines on a terminal, each once', () => {
    const observing = after(done, done, done);
    const judged = advance(observing, observed('pass'), NOW);
    expect(told(observing, judged)).toEqual([
      '  pass at 5 %, 50 requests of 1000 in 20 s: judged pass',
      'shifting      0.2.0 gets 10 %',
    ]);
    expect(told(judged, judged)).toEqual([]);
  });
});
