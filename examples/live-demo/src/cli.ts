/** Command line: reads it, prints the event log, stops on a signal, answers with the exit code. */
import { runDemo } from './demo.js';
import { parseOptions } from './options.mjs';
import { watchStarter } from './supervise/starter.js';
import type { Part } from './system.js';
import type { Line } from './watch/narrate.js';
import { formatLine } from './watch/print.js';
import { summaryText } from './watch/summary-text.js';

const BAD_USAGE = 2;

export async function runCli(argv: readonly string[], parts: readonly Part[]): Promise<number> {
  const parsed = parseOptions(argv);
  if (parsed.kind === 'help') {
    process.stdout.write(parsed.text);
    return 0;
  }
  if (parsed.kind === 'wrong') {
    process.stderr.write(`${parsed.because}\n\nnpm run demo -- --help   tells what there is\n`);
    return BAD_USAGE;
  }
  const { options } = parsed;
  const out = options.json ? process.stderr : process.stdout;
  const colour = out.isTTY && process.env['NO_COLOR'] === undefined;
  const say = (line: Line): void => void out.write(`${formatLine(line, new Date(), colour)}\n`);

  const outcome = await runDemo(options, { say, stop: wishToStop(), parts });
  if (outcome.kind === 'refused') {
    process.stderr.write(`${outcome.because}\n`);
    return 1;
  }
  const { summary } = outcome;
  if (options.json) process.stdout.write(`${JSON.stringify(summary)}\n`);
  else out.write(summaryText(summary));
  return summary.ok ? 0 : 1;
}

/** Ctrl-C, SIGTERM, a closed terminal or a closed pipe. A second Ctrl-C ends at once; the children then end by themselves. */
function wishToStop(): AbortSignal {
  const stop = new AbortController();
  const wish = (by: string): void => {
    if (stop.signal.aborted) process.exit(1);
    stop.abort(by);
  };
  process.on('SIGINT', () => wish('Ctrl-C'));
  process.on('SIGTERM', () => wish('SIGTERM'));
  process.on('SIGHUP', () => wish('SIGHUP'));
  watchStarter(() => stop.abort('npm being gone'));
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', () => stop.signal.aborted || stop.abort('a closed pipe'));
  }
  return stop.signal;
}
