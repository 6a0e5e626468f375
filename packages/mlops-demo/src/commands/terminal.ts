/** What `mlops data` says, and where it complains. */

export function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function complain(text: string): void {
  process.stderr.write(`mlops data: ${text}\n`);
}
