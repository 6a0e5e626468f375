/**
 * CI report: what one run of `npm test` found out about one commit.
 *
 * in: the report that scripts/test.mjs left → out: Tested, whether the commit passed, and if not why
 *
 * Rule: a commit is tested when a run of exactly this commit, without uncommitted changes, passed every stage that `npm test` has, and at
 * least one test. A stage that is missing or was skipped found out nothing.
 * When it misleads: the report is a file; whoever can write it can claim a passed run. In a team a CI service's signed word takes its place.
 * Source: J. Humble and D. Farley, Continuous Delivery (2010), chapter 5: only build once what passed the commit stage.
 *
 *   testedBy(report, 'c0ffee…') // { kind: 'passed', because: 'commit c0ffee passed 812 tests in 9 stages' }
 */
import { z } from 'zod';

/** Of scripts/test.mjs; the last four are kinds of tests. */
export const STAGES = [
  'build',
  'lint',
  'format',
  'types',
  'security',
  'unit',
  'property',
  'integration',
  'contract',
] as const;

const stage = z.strictObject({
  name: z.string(),
  state: z.enum(['passed', 'failed', 'skipped']),
  seconds: z.number().min(0),
  /** Nothing ran: an earlier run with the same inputs had passed. */
  cached: z.boolean(),
  tests: z.strictObject({ passed: z.int(), failed: z.int(), skipped: z.int() }).optional(),
});

export const ciReportSchema = z.strictObject({
  commit: z.string(),
  /** There were uncommitted changes. */
  dirty: z.boolean(),
  startedAt: z.iso.datetime(),
  seconds: z.number().min(0),
  passed: z.int().min(0),
  failed: z.int().min(0),
  stages: z.array(stage),
});

export type CiReport = z.infer<typeof ciReportSchema>;

export type FoundCiReport =
  { kind: 'report'; report: CiReport } | { kind: 'absent' } | { kind: 'unreadable'; because: string };

export type Tested = { kind: 'passed' | 'failed' | 'untested'; because: string };

const SHORT_COMMIT = 12;

/** @param commit as the manifest has it: with `+changes`, or the name of a patch, when it was built from changed files. */
export function testedBy(found: FoundCiReport, commit: string): Tested {
  const name = `commit ${commit.slice(0, SHORT_COMMIT)}`;
  if (commit === 'unknown') return untested('the commit is unknown, so no run of the tests can be found');
  if (commit.includes('+'))
    return untested(`${commit.replace(/^(\w{12})\w*/, '$1')} was built with uncommitted changes`);
  if (found.kind === 'absent') return untested(`${name} has no run of the tests: run npm test`);
  if (found.kind === 'unreadable') return untested(`the report for ${name} cannot be read: ${found.because}`);
  const { report } = found;
  if (report.commit !== commit)
    return untested(`the report is for commit ${report.commit.slice(0, SHORT_COMMIT)}`);
  if (report.dirty) return untested(`the run for ${name} had uncommitted changes`);
  const broken = report.stages.filter(({ state }) => state === 'failed').map(({ name }) => name);
  if (report.failed > 0 || broken.length > 0)
    return {
      kind: 'failed',
      because: `${name} failed: ${report.failed} failed in ${broken.join(', ') || 'its tests'}`,
    };
  if (report.passed === 0) return untested(`the run for ${name} had no tests`);
  const passed = new Set(report.stages.filter(({ state }) => state === 'passed').map(({ name }) => name));
  const missing = STAGES.filter((stage) => !passed.has(stage));
  if (missing.length > 0) return untested(`the run for ${name} did not pass ${missing.join(', ')}`);
  const because = `${name} passed ${report.passed} tests in ${report.stages.length} stages`;
  return { kind: 'passed', because };
}

function untested(because: string): Tested {
  return { kind: 'untested', because };
}
