import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { validate } from '@actions/languageservice';
import { describe, expect, it } from 'vitest';

const WORKFLOWS = join(import.meta.dirname, '../../../../.github/workflows');
const names = readdirSync(WORKFLOWS);

type Document = Parameters<typeof validate>[0];

/** One URI a file: the language service caches what it parsed by it. */
async function findings(name: string, text: string): Promise<string[]> {
  const document = { uri: `file:///${name}`, getText: () => text } as Document;
  return (await validate(document)).map(({ message }) => JSON.stringify(message));
}

describe.each(names)('%s', (name) => {
  const text = readFileSync(join(WORKFLOWS, name), 'utf8');

  it('is a workflow that GitHub understands', async () => {
    expect(await findings(name, text)).toEqual([]);
  });

  it('names every action by its commit, for a tag can be moved', () => {
    const uses = [...text.matchAll(/^\s*-? ?uses: (\S+)/gm)].map(([, action]) => action);
    expect(uses.length).toBeGreaterThan(0);
    for (const action of uses) expect(action).toMatch(/@[0-9a-f]{40}$/);
  });

  it('begins with the right to read and nothing more', () => {
    expect(/^permissions:\n {2}contents: read\n(?! )/m.test(text)).toBe(true);
  });
});

it('the check finds what is wrong in a workflow', async () => {
  const wrong = [
    'on: pushed',
    'jobs:',
    '  test:',
    '    runs-on: ubuntu-24.04',
    '    needs: nobody',
    '    steps:',
    '      - run: echo ${{ github.nothing.here }}',
    '        use: actions/checkout',
  ].join('\n');
  expect((await findings('wrong.yml', wrong)).length).toBeGreaterThanOrEqual(3);
});
