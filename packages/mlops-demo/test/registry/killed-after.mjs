/** `mlops …`, killed with SIGKILL right after it has renamed a file into place: node killed-after.mjs FILE promote m-2 --out DIR. */
import { promises } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { basename } from 'node:path';

const [file] = process.argv.splice(2, 1);
const { rename } = promises;
promises.rename = async (from, to) => {
  await rename(from, to);
  if (basename(to) === file) process.kill(process.pid, 'SIGKILL');
};
syncBuiltinESMExports();
await import('../../dist/cli.js');
