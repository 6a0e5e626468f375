import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const changelog = readFileSync(join(import.meta.dirname, '../../../../CHANGELOG.md'), 'utf8');

it('the changelog has a section for what is not released, in the words of Keep a Changelog', () => {
  const [first = ''] = changelog.split(/^## /m).slice(1);
  expect(first).toMatch(/^Unreleased\n/);
  const kinds = [...changelog.matchAll(/^### (.+)$/gm)].map(([, kind]) => kind);
  for (const kind of kinds)
    expect(['Added', 'Changed', 'Deprecated', 'Removed', 'Fixed', 'Security']).toContain(kind);
});
