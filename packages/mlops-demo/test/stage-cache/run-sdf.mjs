/** `mlops run` on a plan given as JSON: node run-sdf.mjs PLAN MODELS_DIR [FORCE]. Ends with what was loaded for it. */
import { createRequire } from 'node:module';
import { run } from '../../dist/commands/cli.js';

const [, , plan, modelsDir, because] = process.argv;
const force = because && { by: 'person:ada', because };
process.exitCode = await run({ plan: JSON.parse(plan), modelsDir, json: false, force });
const loaded = Object.keys(createRequire(import.meta.url).cache);
for (const name of ['@tensorflow/tfjs', '@duckdb/node-api'])
  if (loaded.some((path) => path.includes(name))) process.stdout.write(`loaded ${name}\n`);
