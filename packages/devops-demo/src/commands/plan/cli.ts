/** Runs `devops plan`: what differs between the compose file and the containers that run. */
import { parseArgs } from 'node:util';
import { counted } from 'service-chassis/counted';
import { plan } from '../../infrastructure/plan.js';
import type { Difference } from '../../infrastructure/plan.js';
import { EngineAway, readBothSides } from '../../infrastructure/store.js';

const DRIFT = 3;
const CANNOT_TELL = 2;
/** Commands and image identities are long; their beginnings tell them apart. */
const CELL_WIDTH = 44;

export async function planCommand(words: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...words], options: { json: { type: 'boolean' } } });
  try {
    const { declared, running } = readBothSides();
    const differences = plan(declared, running);
    const facts = declared.reduce((sum, each) => sum + Object.keys(each.facts).length, 0);
    if (values.json === true)
      console.log(JSON.stringify({ services: declared.length, facts, differences }, null, 2));
    else console.log(table(differences, `${declared.length} services, ${facts} facts declared`));
    return differences.length === 0 ? 0 : DRIFT;
  } catch (error) {
    if (!(error instanceof EngineAway)) throw error;
    console.error(
      `devops plan: cannot tell what runs: ${error.message}. Start the engine, or see docker-compose.yml`,
    );
    return CANNOT_TELL;
  }
}

function table(differences: readonly Difference[], compared: string): string {
  if (differences.length === 0) return `what runs is what is declared: ${compared}`;
  const rows = [['service', 'what', 'declared', 'running'], ...differences.map(cellsOf)];
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return `${lines.join('\n')}\n${counted(differences.length, 'difference')}; ${compared}`;
}

function cellsOf({ service, what, declared, running }: Difference): string[] {
  const short = (text: string) => (text.length > CELL_WIDTH ? `${text.slice(0, CELL_WIDTH - 1)}…` : text);
  return [service, what, short(declared), short(running)];
}
