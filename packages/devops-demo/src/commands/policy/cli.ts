/** Runs `devops policy`: does any declared workload do what none may? */
import { parseArgs } from 'node:util';
import { policy } from '../../infrastructure/policy.js';
import { workloadsOfCompose } from '../../infrastructure/policy/compose-file.js';
import { workloadsOfKubernetes } from '../../infrastructure/policy/kubernetes-file.js';
import { readDeclarations } from '../../infrastructure/store.js';

const READERS = { compose: workloadsOfCompose, kubernetes: workloadsOfKubernetes };

export async function policyCommand(words: readonly string[]): Promise<number> {
  const options = { json: { type: 'boolean' } } as const;
  const { values, positionals } = parseArgs({ args: [...words], options, allowPositionals: true });
  const files = readDeclarations(positionals);
  const workloads = files.flatMap(({ kind, name, text }) => READERS[kind](text, name));
  const refusals = policy(workloads);
  if (values.json === true) console.log(JSON.stringify({ workloads: workloads.length, refusals }, null, 2));
  else {
    for (const { workload, rule, because } of refusals)
      console.log(`refused  ${workload}: ${because} (${rule})`);
    console.log(`${workloads.length} workloads in ${files.length} files, ${refusals.length} refusals`);
  }
  return refusals.length === 0 ? 0 : 1;
}
