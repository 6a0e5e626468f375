/** `devops verify`: is a package what its manifest says? */
import { resolve } from 'node:path';
import { build } from '../../delivery/build.js';
import { readBundle } from '../../delivery/store.js';
import { verify } from '../../delivery/verify.js';
import type { Options } from '../options.js';

export function verifyCommand(packageDir: string, { dir }: Options): number {
  const { manifest, files } = readBundle(resolve(dir ?? packageDir));
  const verified = verify(build(manifest), files, { required: true });
  console.log(`${verified.state}: ${verified.because}`);
  return verified.state === 'passed' ? 0 : 1;
}
