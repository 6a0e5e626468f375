/**
 * The state folder of the delivery: the audit log, post-mortems, reports of test runs, measured traffic, the controller's own state.
 *
 * Rule: one folder for the whole installation, `.triops/devops` below where the command was called; TRIOPS_STATE_DIR names another.
 */
export function stateDirOf(env: Readonly<Record<string, string | undefined>>): string {
  return env['TRIOPS_STATE_DIR'] || '.triops/devops';
}
