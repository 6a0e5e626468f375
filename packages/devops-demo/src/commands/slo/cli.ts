/** Runs `devops slo`: error budgets and burn rates from what all instances counted, up to half a minute ago. */
import { parseArgs } from 'node:util';
import { OBJECTIVES } from '../../delivery/slo.js';
import { sloReport, sloSentences } from '../../delivery/slo/report.js';
import { readTallies } from '../../delivery/slo/store.js';
import { stateDirOf } from '../../delivery/state-dir.js';

export async function sloCommand(words: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...words], options: { state: { type: 'string' } } });
  const tallies = readTallies(values.state ?? stateDirOf(process.env));
  const report = sloReport(tallies, new Date(), OBJECTIVES);
  for (const line of sloSentences(report)) console.log(line);
  return report.frozen ? 1 : 0;
}
