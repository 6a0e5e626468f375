/**
 * One expectation and how it went, told so that nobody has to look into the code: what was expected, what was seen, in how many rows,
 * and a few of them.
 */
export interface Check {
  name: string;
  /** Skipped: there was nothing to compare with. It neither helps nor blocks. */
  state: 'passed' | 'failed' | 'skipped';
  because: string;
  expected: string;
  seen: string;
  /** Rows that break the expectation, where it is about rows. */
  rows?: number;
  examples?: readonly string[];
}

/** A check without rows. */
export function check(
  name: string,
  state: Check['state'],
  { expected, seen }: { expected: string; seen: string },
): Check {
  return { name, state, because: `${name}: expected ${expected}, got ${seen}`, expected, seen };
}

/** A share as people write it. */
export function percent(share: number, digits = 2): string {
  return `${(share * 100).toFixed(digits)} %`;
}
