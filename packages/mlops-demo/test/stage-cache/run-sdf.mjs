/**
 * `mlops run` on a plan given as JSON: node run-sdf.mjs PLAN MODELS_DIR [FORCE] [KILLED]. Ends with what was loaded for it.
 *
 * KILLED: kills itself as soon as a line starts so (`✓ gate`), or in the middle of writing rows (`rows`).
 */
import fs from 'node:fs';
import { createRequire, syncBuiltinESMExports } from 'node:module';

const [, , plan, modelsDir, because, killed] = process.argv;
const kill = () => process.kill(process.pid, 'SIGKILL');
if (killed === 'rows') {
  const { writeSync } = fs;
  fs.writeSync = (file, bytes, ...rest) => {
    const written = writeSync(file, bytes, ...rest);
    if (bytes.byteLength > 100_000) kill();
    return written;
  };
  syncBuiltinESMExports();
} else if (killed) {
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = (text, ...rest) => {
    const isTaken = write(text, ...rest);
    if (text.startsWith(killed)) kill();
    return isTaken;
  };
}

const { run } = await import('../../dist/commands/cli.js');
const force = because && { by: 'person:ada', because };
process.exitCode = await run({ plan: JSON.parse(plan), modelsDir, json: false, force });
const loaded = Object.keys(createRequire(import.meta.url).cache);
for (const name of ['@tensorflow/tfjs', '@duckdb/node-api'])
  if (loaded.some((path) => path.includes(name))) process.stdout.write(`loaded ${name}\n`);
