import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { Backend, Gateway } from '../../../src/delivery/gateway.js';
import { remembering } from '../../../src/delivery/gateway/remember/store.js';

const folder = mkdtempSync(join(tmpdir(), 'triops-primary-'));
const path = join(folder, 'delivery/primary');
afterAll(() => rmSync(folder, { recursive: true }));

const url = 'http://127.0.0.1:4001';
const [blue, green] = [
  { name: 'blue', url, weight: 95 },
  { name: 'green', url, weight: 5 },
];
let says: readonly Backend[] = [];
/** What the file said when the gateway was told. */
const saidWhenTold: string[] = [];
const inner: Gateway = {
  backends: async () => Promise.resolve(says),
  setBackends: async () => Promise.resolve(void saidWhenTold.push(readFileSync(path, 'utf8'))),
};
const gateway = remembering(inner, path);

it('the name is written before the gateway is told, and what is only lent is not remembered', async () => {
  const all = { ...green, weight: 100 };
  await gateway.setBackends([{ ...blue, weight: 100 }]);
  await gateway.setBackends([blue, green], { seconds: 15, fallback: 'blue' });
  await gateway.setBackends([all]);
  expect(saidWhenTold).toEqual(['blue\n', 'blue\n', 'green\n']);
});

it('what the gateway would refuse is not remembered', async () => {
  await expect(gateway.setBackends([{ ...blue, weight: 50 }])).rejects.toThrow('sum to 100');
  expect(readFileSync(path, 'utf8')).toBe('green\n');
});

it('of two that have everything the remembered one has it: the gateway has just restarted', async () => {
  const [blueFull, greenFull] = [
    { ...blue, weight: 100 },
    { ...green, weight: 100 },
  ];
  await gateway.setBackends([greenFull]);
  says = [blueFull, greenFull];
  expect(await gateway.backends()).toEqual([greenFull]);
  says = [blue, green];
  expect(await gateway.backends(), 'shares are the gateway to know').toEqual([blue, green]);
});

it('without a remembered name it is as the gateway says', async () => {
  says = [
    { ...blue, weight: 100 },
    { ...green, weight: 100 },
  ];
  expect(await remembering(inner, join(folder, 'never-written')).backends()).toEqual(says);
});

it('what the gateway counts is passed on', async () => {
  const counts = new Map([['green', 3]]);
  const counting = remembering({ ...inner, unanswered: async () => Promise.resolve(counts) }, path);
  expect(await counting.unanswered?.()).toBe(counts);
  expect(gateway.unanswered).toBeUndefined();
});
