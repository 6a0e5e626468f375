import { widenWords } from './template-text.js';

/** A statement of a program, as its log lines tell: what the miner knows about one template. */
export interface Statement {
  readonly id: string;
  /** Grows with each statement: of two that turn out to be one, the older goes on. */
  readonly age: number;
  /** Its skeleton, by which lines find it. */
  words: readonly string[];
  /** Positions in the skeleton whose words were found to vary. */
  variables: ReadonlySet<number>;
  /** What is shown. */
  template: string;
  count: number;
  /** Since it was last asked to make place for another. */
  wasSeen: boolean;
  isForgotten: boolean;
  /** The statement that goes on, once this one is merged. */
  into: Statement | null;
}

/** What a journal keeps of a template. */
export interface KnownTemplate {
  readonly id: string;
  readonly template: string;
  readonly count: number;
}

/** What one line did to the templates. */
export interface Learned {
  readonly id: string;
  readonly template: string;
  readonly change: 'new' | 'widened' | 'matched';
  /** The template that was forgotten to make place, if any. */
  readonly forgotten: string | null;
  /** Templates that turned out to be this one. Their ids lead to it from now on. */
  readonly merged: readonly string[];
}

export function countLine(statement: Statement): void {
  statement.count += 1;
  statement.wasSeen = true;
}

/** Makes a template fit one more text; says whether that changed it. */
export function widenTemplate(statement: Statement, text: string): boolean {
  const before = statement.template;
  if (text === before) return false;
  statement.template = widenWords(before.split(' '), text.split(' ')).join(' ');
  return statement.template !== before;
}
