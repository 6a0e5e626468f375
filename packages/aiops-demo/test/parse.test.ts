import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import type { LogRecord } from '../src/log-record.js';
import { Drain } from '../src/parse/drain.js';
import { mask } from '../src/parse/mask.js';
import { createParseMemory, parse, takeBackTemplates, takeChanged } from '../src/parse/parse.js';
import type { LogTemplate } from '../src/parse/parse.js';
import { templateId } from '../src/parse/template-id.js';
import { tokenize } from '../src/parse/tokenize.js';

describe('mask', () => {
  test.each([
    ['35', '<*>'],
    ['-12.5', '<*>'],
    ['1,234,567', '<*>'],
    ['took=35ms', 'took=<*>'],
    ['1.5GB', '<*>'],
    ['23%', '<*>%'],
    ['/10.10.34.11:45307', '/<*>'],
    ['fe80:0:0:1::7', '<*>'],
    ['00:1a:2b:3c:4d:5e', '<*>'],
    ['0x7fff5fbff8c0', '<*>'],
    ['9f86d081884c7d65', '<*>'],
    ['f47ac10b-58cc-4372-a567-0e02b2c3d479', '<*>'],
    ['2001-02-01T08:15:00-05:00', '<*>'],
    ['17:41:44,747', '<*>'],
    ['blk_-1608999687919862906', 'blk_<*>'],
    ['jk2_init()', 'jk2_init()'],
    ['deadline', 'deadline'],
    ['x86', 'x86'],
  ])('%s becomes %s', (token, masked) => {
    expect(mask(token)).toBe(masked);
  });
});

describe('Drain', () => {
  test('the example of the paper: lines of one statement share a template, others do not', () => {
    // The HDFS lines that He et al. 2017 explain the tree with (figures 1 and 2).
    const drain = new Drain();
    const lines = [
      'Receiving block blk_-1608999687919862906 src: /10.250.19.102:54106 dest: /10.250.19.102:50010',
      'Receiving block blk_7128370237687728475 src: /10.251.215.16:55695 dest: /10.251.215.16:50010',
      'PacketResponder 1 for block blk_-1608999687919862906 terminating',
      'PacketResponder 2 for block blk_7128370237687728475 terminating',
      'Verification succeeded for blk_-1608999687919862906',
    ];
    for (const line of lines) drain.learn(line);
    expect(drain.clusters().map(({ template, count }) => [template, count])).toEqual([
      ['Receiving block blk_<*> src: /<*> dest: /<*>', 2],
      ['PacketResponder <*> for block blk_<*> terminating', 2],
      ['Verification succeeded for blk_<*>', 1],
    ]);
  });

  test('words that differ become values and the id stays', () => {
    const drain = new Drain();
    const alice = drain.learn('Connected to alice as admin');
    const bob = drain.learn('Connected to bob as admin');
    expect(bob).toEqual({
      id: alice.id,
      change: 'widened',
      template: 'Connected to <*> as admin',
      forgotten: null,
    });
    expect(drain.learn('Connected to carol as admin').change).toBe('matched');
    expect(drain.learn('Connected by carol as admin').change).toBe('new');
  });

  test('real lines of these services give one template for each statement', () => {
    const drain = new Drain();
    const lines = [
      'listening on http://127.0.0.1:8082',
      'POST /v1/predict answered 200 in 3.1 ms',
      'POST /v1/predict answered 499 in 300.4 ms',
      'PUT /v1/flights/:flightId/outcome answered 201 in 2.0 ms',
      'PUT /v1/flights/:flightId/outcome answered 200 in 1.9 ms',
      'applied 2 migrations to schema board',
      'a database connection broke',
    ];
    for (const line of lines) drain.learn(line);
    expect(drain.clusters().map(({ template }) => template)).toEqual([
      'listening on http://<*>',
      'POST /v1/predict answered <*> in <*> ms',
      'PUT /v1/flights/:flightId/outcome answered <*> in <*> ms',
      'applied <*> migrations to schema board',
      'a database connection broke',
    ]);
  });

  test('a line made of values only, and an empty one, have their own templates', () => {
    const drain = new Drain();
    expect(drain.learn('17 42').id).toBe(drain.learn('18 43').id);
    expect(drain.learn('').id).toBe(drain.learn('   \u0000 ').id);
    expect(drain.size).toBe(2);
  });

  test('ids are the same in another run, and the published FNV-1a value', () => {
    expect(templateId('foobar', () => false)).toBe('bf9cf968');
    expect(templateId('foobar', (id) => id === 'bf9cf968')).toBe('bf9cf968-2');
    expect(new Drain().learn('model 7 loaded').id).toBe(new Drain().learn('model 8 loaded').id);
  });

  test('memory is bounded: the template unseen for longest makes place', () => {
    const drain = new Drain({ maxTemplates: 2 });
    const alpha = drain.learn('alpha starts');
    drain.learn('beta runs fast');
    drain.learn('alpha starts');
    const gamma = drain.learn('gamma ends it all');
    expect(gamma.forgotten).toBe(drain.learn('beta runs fast').id);
    expect(drain.size).toBe(2);
    expect(drain.learn('alpha starts')).toMatchObject({ id: alpha.id, change: 'new' });
  });

  test('restored clusters go on where they were', () => {
    const before = new Drain();
    before.learn('breaker opened after 5 failures of model-server');
    const after = new Drain();
    for (const cluster of before.clusters()) after.restore(cluster);
    const again = after.learn('breaker opened after 6 failures of model-server');
    expect(again.change).toBe('matched');
    expect(after.clusters()[0]?.count).toBe(2);
  });

  const anyLine = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(fc.constantFrom('a', 'b', 'to', '7', 'x1')).map((words) => words.join(' ')),
  );

  test('invariants: bounded, deterministic, and every line fits the template it is given', () => {
    fc.assert(
      fc.property(
        fc.array(anyLine, { maxLength: 60 }),
        fc.integer({ min: 1, max: 8 }),
        (lines, maxTemplates) => {
          const drain = new Drain({ maxTemplates });
          const again = new Drain({ maxTemplates });
          for (const line of lines) {
            const learned = drain.learn(line);
            expect(again.learn(line)).toEqual(learned);
            const tokens = tokenize(line);
            const template = learned.template === '' ? [] : learned.template.split(' ');
            expect(template.length).toBe(tokens.length);
            expect(template.every((token, i) => token === '<*>' || token === tokens[i])).toBe(true);
            expect(drain.size).toBeLessThanOrEqual(maxTemplates);
          }
          const ids = drain.clusters().map(({ id }) => id);
          expect(new Set(ids).size).toBe(ids.length);
        },
      ),
    );
  });

  test('invariant: the same line again is matched, without a change of template', () => {
    fc.assert(
      fc.property(fc.array(anyLine, { minLength: 1, maxLength: 40 }), (lines) => {
        const drain = new Drain();
        for (const line of lines) {
          const learned = drain.learn(line);
          expect(drain.learn(line)).toMatchObject({
            id: learned.id,
            change: 'matched',
            template: learned.template,
          });
        }
      }),
    );
  });
});

describe('parse', () => {
  const line = (body: string, severity: LogRecord['severity'] = 'INFO', at = 0): LogRecord => ({
    at,
    service: 'model-server',
    severity,
    body,
  });

  test('a template knows who says it, how severely and since when', () => {
    const memory = createParseMemory();
    const parsed = parse(
      [line('retry 1 of 3'), { ...line('retry 2 of 3', 'WARN', 5), service: 'flights-api' }],
      memory,
    );
    expect(parsed.map(({ isNew, isNewSeverity }) => [isNew, isNewSeverity])).toEqual([
      [true, true],
      [false, true],
    ]);
    expect([...memory.templates.values()]).toEqual([
      {
        id: parsed[0]?.templateId,
        template: 'retry <*> of <*>',
        count: 2,
        services: ['model-server', 'flights-api'],
        worstSeverity: 'WARN',
        firstSeen: 0,
        lastSeen: 5,
      },
    ]);
  });

  test('a forgotten template leaves nothing behind', () => {
    const memory = createParseMemory({ maxTemplates: 1 });
    parse([line('one'), line('two words'), line('now three words')], memory);
    expect([...memory.templates.values()].map(({ template }) => template)).toEqual(['now three words']);
  });

  test('templates of an earlier run keep their ids and counts', () => {
    const before = createParseMemory();
    parse([line('retry 1 of 3')], before);
    const after = createParseMemory();
    takeBackTemplates(after, [...before.templates.values()]);
    const [parsed] = parse([line('retry 9 of 9')], after);
    expect(parsed?.isNew).toBe(false);
    expect(after.templates.get(parsed?.templateId ?? '')?.count).toBe(2);
  });

  const hives = ['software', 'system', 'security', 'sam', 'components'];
  const loading = hives.map((hive, i) => line(`loading offline registry hive ${hive}`, 'INFO', i));

  test('templates that turn out to be one leave one, with what was known of all', () => {
    const memory = createParseMemory();
    const parsed = parse(loading, memory);
    expect(parsed.map(({ isNew }) => isNew)).toEqual([true, true, true, true, false]);
    expect([...memory.templates.values()]).toEqual([
      {
        id: parsed[0]?.templateId,
        template: 'loading offline registry hive <*>',
        count: 5,
        services: ['model-server'],
        worstSeverity: 'INFO',
        firstSeen: 0,
        lastSeen: 4,
      },
    ]);
    expect(memory.miner.resolve(parsed[3]?.templateId ?? '')).toBe(parsed[0]?.templateId);
  });

  test('a store that upserts by id knows after a restart which templates were merged', () => {
    const before = createParseMemory();
    const stored = new Map<string, LogTemplate>();
    const store = () => takeChanged(before).forEach((template) => stored.set(template.id, template));
    const parsed = loading.map((record) => {
      const [one] = parse([record], before);
      store();
      return one;
    });
    expect([...stored.values()].map(({ count }) => count)).toEqual([5, 0, 0, 0]);

    const after = createParseMemory();
    takeBackTemplates(after, [...stored.values()]);
    expect([...after.templates.values()].map(({ count }) => count)).toEqual([5]);
    expect(after.miner.resolve(parsed[3]?.templateId ?? '')).toBe(parsed[0]?.templateId);
    expect(parse([line('loading offline registry hive default')], after)[0]?.isNew).toBe(false);
  });
});
