import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { challenger, changeStage, inProduction, MODEL_STAGES, rollBack } from '../../src/registry/stages.js';
import type { RegistryState, StageChange } from '../../src/registry/stages.js';

const because = 'a test says so';
const change = (version: string, to: StageChange['to'], share?: number): StageChange => ({
  version,
  to,
  by: 'person:ada',
  because,
  at: '2001-02-01T00:00:00Z',
  ...(share === undefined ? {} : { share }),
});

function candidates(...versions: string[]): RegistryState {
  const since = '2001-01-31T00:00:00Z';
  const records = versions.map((version) => ({
    version,
    stage: 'candidate' as const,
    since,
    by: 'pipeline',
    because: 'registered',
  }));
  return { records, before: [] };
}

function after(registry: RegistryState, ...changes: StageChange[]): RegistryState {
  return changes.reduce((now, wish) => {
    const staged = changeStage(now, wish);
    if (staged.state === 'refused') throw new Error(staged.because);
    return staged.registry;
  }, registry);
}

const stagesOf = ({ records }: RegistryState): string[] =>
  records.map(({ version, stage }) => `${version} ${stage}`);

describe('the life of a model', () => {
  test('candidate, shadow, canary with a growing share, production, archived by the next one', () => {
    const tried = after(
      candidates('a', 'b'),
      change('a', 'production'),
      change('b', 'shadow'),
      change('b', 'canary', 0.1),
      change('b', 'canary', 0.5),
    );
    expect(challenger(tried.records)).toMatchObject({ version: 'b', stage: 'canary', share: 0.5 });
    const promoted = after(tried, change('b', 'production'));
    expect(stagesOf(promoted)).toEqual(['a archived', 'b production']);
    expect(promoted.records[0]).toMatchObject({ because: `b took its place: ${because}`, by: 'person:ada' });
    expect(promoted.records[1]).toEqual({
      version: 'b',
      stage: 'production',
      since: '2001-02-01T00:00:00Z',
      by: 'person:ada',
      because,
    });
  });

  test('a discarded challenger is archived and may become a candidate again', () => {
    const discarded = after(candidates('a'), change('a', 'shadow'), change('a', 'archived'));
    expect(stagesOf(after(discarded, change('a', 'candidate')))).toEqual(['a candidate']);
  });
});

describe('what the rules refuse, and why', () => {
  const registry = after(
    candidates('a', 'b', 'c', 'd'),
    change('a', 'production'),
    change('b', 'shadow'),
    change('d', 'archived'),
  );

  test.each([
    [change('e', 'shadow'), "the registry has no version 'e'; npx mlops list shows them"],
    [change('a', 'archived'), 'a is in production: promote another version, or roll back'],
    [change('c', 'canary', 0.1), 'b is tried already (shadow): one challenger at a time'],
    [
      change('d', 'canary', 0.1),
      'd is archived: from there it may become candidate or production, not canary',
    ],
    [change('b', 'canary'), 'a canary needs a share of the requests above 0 and at most 1, got none'],
    [change('b', 'canary', 0), 'a canary needs a share of the requests above 0 and at most 1, got 0'],
    [change('b', 'canary', NaN), 'a canary needs a share of the requests above 0 and at most 1, got NaN'],
    [change('c', 'production', 0.1), 'a share belongs to a canary, not to stage production'],
  ])('%j', (wish, reason) => {
    expect(changeStage(registry, wish)).toEqual({ state: 'refused', because: reason });
  });
});

describe('rollback', () => {
  const abc = after(
    candidates('a', 'b', 'c', 'x'),
    change('a', 'production'),
    change('x', 'archived'),
    change('b', 'production'),
    change('c', 'production'),
  );
  const wish = { by: 'person:ada', because, at: '2001-02-02T00:00:00Z' };
  const served = (registry: RegistryState): string | undefined => inProduction(registry.records)?.version;

  test('goes back to what was in production, not to what was archived last, and then further back', () => {
    const once = rollBack(abc, wish);
    if (once.state === 'refused') throw new Error(once.because);
    expect(served(once.registry)).toBe('b');
    const twice = rollBack(once.registry, wish);
    if (twice.state === 'refused') throw new Error(twice.because);
    expect(served(twice.registry)).toBe('a');
    expect(stagesOf(twice.registry)).toEqual(['a production', 'b archived', 'c archived', 'x archived']);
    expect(rollBack(twice.registry, wish)).toEqual({
      state: 'refused',
      because: 'no usable version was in production before a',
    });
  });

  test('passes over a version that cannot be used', () => {
    expect(rollBack(abc, wish, (version) => version !== 'b')).toMatchObject({ version: 'a' });
  });

  test('has nowhere to go while nothing is in production', () => {
    expect(rollBack(candidates('a'), wish)).toMatchObject({ state: 'refused' });
  });
});

test('whatever is asked for: one production at most, one challenger at most, no version lost, a share only on a canary', () => {
  const versions = ['a', 'b', 'c', 'd'];
  const wishes = fc.array(
    fc.record({
      version: fc.constantFrom(...versions),
      to: fc.constantFrom(...MODEL_STAGES),
      share: fc.option(fc.double(), { nil: undefined }),
      back: fc.boolean(),
    }),
    { maxLength: 30 },
  );
  fc.assert(
    fc.property(wishes, (all) => {
      let registry = candidates(...versions);
      let everInProduction = false;
      for (const { version, to, share, back } of all) {
        const wish = change(version, to, share);
        const next = back ? rollBack(registry, wish) : changeStage(registry, wish);
        if (next.state !== 'refused') registry = next.registry;
        const count = (...stages: string[]): number =>
          registry.records.filter(({ stage }) => stages.includes(stage)).length;
        everInProduction ||= count('production') === 1;
        expect(count('production')).toBe(everInProduction ? 1 : 0);
        expect(count('shadow', 'canary')).toBeLessThanOrEqual(1);
        expect(registry.records.map((record) => record.version)).toEqual(versions);
        for (const { stage, share: given } of registry.records)
          expect(given !== undefined).toBe(stage === 'canary');
      }
    }),
    { numRuns: 1_000 },
  );
});

describe('what a person has taken out of production', () => {
  const wish = { to: 'production', because: 'a run passed the gate', at: '2001-02-03T00:00:00Z' } as const;
  const rolled = after(candidates('a', 'b'), change('a', 'production'), change('b', 'production'));
  const back = rollBack(rolled, { by: 'person:ann', because: 'it annoyed customers', at: wish.at });
  const { registry } = back as { registry: RegistryState };

  test.each(['pipeline', 'retrain'])('is not put back by %s, and the refusal names the person', (by) => {
    expect(changeStage(registry, { ...wish, version: 'b', by })).toEqual({
      state: 'refused',
      because: 'b stays out of production: person:ann took it out: a took its place: it annoyed customers',
      decidedBy: 'person:ann',
    });
  });

  test('is put back by a person, and by anybody once a person has made it a candidate again', () => {
    expect(changeStage(registry, { ...wish, version: 'b', by: 'person:bob' })).toMatchObject({
      state: 'changed',
    });
    const again = after(registry, change('b', 'candidate'));
    expect(changeStage(again, { ...wish, version: 'b', by: 'pipeline' })).toMatchObject({ state: 'changed' });
  });

  test('is not what the pipeline has replaced itself', () => {
    const by = 'pipeline';
    const replaced = after(candidates('a', 'b'), change('a', 'production'), { ...wish, version: 'b', by });
    expect(changeStage(replaced, { ...wish, version: 'a', by })).toMatchObject({ state: 'changed' });
  });
});
