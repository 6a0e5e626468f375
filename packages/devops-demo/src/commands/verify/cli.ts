/** `devops verify`: is a package what its manifest says? */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { build } from '../../delivery/build.js';
import { readBundle } from '../../delivery/store.js';
import { verify } from '../../delivery/verify.js';
import type { Options } from '../options.js';
import { WrongUsage } from '../wrong-usage.js';

export function verifyCommand(packageDir: string, { dir }: Options): number {
  const folder = resolve(dir ?? packageDir);
  if (!existsSync(folder)) throw new WrongUsage(`devops verify: there is no such folder: ${folder}`);
  const { manifest, files } = readBundle(folder);
  const verified = verify(build(manifest), files, { required: true });
  console.log(`${verified.state}: ${verified.because}`);
  return verified.state === 'passed' ? 0 : 1;
}
