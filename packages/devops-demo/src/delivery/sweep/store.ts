/** Removes what a killed process left half-written in the state folder. For whoever starts there: the gateway, a deployment, a release. */
import { join } from 'node:path';
import { sweepDrafts } from 'service-chassis/drafts';
import { isAside } from '../artifact/store.js';
import { isDraft } from '../json-file/store.js';

/** Folders of JSON files, below the state folder. */
const FOLDERS = ['.', 'instances', 'releases'];

/** @returns what was removed */
export function sweepState(stateDir: string): string[] {
  const drafts = FOLDERS.flatMap((folder) => sweepDrafts(join(stateDir, folder), isDraft));
  return [...drafts, ...sweepDrafts(join(stateDir, 'artifacts'), isAside)];
}
