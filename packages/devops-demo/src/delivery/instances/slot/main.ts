/**
 * Keeper of one slot, as the program of a container.
 *
 *   node main.js SLOT        (TRIOPS_STATE_DIR, PORT, and the settings of the board)
 */
import type { Slot } from '../../instances.js';
import { stateDirOf } from '../../state-dir.js';
import { keepSlot } from './process.js';

const [slot] = process.argv.slice(2) as [Slot];
const asked = new AbortController();
process.on('SIGTERM', () => asked.abort());
process.on('SIGINT', () => asked.abort());

await keepSlot({
  slot,
  stateDir: stateDirOf(process.env),
  env: process.env,
  asked: asked.signal,
  say: (message) => process.stdout.write(`${JSON.stringify({ slot, message })}\n`),
});
process.exit(0);
