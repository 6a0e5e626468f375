import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { readSamples } from '../src/exposition.js';

it('reads a sample with its labels, and passes over what is none', () => {
  expect(
    readSamples('# HELP up Is it?\nup{job="a",slot="blue"} 1\n\nnot a sample\nplain 2.5e-3 1700000000'),
  ).toEqual([
    { name: 'up', labels: { job: 'a', slot: 'blue' }, value: 1 },
    { name: 'plain', labels: {}, value: 0.0025 },
  ]);
});

it.each([
  ['+Inf', Infinity],
  ['-Inf', -Infinity],
  ['NaN', Number.NaN],
])('%s is a number', (word, value) => {
  expect(readSamples(`x ${word}`)[0]?.value).toBe(value);
});

it('a quote or a comma within a value does not end it', () => {
  expect(readSamples('x{a="say \\"no\\", or",b="}"} 1')[0]?.labels).toEqual({
    a: 'say \\"no\\", or',
    b: '}',
  });
});

it('reads all that prom-client writes', async () => {
  const registers = [new Registry()];
  new Gauge({ name: 'level', help: 'h', registers }).set(-3);
  new Counter({ name: 'hits_total', help: 'h', labelNames: ['route'], registers }).inc(
    { route: '/v1/:id' },
    7,
  );
  new Histogram({ name: 'seconds', help: 'h', buckets: [1], registers }).observe(2);
  expect(readSamples((await registers[0]?.metrics()) ?? '')).toEqual([
    { name: 'level', labels: {}, value: -3 },
    { name: 'hits_total', labels: { route: '/v1/:id' }, value: 7 },
    { name: 'seconds_bucket', labels: { le: '1' }, value: 0 },
    { name: 'seconds_bucket', labels: { le: '+Inf' }, value: 1 },
    { name: 'seconds_sum', labels: {}, value: 2 },
    { name: 'seconds_count', labels: {}, value: 1 },
  ]);
});
