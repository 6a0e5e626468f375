/**
 * Actions: the words of the audit log, so that its readers (DORA, post-mortems, the control room) can rely on them.
 *
 * Rule: `subject` of a release's entries is always the same text, for example `flights-api 0.2.0`; a release that is tried again is told
 * apart by its own `release.started`.
 */
export const ACTIONS = {
  /** A new version begins to take traffic beside the old one. details: releaseDetails below. */
  started: 'release.started',
  /** Traffic was shifted. details: { weight: per cent }. */
  shifted: 'release.traffic-shifted',
  /** The canary was judged at a step. details: { verdict }, as analyze.ts gives it. */
  judged: 'release.judged',
  /** The new version has all traffic. */
  promoted: 'release.promoted',
  /** The new version failed and the old one has all traffic again. */
  rolledBack: 'release.rolled-back',
  /** Given up without a failure: inconclusive, or a person's wish. The old version has all traffic. */
  stopped: 'release.stopped',
  /** Refused before it began. */
  refused: 'release.refused',
  /** A promoted version was found to hurt users. */
  failed: 'release.failed',
  /** What a failed version had broken works again. */
  restored: 'release.restored',
  /** Released although the error budget is empty. */
  freezeOverridden: 'freeze.overridden',
  /** Released although no passed run of the tests is known for the commit. */
  untestedOverridden: 'untested.overridden',
  /** An entry was cut off by a crash and set aside. details: { bytes, sha256 }. */
  tornLine: 'audit.torn-line-set-aside',
  /** Entries that had been written were gone, or others, when this one was appended. details: { known, found }. */
  broken: 'audit.broken',
} as const;

export type Action = (typeof ACTIONS)[keyof typeof ACTIONS];
