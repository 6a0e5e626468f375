/**
 * Last words: why did a version die, in the words of its log?
 *
 * in: its log → out: one line
 *
 * Rule: what it logged last, or the error that Node prints for whoever logs nothing any more: of both the later one, else the last line.
 *
 *   wordsOf('{"message":"cannot start: no database"}\n') // 'cannot start: no database'
 *   wordsOf('file.js:1\n\nError: broken image\n    at …\n\nNode.js v22.23.3\n') // 'Error: broken image'
 */
const LOGGED = /"message":"((?:[^"\\]|\\.)*)"/;
const THROWN = /^(?:Uncaught )?\w*Error\b.*: .+/;

export function wordsOf(log: string): string {
  const lines = log.trim().split('\n');
  const telling = lines.findLast((line) => LOGGED.test(line) || THROWN.test(line));
  const said = LOGGED.exec(telling ?? '')?.[1] ?? telling ?? lines.at(-1) ?? '';
  return said === '' ? 'it said nothing' : said;
}

/** What a keeper itself has to say, as a line of its version's log. */
export function keepersLine(message: string): string {
  return `${JSON.stringify({ 'log.level': 'error', message })}\n`;
}
