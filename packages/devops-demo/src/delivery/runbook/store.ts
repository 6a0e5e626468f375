/** Reads all runbooks of a folder, `docs/runbooks`. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { runbookOf } from '../runbook.js';
import type { Runbook } from '../runbook.js';

export function readRunbooks(folder: string): Runbook[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.md'))
    .sort()
    .map((name) => runbookOf(name.replace(/\.md$/, ''), readFileSync(join(folder, name), 'utf8')));
}
