/**
 * Variant: the lines of one statement that have the same fingerprint, and how their values are shown.
 *
 * in: a line with its scan → out: whether the shown text still holds for it, and the text that does
 *
 * Rule: each value has a pattern, `<*>` or narrower (`MININT-<*>`, `eth0`). A line whose value does not fit widens it.
 * Only patterns narrower than `<*>` need to be looked at, so a settled variant costs nothing.
 *
 *   'link eth0 up', then 'link eth1 up' // pattern 'eth0', then '<*>'
 */
import type { LineScan } from './line-scan.js';
import { VALUE, textWithValues } from './skeleton.js';
import type { Statement } from './statement.js';
import { fitsPattern, showText, showValue, widenPattern } from './template-text.js';

export class Variant {
  /** The second half of the fingerprint. */
  readonly check: number;
  statement: Statement;
  #patterns: string[];
  #narrow: { index: number; pieces: string[] }[] = [];

  constructor(statement: Statement, line: string, scan: LineScan) {
    this.statement = statement;
    this.check = scan.second;
    this.#patterns = valuesOf(line, scan).map(showValue);
    this.#findNarrow();
  }

  fits(line: string, scan: LineScan): boolean {
    for (const { index, pieces } of this.#narrow) {
      if (!fitsPattern(pieces, line.slice(scan.starts[index], scan.ends[index]))) return false;
    }
    return true;
  }

  /** Makes the patterns fit a line; returns how it is shown then. */
  widen(line: string, scan: LineScan): string {
    const values = valuesOf(line, scan);
    this.#patterns = this.#patterns.map((pattern, i) => {
      const value = values[i] ?? '';
      return fitsPattern(pattern.split(VALUE), value) ? pattern : widenPattern(pattern, showValue(value));
    });
    this.#findNarrow();
    return this.shown(line, scan);
  }

  /** The text of a line with patterns for its values. */
  shown(line: string, scan: LineScan): string {
    return showText(textWithValues(line, scan, (_, index) => this.#patterns[index] ?? VALUE));
  }

  #findNarrow(): void {
    this.#narrow = this.#patterns
      .map((pattern, index) => ({ index, pieces: pattern.split(VALUE) }))
      .filter(({ index }) => this.#patterns[index] !== VALUE);
  }
}

function valuesOf(line: string, scan: LineScan): string[] {
  return Array.from({ length: scan.values }, (_, i) => line.slice(scan.starts[i], scan.ends[i]));
}
