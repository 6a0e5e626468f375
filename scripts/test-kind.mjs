/**
 * Test kind: which stage of continuous integration a test file belongs to.
 *
 * Rule: by what the file is about and what it needs, so no file must be renamed. The first that holds:
 *   contract     its name says that it holds something against a published form: openapi, contract, golden, readme
 *   integration  it needs disk, a process, a network or a browser: it imports node:child_process, node:http, a shell (store, server,
 *                main), a harness, a stand-in …
 *   property     it checks invariants over generated cases: it imports fast-check
 *   unit         everything else
 */
import { basename } from 'node:path';

export const TEST_KINDS = ['unit', 'property', 'integration', 'contract'];

const CONTRACT_NAME = /(?:^|[-.])(?:openapi|contract|golden|readme)(?:[-.]|$)/;
const NEEDS_A_SYSTEM =
  /from '(?:node:(?:child_process|http|net)|pg|playwright-core|(?:\.{1,2}\/)+(?:[\w-]+\/)*(?:harness|world|server|store|main|[\w-]*-(?:process|server|services)|fake-[\w-]+)\.js)'/;
const HAS_PROPERTIES = /from 'fast-check'/;

/** kindOf('test/slo.test.ts', "import fc from 'fast-check'") // 'property' */
export function kindOf(path, text) {
  if (CONTRACT_NAME.test(basename(path))) return 'contract';
  if (NEEDS_A_SYSTEM.test(text)) return 'integration';
  return HAS_PROPERTIES.test(text) ? 'property' : 'unit';
}
