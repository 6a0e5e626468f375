/** `devops runbook [ALERT]`: what to do when an alert fires; without a name, which alerts there are. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runbookFor } from '../../delivery/runbook.js';
import type { Runbook } from '../../delivery/runbook.js';
import { readRunbooks } from '../../delivery/runbook/store.js';
import { WrongUsage } from '../wrong-usage.js';

/** Of the clone. */
const RUNBOOKS = join(import.meta.dirname, '../../../../../docs/runbooks');

export async function runbookCommand(words: readonly string[]): Promise<number> {
  const options = { json: { type: 'boolean' } } as const;
  const { values, positionals } = parseArgs({ args: [...words], options, allowPositionals: true });
  const [alert, ...rest] = positionals;
  if (rest.length > 0) throw new WrongUsage('devops runbook: expected one alert');
  if (!existsSync(RUNBOOKS)) throw new Error('devops runbook: docs/runbooks of the repository is not here');
  const all = readRunbooks(RUNBOOKS);
  const asked = alert === undefined ? all : [runbookFor(all, alert)].filter((one) => one !== undefined);
  if (asked.length === 0) {
    const known = all.flatMap(({ alerts }) => alerts).join(', ');
    throw new WrongUsage(`devops runbook: there is no alert "${alert}", but ${known}`);
  }
  if (values.json === true) console.log(JSON.stringify(asked, null, 2));
  else for (const each of asked) console.log(alert === undefined ? lineOf(each) : pageOf(each));
  return 0;
}

function lineOf({ name, title, alerts }: Runbook): string {
  return `docs/runbooks/${name}.md  ${title}: ${alerts.join(', ')}`;
}

function pageOf({ name, title, steps, actions, text }: Runbook): string {
  return [
    `${title} (docs/runbooks/${name}.md)`,
    ...steps.map((step, index) => `${index + 1}. ${step}`),
    ...actions.map(({ when, service, method, path }) => `when ${when}: ${method} ${path} of ${service}`),
    '',
    text,
  ].join('\n');
}
