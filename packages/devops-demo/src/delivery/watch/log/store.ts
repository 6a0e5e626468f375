/**
 * Log: reads what a version has printed since one looked last, in bounded memory however long its log is.
 *
 * in: path, where one stopped → out: whole lines, one after the other; where one stops now
 *
 * Rule: a log that became the one before (instances/version-log) is read to its end first. Of more than can be judged only the end is read.
 * When it misleads: a line that is longer than any that the service writes is left out, and so is what two changes of the file
 * between two looks took away.
 */
import { createReadStream, statSync } from 'node:fs';
import { fileBefore } from '../../instances/version-log/store.js';

/** The two files that a version may have. */
const MOST_BYTES = 32 * 1024 * 1024;
const LONGEST_LINE_BYTES = 64 * 1024;
const NEW_LINE = 0x0a;

/** How far one has read; `file` tells files of one name apart. */
export interface Position {
  readonly file: number;
  readonly bytes: number;
}

interface Part {
  readonly path: string;
  readonly file: number;
  readonly from: number;
  readonly to: number;
}

/** Where it ends now. Undefined while there is none. */
export function endOf(path: string): Position | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined ? undefined : { file: found.ino, bytes: found.size };
}

/** @param since undefined: from the beginning. @returns where to go on */
export async function readLines(
  path: string,
  since: Position | undefined,
  onLine: (line: string) => void,
  mostBytes = MOST_BYTES,
): Promise<Position | undefined> {
  let [position, left] = [since, mostBytes];
  const parts: Part[] = [];
  // The newest first: of too much the oldest is left out.
  for (const part of partsSince(path, since).toReversed()) {
    const from = Math.max(part.from, part.to - left);
    left -= part.to - from;
    parts.unshift({ ...part, from });
    if (from > part.from) break;
  }
  for (const part of parts) position = { file: part.file, bytes: await readPart(part, onLine) };
  return position;
}

function partsSince(path: string, since: Position | undefined): Part[] {
  const [now, before] = [path, fileBefore(path)].map((each) => {
    const found = statSync(each, { throwIfNoEntry: false });
    return found === undefined ? [] : [{ path: each, file: found.ino, from: 0, to: found.size }];
  }) as [Part[], Part[]];
  const [present] = now;
  if (since === undefined) return [...before, ...now];
  if (present?.file === since.file && present.to >= since.bytes) return [{ ...present, from: since.bytes }];
  const [old] = before;
  if (old?.file === since.file) return [{ ...old, from: Math.min(since.bytes, old.to) }, ...now];
  return present?.file === since.file ? now : [...before, ...now];
}

/** @returns the end of the last whole line */
async function readPart({ path, from, to }: Part, onLine: (line: string) => void): Promise<number> {
  if (to <= from) return from;
  // One byte earlier: what begins in the middle of a line is left out up to its end.
  const start = Math.max(0, from - 1);
  let [skips, ended, at] = [from > 0, from, start];
  let begun: Buffer[] = [];
  let begunBytes = 0;
  for await (const chunk of createReadStream(path, { start, end: to - 1 }) as AsyncIterable<Buffer>) {
    let begin = 0;
    for (let end = chunk.indexOf(NEW_LINE); end >= 0; end = chunk.indexOf(NEW_LINE, begin)) {
      if (!skips && begunBytes + end - begin <= LONGEST_LINE_BYTES)
        onLine(Buffer.concat([...begun, chunk.subarray(begin, end)]).toString('utf8'));
      [skips, begun, begunBytes, begin] = [false, [], 0, end + 1];
      ended = at + begin;
    }
    at += chunk.length;
    begunBytes += chunk.length - begin;
    skips ||= begunBytes > LONGEST_LINE_BYTES;
    begun = skips ? [] : [...begun, chunk.subarray(begin)];
  }
  return ended;
}
