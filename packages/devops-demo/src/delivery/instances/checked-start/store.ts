/**
 * Checked start: what a keeper does before each start of its version, also after a death.
 *
 * in: the artifact by its digest, what the keeper says of itself → out: why the version may not start, undefined when it may
 *
 * Rule: the files are compared with their digest each time, so what was changed while it ran is not started after its death. A refusal stands in the
 * keeper's file, where `devops status` looks, and in the version's log.
 */
import { join } from 'node:path';
import { open } from '../../artifact/store.js';
import { keeperFile } from '../../instances.js';
import type { Keeper, Slot } from '../../instances.js';
import { writeJson } from '../../json-file/store.js';
import { keepersLine } from '../last-words.js';
import type { VersionLog } from '../version-log/store.js';

export interface Start {
  readonly stateDir: string;
  readonly artifactsDir: string;
  readonly slot: Slot;
  readonly digest: string;
  readonly keeper: Omit<Keeper, 'refused'>;
  readonly log: VersionLog;
}

export function whyNotStart({
  stateDir,
  artifactsDir,
  slot,
  digest,
  keeper,
  log,
}: Start): string | undefined {
  const opened = open(artifactsDir, digest);
  const refused = opened.kind === 'refused' ? opened.because : undefined;
  writeJson(join(stateDir, keeperFile(slot)), { ...keeper, ...(refused === undefined ? {} : { refused }) });
  if (refused !== undefined) log.write(keepersLine(refused));
  return refused;
}
