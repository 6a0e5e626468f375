/** Runs `devops generate`: writes what the program generates below `infrastructure/`. */
import { parseArgs } from 'node:util';
import { readComposeFile, writeGenerated } from '../../infrastructure/store.js';

export async function generateCommand(words: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...words], options: { check: { type: 'boolean' } } });
  const isCheck = values.check === true;
  // cdk8s is there for developers only; the other commands do not need it.
  const { generatedFiles } = await import('../../infrastructure/generated.js');
  const files = generatedFiles(readComposeFile());
  const changed = writeGenerated(files, { write: !isCheck });
  for (const path of changed) console.log(`${isCheck ? 'differs' : 'wrote'}  infrastructure/${path}`);
  console.log(`${files.length} generated files, ${changed.length} ${isCheck ? 'differ' : 'changed'}`);
  return isCheck && changed.length > 0 ? 1 : 0;
}
