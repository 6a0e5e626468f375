import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Moves the alias and nothing else, as a person with a text editor would. */
export async function pointProduction(modelsDir: string, version: string): Promise<void> {
  await writeFile(join(modelsDir, '.production.draft'), `${version}\n`);
  await rename(join(modelsDir, '.production.draft'), join(modelsDir, 'production'));
}
