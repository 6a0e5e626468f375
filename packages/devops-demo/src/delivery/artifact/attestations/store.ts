/** The documents beside an artifact's files: its bill of materials, and the report of the run that tested its commit. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Attestation } from '../../build.js';
import { testedBy } from '../../ci-report.js';
import { readCiReport } from '../../ci-report/store.js';
import { writeText } from '../../json-file/store.js';
import { sha256Of } from '../../store.js';

export const BILL = 'sbom.json';
export const TEST_REPORT = 'test-report.json';

const SBOM_LIMITS = { timeout: 60_000, maxBuffer: 64 * 1024 * 1024 };
/** Of what everybody may read of an artifact. */
export const READABLE = 0o644;

export function billOfMaterials(rootDir: string, dir: string): Attestation {
  const words = ['sbom', '--sbom-format', 'cyclonedx', '--omit', 'dev', '--workspace', 'devops-demo'];
  try {
    const options = { cwd: rootDir, ...SBOM_LIMITS, shell: process.platform === 'win32' };
    const bill = execFileSync('npm', words, { ...options, stdio: ['ignore', 'pipe', 'ignore'] });
    writeFileSync(join(dir, BILL), bill);
    return { path: BILL, sha256: sha256Of(bill) };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return { skipped: code === 'ENOENT' ? 'npm is not installed here' : 'npm sbom failed' };
  }
}

/** Only a passed run of exactly this commit is a report of what lies here. */
export function testReport(stateDir: string, commit: string, dir: string): Attestation {
  const found = readCiReport(stateDir, commit);
  const tested = testedBy(found, commit);
  if (found.kind !== 'report' || tested.kind !== 'passed') return { skipped: tested.because };
  const text = `${JSON.stringify(found.report, null, 2)}\n`;
  writeText(join(dir, TEST_REPORT), text, READABLE);
  return { path: TEST_REPORT, sha256: sha256Of(text) };
}
