import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TemplateMiner } from '../src/parse/template-miner.js';

function templatesOf(lines: readonly string[]): [string, number][] {
  const miner = new TemplateMiner();
  for (const line of lines) miner.learn(line);
  return miner.templates().map(({ template, count }) => [template, count]);
}

describe('known statements', () => {
  test('the lines that Drain was explained with have the templates that Loghub gives them', () => {
    // He et al. 2017, figures 1 and 2; templates as corrected by Khan et al., ICSE 2022.
    expect(
      templatesOf([
        'Receiving block blk_-1608999687919862906 src: /10.250.19.102:54106 dest: /10.250.19.102:50010',
        'Receiving block blk_7128370237687728475 src: /10.251.215.16:55695 dest: /10.251.215.16:50010',
        'PacketResponder 1 for block blk_-1608999687919862906 terminating',
        'PacketResponder 2 for block blk_7128370237687728475 terminating',
        'Verification succeeded for blk_-1608999687919862906',
      ]),
    ).toEqual([
      ['Receiving block <*> src: <*>:<*> dest: <*>:<*>', 2],
      ['PacketResponder <*> for block <*> terminating', 2],
      ['Verification succeeded for <*>', 1],
    ]);
  });

  test('real lines of these services give one template for each statement', () => {
    expect(
      templatesOf([
        'listening on http://127.0.0.1:8082',
        'POST /v1/predict answered 200 in 3.1 ms',
        'POST /v1/predict answered 499 in 300.4 ms',
        'PUT /v1/flights/:flightId/outcome answered 201 in 2.0 ms',
        'PUT /v1/flights/:flightId/outcome answered 200 in 1.9 ms',
        'applied 2 migrations to schema board',
        'a database connection broke',
      ]),
    ).toEqual([
      ['listening on http://<*>:<*>', 1],
      ['POST <*> answered <*> in <*> ms', 2],
      ['PUT <*> answered <*> in <*> ms', 2],
      ['applied <*> migrations to schema board', 1],
      ['a database connection broke', 1],
    ]);
  });

  test('lists of any length belong to one statement', () => {
    expect(
      templatesOf(['hosts an1 an2 an3 are down', 'hosts bn17 are down', 'hosts 10.0.0.1, 10.0.0.2 are down']),
    ).toEqual([['hosts <*> are down', 3]]);
  });
});

describe('words that vary', () => {
  const users = ['alice', 'bob', 'carol', 'dave', 'erin'];

  test('four different words are four statements, the fifth shows that they are one', () => {
    const miner = new TemplateMiner();
    const learned = users.map((user) => miner.learn(`session opened for ${user}`));
    expect(learned.map(({ change }) => change)).toEqual(['new', 'new', 'new', 'new', 'widened']);
    expect(learned[4]).toMatchObject({
      id: learned[0]?.id,
      template: 'session opened for <*>',
      merged: [learned[1]?.id, learned[2]?.id, learned[3]?.id],
    });
    expect(new Set(learned.map(({ id }) => miner.resolve(id)))).toEqual(new Set([learned[0]?.id]));
    expect(miner.learn('session opened for mallory')).toMatchObject({
      id: learned[0]?.id,
      change: 'matched',
    });
  });

  test('a word where others have a value is a value', () => {
    const miner = new TemplateMiner();
    const first = miner.learn('synchronized to 10.100.20.250, stratum 3');
    expect(miner.learn('synchronized to LOCAL(0), stratum 10').id).toBe(first.id);
  });

  const airports = ['JFK', 'ORD', 'SFO', 'DEN', 'LAX', 'SEA'];
  const flights = airports.flatMap((from) =>
    airports.map((to, i) => `flight AA${i} from ${from} to ${to} registered in 4.1 ms`),
  );

  test('two variables in one statement are found one after the other, and what was seen before joins', () => {
    const miner = new TemplateMiner();
    const ids = flights.map((line) => miner.learn(line).id);
    expect(miner.templates()).toEqual([
      { id: ids[0], template: 'flight <*> from <*> to <*> registered in <*> ms', count: 36 },
    ]);
    expect(new Set(ids.map((id) => miner.resolve(id)))).toEqual(new Set([ids[0]]));
    expect(miner.learn('flight UA7 from BOS to MIA registered in 9 ms').change).toBe('matched');
  });

  test('they are known after a restart', () => {
    const before = new TemplateMiner();
    for (const line of flights) before.learn(line);
    const after = new TemplateMiner();
    for (const template of before.journal()) after.restore(template);
    expect(after.learn('flight UA7 from BOS to MIA registered in 9 ms').change).toBe('matched');
  });

  test('what little is shared does not make one statement of many', () => {
    const miner = new TemplateMiner();
    for (const word of ['started', 'stopped', 'paused', 'resumed', 'failed', 'idle']) miner.learn(word);
    for (const user of users) miner.learn(`removing ${user}`);
    expect(miner.size).toBe(11);
  });

  test('a name with a digit is shown until it is seen to change', () => {
    const miner = new TemplateMiner();
    expect(miner.learn('link eth0 up').template).toBe('link eth0 up');
    expect(miner.learn('link eth0 up').change).toBe('matched');
    expect(miner.learn('link eth1 up')).toMatchObject({ change: 'widened', template: 'link <*> up' });
  });

  test('ids of different kinds of things belong to different statements', () => {
    const miner = new TemplateMiner();
    const rdd = miner.learn('Block rdd_42_20 stored as values in memory');
    expect(miner.learn('Block broadcast_9 stored as values in memory').id).not.toBe(rdd.id);
    expect(miner.learn('Block rdd_7_-1 stored as values in memory').id).toBe(rdd.id);
  });
});

describe('ids and bounds', () => {
  test('two miners give a statement the same id, whatever values they meet first', () => {
    expect(new TemplateMiner().learn('model 7 loaded').id).toBe(
      new TemplateMiner().learn('model 8 loaded').id,
    );
  });

  test('the template unseen for longest makes place', () => {
    const miner = new TemplateMiner({ maxTemplates: 2 });
    const alpha = miner.learn('alpha starts');
    const beta = miner.learn('beta runs fast');
    miner.learn('alpha starts');
    expect(miner.learn('gamma ends it all').forgotten).toBe(beta.id);
    expect(miner.learn('alpha starts')).toMatchObject({ id: alpha.id, change: 'matched' });
    expect(miner.learn('beta runs fast')).toMatchObject({ id: beta.id, change: 'new' });
  });

  test('a journal makes another miner go on with the same ids, those of merged templates too', () => {
    const before = new TemplateMiner();
    const lines = ['a', 'b', 'c', 'd', 'e', 'f'].map(
      (letter) => `reading volume ${letter.repeat(3)} from disk 7`,
    );
    const ids = lines.map((line) => before.learn(line).id);
    const after = new TemplateMiner();
    for (const template of before.journal()) after.restore(template);
    expect(after.journal()).toEqual(before.journal());
    expect(ids.map((id) => after.resolve(id))).toEqual(ids.map((id) => before.resolve(id)));
    expect(after.learn('reading volume xyz from disk 8')).toMatchObject({ id: ids[0], change: 'matched' });
  });
});

const word = fc.constantFrom(
  'open',
  'of',
  'disk',
  '7',
  'x1',
  '/etc/x',
  'a.b.com',
  '(null)',
  'rdd_4',
  '<*>',
  'k=v',
  '1,2',
  '…',
);
const anyLine = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(word, { maxLength: 8 }).map((words) => words.join(' ')),
);

describe('invariants', () => {
  test('bounded and deterministic; the same line again is matched and leads to the same template', () => {
    fc.assert(
      fc.property(
        fc.array(anyLine, { maxLength: 60 }),
        fc.integer({ min: 1, max: 9 }),
        (lines, maxTemplates) => {
          const miner = new TemplateMiner({ maxTemplates });
          const again = new TemplateMiner({ maxTemplates });
          for (const line of lines) {
            const learned = miner.learn(line);
            expect(again.learn(line)).toEqual(learned);
            expect(miner.size).toBeLessThanOrEqual(maxTemplates);
            expect(miner.learn(line)).toMatchObject({
              id: learned.id,
              template: learned.template,
              change: 'matched',
            });
            again.learn(line);
          }
        },
      ),
    );
  });

  test('no line is lost: the counts of all templates add up, and every id leads to one of them', () => {
    fc.assert(
      fc.property(fc.array(anyLine, { maxLength: 80 }), (lines) => {
        const miner = new TemplateMiner();
        const ids = lines.map((line) => miner.learn(line).id);
        const templates = new Map(miner.templates().map(({ id, count }) => [id, count]));
        expect([...templates.values()].reduce((sum, count) => sum + count, 0)).toBe(lines.length);
        for (const id of ids) expect(templates.has(miner.resolve(id))).toBe(true);
      }),
    );
  });

  test('a line of plain words fits the template that it is given', () => {
    const plain = fc.array(
      fc.constantFrom('open', 'of', 'disk', 'file', 'user', '7', 'x1', 'eth0', '12-3', '5:6'),
      { minLength: 1, maxLength: 6 },
    );
    fc.assert(
      fc.property(fc.array(plain, { maxLength: 60 }), (lines) => {
        const miner = new TemplateMiner();
        for (const words of lines) {
          const { template } = miner.learn(words.join(' '));
          const pattern = template
            .split('<*>')
            .map((text) => text.replace(/[^\w ]/g, '\\$&'))
            .join('.+');
          expect(words.join(' ')).toMatch(new RegExp(`^${pattern}$`));
        }
      }),
    );
  });

  test('templates can be stored: no NUL, no half of a surrogate pair', () => {
    const { template } = new TemplateMiner().learn('a\u0000b \ud800 c');
    expect(template).toBe('a b c');
  });
});

describe('the cost of a line', () => {
  const dumps: [string, (chars: number) => string][] = [
    ['no blank', (chars) => 'x'.repeat(chars)],
    ['digits', (chars) => '7'.repeat(chars)],
    ['dotted digits', (chars) => '1.'.repeat(chars / 2)],
    ['colons and hexadecimal letters', (chars) => 'ab:'.repeat(chars / 3)],
    ['short words', (chars) => 'w '.repeat(chars / 2)],
    ['blanks', (chars) => ' '.repeat(chars)],
    ['slashes', (chars) => '/a'.repeat(chars / 2)],
    ['brackets that open', (chars) => '/['.repeat(chars / 2)],
    ['dots between letters', (chars) => 'a.'.repeat(chars / 2)],
    ['values with joiners', (chars) => '<*>:'.repeat(chars / 4)],
    ['underscores', (chars) => 'a_'.repeat(chars / 2)],
    [
      'invalid UTF-8',
      (chars) => Buffer.from(Array.from({ length: chars }, (_, i) => (i * 37) % 256)).toString('utf8'),
    ],
  ];

  function cpuMicroseconds(line: string): number {
    const before = process.cpuUsage().user;
    for (let times = 0; times < 20; times += 1) new TemplateMiner().learn(line);
    return process.cpuUsage().user - before;
  }

  /** The least of several runs: other work on the machine only adds. */
  const least = (line: string) => Math.min(...Array.from({ length: 5 }, () => cpuMicroseconds(line)));

  test.each(dumps)('%s: a megabyte costs no more than its beginning', (_what, make) => {
    // 16 KB are cut like a megabyte. 5 ms for what a clock tick may add.
    expect(least(make(1_000_000))).toBeLessThan(3 * least(make(16_000)) + 5_000);
  });

  test.each(dumps)('%s: twice the length costs no more than about twice as much', (_what, make) => {
    // A quadratic step would show as four times.
    expect(least(make(4_000))).toBeLessThan(3 * least(make(2_000)) + 5_000);
  });
});
