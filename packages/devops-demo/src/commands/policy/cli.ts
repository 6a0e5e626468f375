/** Runs `devops policy`: does any declared workload do what none may? */
import { parseArgs } from 'node:util';
import { counted } from 'service-chassis/counted';
import { reasonOf } from 'service-chassis/reason-of';
import { policy } from '../../infrastructure/policy.js';
import { workloadsOfCompose } from '../../infrastructure/policy/compose-file.js';
import { workloadsOfKubernetes } from '../../infrastructure/policy/kubernetes-file.js';
import type { Workload } from '../../infrastructure/policy/workload.js';
import { NoDeclaration, readDeclarations } from '../../infrastructure/store.js';
import type { DeclarationFile } from '../../infrastructure/store.js';

const READERS = { compose: workloadsOfCompose, kubernetes: workloadsOfKubernetes };

const CANNOT_TELL = 2;

export async function policyCommand(words: readonly string[]): Promise<number> {
  const options = { json: { type: 'boolean' } } as const;
  const { values, positionals } = parseArgs({ args: [...words], options, allowPositionals: true });
  try {
    const files = readDeclarations(positionals);
    const workloads = files.flatMap(readWorkloads);
    const refusals = policy(workloads);
    if (values.json === true) console.log(JSON.stringify({ workloads: workloads.length, refusals }, null, 2));
    else {
      for (const { workload, rule, because } of refusals)
        console.log(`refused  ${workload}: ${because} (${rule})`);
      const seen = `${counted(workloads.length, 'workload')} in ${counted(files.length, 'file')}`;
      console.log(`${seen}, ${counted(refusals.length, 'refusal')}`);
    }
    return refusals.length === 0 ? 0 : 1;
  } catch (error) {
    if (!(error instanceof NoDeclaration)) throw error;
    console.error(`devops policy: ${error.message}`);
    return CANNOT_TELL;
  }
}

/** @throws NoDeclaration when it is no YAML, or has not the form of its kind */
function readWorkloads({ kind, name, text }: DeclarationFile): Workload[] {
  try {
    return READERS[kind](text, name);
  } catch (error) {
    throw new NoDeclaration(`${name} cannot be read as ${kind}: ${reasonOf(error)}`, { cause: error });
  }
}
