/** Print: one line of the event log. The kind is a word; colour, on a terminal only, repeats it. */
import type { Line, LineKind } from './narrate.js';

const COLOURS: Record<LineKind, number> = {
  start: 36,
  departure: 90,
  release: 35,
  drift: 33,
  model: 32,
  anomaly: 33,
  incident: 31,
  fault: 95,
  replay: 36,
  problem: 31,
  stop: 36,
};
const LONGEST_KIND = 9;

export function formatLine(line: Line, at: Date, colour: boolean): string {
  const time = at.toTimeString().slice(0, 8);
  const kind = line.kind.padEnd(LONGEST_KIND);
  const indented = line.text.replaceAll('\n', `\n${' '.repeat(time.length + LONGEST_KIND + 4)}`);
  const word = colour ? `\u001B[${COLOURS[line.kind]}m${kind}\u001B[0m` : kind;
  return `${time}  ${word}  ${indented}`;
}
