/**
 * The terminal: what `mlops data` says, where it complains, and a reader who has seen enough.
 *
 * Rule: `mlops data add | head -3` closes the pipe after three lines. That ends the reading, not the work: what is written after it is dropped.
 */

export function outliveReader(): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
}

export function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function complain(text: string): void {
  process.stderr.write(`mlops data: ${text}\n`);
}
