import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { chooseBackend } from '../../src/backend.js';
import { FEATURE_COUNT } from '../../src/features/names.js';
import { scoreBatch } from '../../src/model.js';
import type { DelayModel } from '../../src/model.js';
import { seedRandom } from '../../src/seeded-random.js';
import { BATCH_LIMITS, MicroBatcher } from '../../src/serve/micro-batch.js';
import type { MicroBatcherOptions, ScoredBatch } from '../../src/serve/micro-batch.js';
import { randomModel } from './world.js';

const LIMITS = { waitMs: 2, batchRows: 64, mostQuestions: 256, mostRows: 4_000 };

/** A clock that moves when it is told to, and a scorer that answers each row with its first number. */
function bench(options: Partial<MicroBatcherOptions<string>> = {}) {
  const due: { at: number; work: () => void }[] = [];
  const scored: ScoredBatch<string>[] = [];
  let now = 0;
  const batcher = new MicroBatcher<string>({
    score: (_model, rows) => rows.slice(),
    onScored: (batch) => scored.push(batch),
    limits: LIMITS,
    now: () => now,
    later: (ms, work) => void due.push({ at: now + ms, work }),
    ...options,
  });
  /** Lets the next thing happen that is due; false when there is none. */
  function step(): boolean {
    due.sort((a, b) => a.at - b.at);
    const next = due.shift();
    if (next === undefined) return false;
    now = Math.max(now, next.at);
    next.work();
    return true;
  }
  const question = (first: number, rowCount = 1, model = 'm') => ({
    model,
    rows: Float32Array.from({ length: rowCount }, (_, row) => first + row),
    rowCount,
  });
  return { batcher, scored, step, question, time: () => now };
}

describe('micro-batching', () => {
  it('questions that come before the wait is over are one batch, and each gets its own answer', async () => {
    const { batcher, scored, step, question, time } = bench();
    const answers = [10, 20, 30].map(async (first) => batcher.ask(question(first, 2)));
    expect(scored).toEqual([]);
    step();
    expect(time()).toBe(2);
    expect((await Promise.all(answers)).map((risks) => Array.from(risks ?? []))).toEqual([
      [10, 11],
      [20, 21],
      [30, 31],
    ]);
    expect(scored).toMatchObject([{ model: 'm', purpose: 'answer', rows: 6, error: undefined }]);
    expect(step()).toBe(false);
  });

  it('a full batch does not wait, and the wait it overtook does not cut the next one short', () => {
    const { batcher, scored, step, question, time } = bench();
    for (let i = 0; i < 64; i++) void batcher.ask(question(i));
    step();
    expect([time(), scored.map(({ rows }) => rows)]).toEqual([0, [64]]);
    void batcher.ask(question(1));
    // The overtaken wait ends now, and nothing happens.
    step();
    expect(scored).toHaveLength(1);
    step();
    expect(scored.map(({ rows }) => rows)).toEqual([64, 1]);
  });

  it('a request larger than a batch is a batch of its own, and keeps its place', () => {
    const { batcher, scored, step, question } = bench();
    for (const rows of [3, 1_000, 2]) void batcher.ask(question(0, rows));
    while (step());
    expect(scored.map(({ rows }) => rows)).toEqual([3, 1_000, 2]);
  });

  it('whatever comes, each question is answered within as many turns as the queue is long, or refused at once', async () => {
    const sizes = fc.array(fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 1_000 })), {
      minLength: 1,
      maxLength: 600,
    });
    await fc.assert(
      fc.asyncProperty(sizes, async (rowCounts) => {
        const { batcher, step, question } = bench();
        const taken: Promise<Float32Array>[] = [];
        let [rows, refused, wrongly] = [0, 0, false];
        for (const rowCount of rowCounts) {
          const risks = batcher.ask(question(taken.length, rowCount));
          if (risks === undefined) {
            refused += 1;
            wrongly ||= taken.length < LIMITS.mostQuestions && rows + rowCount <= LIMITS.mostRows;
          } else {
            taken.push(risks);
            rows += rowCount;
          }
        }
        expect(wrongly).toBe(false);
        expect(taken.length + refused).toBe(rowCounts.length);
        expect(taken.length).toBeLessThanOrEqual(LIMITS.mostQuestions);
        expect(rows).toBeLessThanOrEqual(LIMITS.mostRows);
        // The wait that was overtaken is a step too.
        let turns = -1;
        while (step()) turns += 1;
        expect(turns).toBeLessThanOrEqual(taken.length);
        const answers = await Promise.all(taken);
        expect(answers.map(([first]) => first)).toEqual(taken.map((_, index) => index));
        expect([batcher.waiting, batcher.isFull]).toEqual([0, false]);
      }),
      { numRuns: 50 },
    );
  });

  it('a full queue takes questions again as soon as a batch is scored', () => {
    const { batcher, step, question } = bench();
    for (let i = 0; i < 300; i++) void batcher.ask(question(i));
    expect([batcher.waiting, batcher.isFull]).toEqual([256, true]);
    expect(batcher.ask(question(1))).toBeUndefined();
    step();
    expect(batcher.isFull).toBe(false);
    expect(batcher.ask(question(1))).toBeDefined();
  });

  it('the server’s batch takes all single questions that wait, in one turn', async () => {
    const { batcher, scored, step, question } = bench({ limits: BATCH_LIMITS });
    const answers = Array.from({ length: BATCH_LIMITS.mostQuestions }, async (_, at) =>
      batcher.ask(question(at)),
    );
    expect(batcher.isFull).toBe(true);
    step();
    expect(scored).toMatchObject([{ rows: 256 }]);
    expect((await Promise.all(answers)).map((risks) => risks?.[0])).toEqual([...answers.keys()]);
  });

  it('two models in a batch are scored apart, and take turns at being first', () => {
    const { batcher, scored, step, question } = bench();
    for (let batch = 0; batch < 4; batch++) {
      for (const model of ['old', 'new']) void batcher.ask(question(0, 1, model));
      step();
    }
    expect(scored.map(({ model }) => model)).toEqual([
      'old',
      'new',
      'new',
      'old',
      'old',
      'new',
      'new',
      'old',
    ]);
  });

  it('shadow questions come after the answers, and their failure touches nobody', async () => {
    const { batcher, scored, step, question } = bench({
      score: (model, rows) => {
        if (model === 'shadow') throw new Error('no such network');
        return rows.slice();
      },
    });
    const answer = batcher.ask(question(7));
    const failure = batcher.askShadow(question(7, 1, 'shadow'))?.catch(String);
    while (step());
    expect(Array.from((await answer) ?? [])).toEqual([7]);
    expect(await failure).toBe('Error: no such network');
    expect(scored.map(({ model, purpose, error }) => [model, purpose, error === undefined])).toEqual([
      ['m', 'answer', true],
      ['shadow', 'shadow', false],
    ]);
  });

  it('while answers queue up, shadows wait; too many of them are dropped', () => {
    const { batcher, scored, step, question } = bench();
    for (let i = 0; i < 200; i++) {
      void batcher.ask(question(i));
      void batcher.askShadow(question(i, 1, 'shadow'));
    }
    while (step());
    const purposes = scored.map(({ purpose }) => purpose);
    expect(purposes.lastIndexOf('answer')).toBeLessThan(purposes.indexOf('shadow'));
    expect(
      scored.filter(({ purpose }) => purpose === 'shadow').reduce((sum, { rows }) => sum + rows, 0),
    ).toBe(200);
    for (let i = 0; i < 256; i++) void batcher.askShadow(question(i, 1, 'shadow'));
    expect(batcher.askShadow(question(1, 1, 'shadow'))).toBeUndefined();
  });

  it('flushed, nothing waits any more', async () => {
    const { batcher, step, question } = bench();
    const answers = Array.from({ length: 100 }, async (_, first) => batcher.ask(question(first)));
    void batcher.askShadow(question(1, 1, 'shadow'));
    batcher.flush();
    expect(batcher.waiting).toBe(0);
    expect(await Promise.all(answers)).toHaveLength(100);
    while (step());
  });
});

describe.each(['wasm', 'cpu'])('risks on the backend %s', (backend) => {
  beforeAll(async () => {
    await chooseBackend(backend);
  });

  it('are the same bits in a batch as alone', async () => {
    const model = randomModel(3);
    const random = seedRandom(5);
    const rows = Array.from({ length: 256 }, () =>
      Float32Array.from({ length: FEATURE_COUNT }, () => (random() - 0.5) * 20),
    );
    const due: (() => void)[] = [];
    const batcher = new MicroBatcher<DelayModel>({
      score: scoreBatch,
      onScored: () => undefined,
      now: () => 0,
      later: (_ms, work) => void due.push(work),
    });
    const together = rows.map(async (row) => batcher.ask({ model, rows: row, rowCount: 1 }));
    due.shift()?.();
    const alone = rows.map((row) => scoreBatch(model, row)[0]);
    expect((await Promise.all(together)).map((risks) => risks?.[0])).toEqual(alone);
  });
});
