import fc from 'fast-check';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { describe, expect, test } from 'vitest';
import { parseExposition } from '../src/collect/exposition.js';
import type { ExpositionSample } from '../src/collect/exposition.js';

const one = (line: string) => parseExposition(line).samples[0];

describe('one line', () => {
  test('a name and a value', () => {
    expect(one('up 1\n')).toEqual({ name: 'up', labels: new Map(), value: 1 });
  });

  test('labels, in any spacing, with a comma at the end', () => {
    const expected = { name: 'x', labels: new Map(Object.entries({ a: '1', b: '' })), value: 2 };
    expect(one('x{a="1",b=""} 2')).toEqual(expected);
    expect(one(' \tx { a = "1" ,\tb="",}\t2 ')).toEqual(expected);
    expect(one('x{a="1",b=""}2')).toEqual(expected);
  });

  test('a timestamp', () => {
    expect(one('x 1 -62135596800000')?.timestampMs).toBe(-62_135_596_800_000);
  });

  test('the escapes of the format are undone, others stay', () => {
    expect(one(String.raw`x{a="q\" b\\ n\n t\t \\n"} 1`)?.labels.get('a')).toBe('q" b\\ n\n t\\t \\n');
  });

  test('braces, commas and hashes inside a value are only characters', () => {
    expect(one('x{a="},#={",b="ü☃"} 1')?.labels).toEqual(new Map(Object.entries({ a: '},#={', b: 'ü☃' })));
  });

  test.each([
    ['1.5e3', 1_500],
    ['+.5', 0.5],
    ['-1.', -1],
    ['+Inf', Number.POSITIVE_INFINITY],
    ['inf', Number.POSITIVE_INFINITY],
    ['-Inf', Number.NEGATIVE_INFINITY],
    ['NaN', Number.NaN],
  ])('the value %s is %d', (word, value) => {
    expect(one(`x ${word}`)?.value).toBe(value);
  });

  test.each([
    '1up 1',
    'up',
    'up ',
    'up one',
    'up 0x10',
    'up 1e',
    'up 1 2.5',
    'up 1 2 3',
    'up 1 # comment',
    'up-1 1',
    'x{a="1" 1',
    'x{a="1',
    'x{a="1\\"} 1',
    'x{a=1} 1',
    'x{a} 1',
    'x{,} 1',
    'x{a="1" b="2"} 1',
    'x{a="1",a="2"} 1',
    'x{} ',
    '{a="1"} 1',
    'x 1\r',
  ])('%j is malformed', (line) => {
    const parsed = parseExposition(`good 1\n${line}\nalso_good 2\n`);
    expect(parsed.samples.map(({ name }) => name)).toEqual(['good', 'also_good']);
    expect(parsed.malformed).toMatchObject({ count: 1, first: { line: 2, because: expect.any(String) } });
  });
});

test('HELP and TYPE are kept by metric, other comments are not', () => {
  const text =
    '# HELP x_total What\\nit \\\\ "is".\n#TYPE x_total counter\n# HELPx y\n# anything\n#\n\nx_total 1';
  expect(parseExposition(text)).toMatchObject({
    families: new Map([['x_total', { help: 'What\nit \\ "is".', type: 'counter' }]]),
    samples: [{ name: 'x_total' }],
    malformed: { count: 0 },
  });
});

test('a label named __proto__ is a label', () => {
  expect(one('x{__proto__="1"} 1')?.labels.get('__proto__')).toBe('1');
});

test('everything that prom-client writes is read back', async () => {
  const registry = new Registry();
  const common = { help: 'A "help" with \\ and\nlines', registers: [registry] };
  const counter = new Counter({ name: 'c_total', labelNames: ['path'], ...common });
  const gauge = new Gauge({ name: 'g', ...common });
  const histogram = new Histogram({ name: 'h_seconds', labelNames: ['route'], buckets: [0.1, 1], ...common });
  counter.inc({ path: 'C:\\new\n"quoted"' }, 3);
  gauge.set(Number.NEGATIVE_INFINITY);
  histogram.observe({ route: '/a' }, 0.5);
  histogram.observe({ route: '/b' }, 5);

  const parsed = parseExposition(await registry.metrics());
  expect(parsed.malformed).toEqual({ count: 0 });
  expect(parsed.families.get('c_total')).toEqual({ type: 'counter', help: common.help });
  expect(parsed.samples.map(({ name, labels, value }) => [name, Object.fromEntries(labels), value])).toEqual([
    ['c_total', { path: 'C:\\new\n"quoted"' }, 3],
    ['g', {}, Number.NEGATIVE_INFINITY],
    ['h_seconds_bucket', { le: '0.1', route: '/a' }, 0],
    ['h_seconds_bucket', { le: '1', route: '/a' }, 1],
    ['h_seconds_bucket', { le: '+Inf', route: '/a' }, 1],
    ['h_seconds_sum', { route: '/a' }, 0.5],
    ['h_seconds_count', { route: '/a' }, 1],
    ['h_seconds_bucket', { le: '0.1', route: '/b' }, 0],
    ['h_seconds_bucket', { le: '1', route: '/b' }, 0],
    ['h_seconds_bucket', { le: '+Inf', route: '/b' }, 1],
    ['h_seconds_sum', { route: '/b' }, 5],
    ['h_seconds_count', { route: '/b' }, 1],
  ]);
});

describe('any exposition', () => {
  const labels = fc
    .dictionary(
      fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,8}$/),
      fc.string({ unit: 'binary', maxLength: 20 }),
    )
    .map((entries) => new Map(Object.entries(entries)));
  const sample: fc.Arbitrary<ExpositionSample> = fc.record(
    {
      name: fc.stringMatching(/^[a-zA-Z_:][a-zA-Z0-9_:]{0,12}$/),
      labels,
      value: fc.double().map((value) => value + 0), // −0 is written as 0.
      timestampMs: fc.maxSafeInteger(),
    },
    { requiredKeys: ['name', 'labels', 'value'] },
  );

  test('survives being written and read', () => {
    fc.assert(
      fc.property(fc.array(sample), (samples) => {
        expect(parseExposition(samples.map(written).join(''))).toMatchObject({
          samples,
          malformed: { count: 0 },
        });
      }),
      { seed: 2001 },
    );
  });

  test('never makes the parser throw, and every line is read, skipped or counted', () => {
    const shard = fc.constantFrom(
      'x',
      '{',
      '}',
      '"',
      '\\',
      ',',
      '=',
      ' ',
      '\n',
      '#',
      '1',
      'NaN',
      'le',
      '\t',
      'HELP',
    );
    fc.assert(
      fc.property(fc.array(shard, { maxLength: 200 }), (shards) => {
        const text = shards.join('');
        const { samples, malformed } = parseExposition(text);
        const lines = text.split('\n').filter((line) => !/^[ \t]*(#.*)?$/.test(line));
        expect(samples.length + malformed.count).toBe(lines.length);
      }),
      { seed: 2001 },
    );
  });
});

describe('a megabyte of hostile text', () => {
  const hostile: [string, (size: number) => string][] = [
    ['a value that never ends', (size) => `x{a="${'\\"'.repeat(size / 2)}`],
    ['labels that never end', (size) => `x{${'a="",'.repeat(size / 5)}`],
    ['blanks before nothing', (size) => `x${' '.repeat(size)}`],
    ['digits that end in a letter', (size) => `x ${'1'.repeat(size)}z`],
    ['opening braces', (size) => 'x{'.repeat(size / 2)],
    ['quotes, one a line', (size) => 'x{a="\n'.repeat(size / 6)],
    ['comments without an end', (size) => `# HELP ${'x'.repeat(size)}`],
    ['empty lines', (size) => '\n'.repeat(size)],
  ];

  // A busy machine disturbs one measurement, not five in a row.
  const patient = { retry: 4 };
  test.each(hostile)('%s: 16 times the length does not take 256 times as long', patient, (_name, text) => {
    const [small, large] = [text(64 * 1024), text(1024 * 1024)];
    // A quarter of what squared growth would take; 5 ms absorb the clock and the garbage collector.
    expect(leastCpuMs(large)).toBeLessThan(64 * leastCpuMs(small) + 5);
  });
});

/** Processor time of this process, which waiting for a busy machine does not count into. */
function leastCpuMs(text: string): number {
  const runs = Array.from({ length: 3 }, () => {
    const before = process.cpuUsage();
    parseExposition(text);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000;
  });
  return Math.min(...runs);
}

function written({ name, labels, value, timestampMs }: ExpositionSample): string {
  const pairs = [...labels].map(([label, text]) => `${label}="${escaped(text)}"`);
  const number = String(value).replace('Infinity', 'Inf');
  const time = timestampMs === undefined ? '' : ` ${timestampMs}`;
  return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${number}${time}\n`;
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
