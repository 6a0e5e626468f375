/** `devops build`: the manifest of the compiled package, or a flawed version in a folder of its own. */
import { resolve } from 'node:path';
import { build, manifestOf } from '../../delivery/build.js';
import { builtCommit } from '../../delivery/built-commit/store.js';
import { FLAWS, isFlaw } from '../../delivery/flaw.js';
import { buildFlawed } from '../../delivery/flaw/process.js';
import { stateDirOf } from '../../delivery/state-dir.js';
import { readBuiltFiles, readPackage, writeManifest } from '../../delivery/store.js';
import type { Options } from '../options.js';
import { WrongUsage } from '../wrong-usage.js';

export function buildCommand(packageDir: string, { flaw, state = stateDirOf(process.env) }: Options): number {
  if (flaw !== undefined) {
    if (!isFlaw(flaw)) throw new WrongUsage(`devops build: expected --flaw ${FLAWS.join('|')}`);
    console.log(buildFlawed(packageDir, resolve(state), flaw));
    return 0;
  }
  const manifest = manifestOf(
    { ...readPackage(packageDir), commit: builtCommit(packageDir) },
    readBuiltFiles(packageDir),
  );
  writeManifest(packageDir, manifest);
  console.log(build({ kind: 'manifest', manifest }).because);
  return 0;
}
