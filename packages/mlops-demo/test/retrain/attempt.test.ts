/** The life of a challenger, step by step. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { actionsOf, settle } from '../../src/retrain/actions.js';
import { nextStep } from '../../src/retrain/attempt.js';
import type { AttemptNews } from '../../src/retrain/attempt.js';
import { NEVER_RETRAINED, retrainStateSchema } from '../../src/retrain/state.js';
import type { RetrainState } from '../../src/retrain/state.js';

const NOW = '2001-04-02T06:00:00Z';
const STARTED: AttemptNews = {
  what: 'started',
  trigger: 'decay',
  because: 'AUC .77',
  dataThrough: '2001-04-01',
};
const TRAINED: AttemptNews = {
  what: 'trained',
  state: 'registered',
  version: 'v2',
  champion: 'v1',
  because: 'all checks hold',
};
const BETTER: AttemptNews = { what: 'compared', state: 'as good', because: 'log loss .05 lower' };
const PASS: AttemptNews = { what: 'analyzed', kind: 'pass', because: 'as good as the primary' };

function after(news: readonly AttemptNews[], now = NOW): RetrainState {
  return news.reduce((state, each) => nextStep(state, each, now).state, NEVER_RETRAINED);
}

describe('an attempt', () => {
  it('goes from training through shadow and canary into production', () => {
    expect(nextStep(NEVER_RETRAINED, STARTED, NOW).actions).toEqual([
      { do: 'train', dataThrough: '2001-04-01' },
    ]);
    expect(nextStep(after([STARTED]), TRAINED, NOW).actions).toMatchObject([
      { do: 'stage', version: 'v2', to: 'shadow' },
    ]);
    expect(nextStep(after([STARTED, TRAINED]), BETTER, NOW).actions).toMatchObject([
      { do: 'stage', version: 'v2', to: 'canary', share: 0.1 },
    ]);
    const promoted = nextStep(after([STARTED, TRAINED, BETTER]), PASS, NOW);
    expect(promoted.actions).toEqual([
      { do: 'stage', version: 'v2', to: 'production', replaces: 'v1', because: 'as good as the primary' },
    ]);
    expect(promoted.state).toMatchObject({
      phase: { name: 'idle' },
      attempts: [{ version: 'v2', outcome: 'promoted', endedAt: NOW }],
    });
  });

  it('leaves a step for each arrow, with its time and reason', () => {
    const { attempts } = after([STARTED, TRAINED, BETTER, PASS]);
    expect(attempts[0]?.steps).toEqual([
      { at: NOW, to: 'training', because: 'decay: AUC .77' },
      { at: NOW, to: 'shadow', because: 'all checks hold' },
      { at: NOW, to: 'canary', because: 'log loss .05 lower' },
      { at: NOW, to: 'promoted', because: 'as good as the primary' },
    ]);
    const unsure: AttemptNews = { what: 'analyzed', kind: 'inconclusive', because: 'no answer' };
    const again = Array.from({ length: 20 }, () => [BETTER, unsure]).flat();
    const { steps } = after([STARTED, TRAINED, ...again]).attempts[0] ?? {};
    expect(steps).toHaveLength(20);
    expect(steps?.at(-1)?.to).toBe('shadow');
  });

  it('a model that the gate refuses never reaches the registry', () => {
    const { state, actions } = nextStep(
      after([STARTED]),
      { what: 'trained', state: 'refused', because: 'AUC' },
      NOW,
    );
    expect(actions).toEqual([]);
    expect(state.attempts).toMatchObject([{ outcome: 'discarded', endedBecause: 'AUC' }]);
  });

  it('a challenger that is worse, or fails as a canary, is archived', () => {
    const worse: AttemptNews = { what: 'compared', state: 'worse', because: 'log loss higher' };
    expect(nextStep(after([STARTED, TRAINED]), worse, NOW).actions).toMatchObject([{ to: 'archived' }]);
    const fail: AttemptNews = { what: 'analyzed', kind: 'fail', because: 'errors' };
    expect(nextStep(after([STARTED, TRAINED, BETTER]), fail, NOW).actions).toMatchObject([
      { to: 'archived' },
    ]);
  });

  it('one whose trial gives no answer is given four days', () => {
    const equal: AttemptNews = { what: 'compared', state: 'no answer', because: 'within noise' };
    const shadow = after([STARTED, TRAINED]);
    expect(nextStep(shadow, equal, '2001-04-06T05:00:00Z').state.phase.name).toBe('shadow');
    const given = nextStep(shadow, equal, '2001-04-06T06:00:00Z');
    expect(given.state.attempts).toMatchObject([{ outcome: 'discarded' }]);
    expect(given.because).toBe('no answer after 4 days in shadow: within noise');
  });

  it('an inconclusive canary goes back into the shadow, for eight days at most', () => {
    const canary = after([STARTED, TRAINED, BETTER]);
    const unsure: AttemptNews = { what: 'analyzed', kind: 'inconclusive', because: 'no answer' };
    const again = nextStep(canary, unsure, '2001-04-09T06:00:00Z');
    expect(again.actions).toMatchObject([{ to: 'shadow', version: 'v2' }]);
    const given = nextStep(canary, unsure, '2001-04-10T06:00:00Z');
    expect(given.state.attempts).toMatchObject([
      { outcome: 'discarded', endedBecause: 'no answer in 8 days: no answer' },
    ]);
  });
});

describe('after a crash', () => {
  it('the state alone says what to do again, in every phase', () => {
    expect(actionsOf(after([STARTED]))).toEqual([{ do: 'train', dataThrough: '2001-04-01' }]);
    expect(actionsOf(after([STARTED, TRAINED]))).toMatchObject([{ to: 'shadow', version: 'v2' }]);
    expect(actionsOf(after([STARTED, TRAINED, BETTER]))).toMatchObject([{ to: 'canary', version: 'v2' }]);
    expect(actionsOf(after([STARTED, TRAINED, BETTER, PASS]))).toMatchObject([
      { to: 'production', version: 'v2' },
    ]);
  });

  it('what is settled is never done again: a person may have rolled back since', () => {
    expect(actionsOf(settle(after([STARTED, TRAINED, BETTER, PASS])))).toEqual([]);
  });
});

it('whatever the news, the state stays one that can be read back, and at most the last attempt is open', () => {
  const compared = fc
    .constantFrom('as good', 'no answer', 'worse')
    .map((state): AttemptNews => ({ what: 'compared', state, because: 'b' }));
  const analyzed = fc
    .constantFrom('pass', 'fail', 'inconclusive')
    .map((kind): AttemptNews => ({ what: 'analyzed', kind, because: 'b' }));
  const refused: AttemptNews = { what: 'trained', state: 'refused', because: 'b' };
  const news = fc.oneof(fc.constantFrom(STARTED, TRAINED, refused), compared, analyzed);
  fc.assert(
    fc.property(fc.array(news, { maxLength: 30 }), (all) => {
      const state = after(all);
      expect(retrainStateSchema.parse(JSON.parse(JSON.stringify(state)))).toEqual(state);
      const open = state.attempts.filter(({ outcome }) => outcome === undefined);
      expect(open).toHaveLength(state.phase.name === 'idle' ? 0 : 1);
    }),
  );
});
