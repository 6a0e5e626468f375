/**
 * Refusal: why a candidate must not start, before anything runs.
 *
 * in: the candidate and the version that runs → out: a sentence, or undefined
 *
 * Rule: its artifact is what was built, and its migrations leave the old version working: expand at any time, a contract only when the old
 * version has stood a rehearsal (migrations.ts, rehearse.ts).
 */
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { open } from '../../artifact/store.js';
import { judgeMigration } from '../../migrations.js';
import { appliedMigrations, rehearse } from '../../rehearse/server.js';
import type { RehearsalOptions } from '../../rehearse/server.js';
import type { Release } from '../../release.js';

export type RefusalOptions = Omit<RehearsalOptions, 'oldDigest' | 'newDigest'>;

export async function whyRefused(
  { candidate, primary }: Pick<Release, 'candidate' | 'primary'>,
  options: RefusalOptions,
): Promise<string | undefined> {
  const { artifactsDir, databaseUrl } = options;
  const digest = candidate.digest ?? '';
  const opened = open(artifactsDir, digest);
  if (opened.kind === 'refused') return opened.because;
  const applied = new Set(await appliedMigrations(databaseUrl));
  const fresh = opened.manifest.files
    .filter(({ path }) => path.startsWith('migrations/') && !applied.has(basename(path, '.sql')))
    .map(({ path }) => ({
      path,
      verdict: judgeMigration(readFileSync(join(artifactsDir, digest, path), 'utf8')),
    }));
  for (const { path, verdict } of fresh) {
    if (verdict.kind === 'refused') return `${path}: ${verdict.because}`;
    if (verdict.kind === 'contract' && primary.digest === null) {
      return `${path}: a contract needs a rehearsal, and the old version is no artifact`;
    }
  }
  if (fresh.length === 0 || primary.digest === null) return undefined;
  return rehearse({ ...options, oldDigest: primary.digest, newDigest: digest });
}
