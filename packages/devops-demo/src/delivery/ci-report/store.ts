/** Reads the reports that `npm test` leaves in `ci/` of the state folder, one for each commit. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ciReportSchema, testedBy } from '../ci-report.js';
import type { FoundCiReport, Tested } from '../ci-report.js';

const COMMIT = /^[0-9a-f]{7,64}$/;

export function readCiReport(stateDir: string, commit: string): FoundCiReport {
  // It becomes part of a path.
  if (!COMMIT.test(commit)) return { kind: 'absent' };
  const path = join(stateDir, 'ci', `${commit}.json`);
  if (!existsSync(path)) return { kind: 'absent' };
  try {
    return { kind: 'report', report: ciReportSchema.parse(JSON.parse(readFileSync(path, 'utf8'))) };
  } catch (error) {
    return {
      kind: 'unreadable',
      because: error instanceof SyntaxError ? 'no JSON' : 'not in the form of a report',
    };
  }
}

export function readTested(stateDir: string, commit: string): Tested {
  return testedBy(readCiReport(stateDir, commit), commit);
}
