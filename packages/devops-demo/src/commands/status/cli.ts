/** `devops status`: the delivery pipeline of a running board, and of this folder's gateway what it really does. */
import { join } from 'node:path';
import type { PipelineReport } from 'service-chassis';
import { isAlive } from 'service-chassis/process-life';
import { messageOf, reasonOf } from 'service-chassis/reason-of';
import { readEnvironment } from '../../delivery/environment/store.js';
import { SLOTS } from '../../delivery/instances.js';
import { ownerIn } from '../../delivery/instances/claim/store.js';
import { keeperIn } from '../../delivery/instances/files/store.js';
import { placeOf } from '../../delivery/place/process.js';
import { START_ONE } from '../../delivery/release/reach/process.js';
import { releaseIn } from '../../delivery/release/store.js';
import type { Stage } from '../../delivery/stage.js';
import { stateDirOf } from '../../delivery/state-dir.js';
import { DEFAULT_URL } from '../options.js';
import type { Options } from '../options.js';
import { shares } from './shares.js';

const STATUS_TIMEOUT_MS = 5_000;
const NAME_WIDTH = 14;
const STATE_WIDTH = 9;

type Named = Stage & { name: string };

export async function statusCommand({ url, state = stateDirOf(process.env) }: Options): Promise<number> {
  const owner = ownerIn(state);
  const here = owner !== undefined && isAlive(owner.pid) ? owner.url : undefined;
  const address = `${(url ?? here ?? DEFAULT_URL).replace(/\/$/, '')}/v1/delivery`;
  const [board, local] = await Promise.all([
    askBoard(address),
    here === undefined || url !== undefined ? [] : placeStages(state),
  ]);
  const all = [...board.stages, ...local];
  for (const { name, state, because } of all)
    console.log(`${name.padEnd(NAME_WIDTH)}${state.padEnd(STATE_WIDTH)}${because}`);
  if (board.away !== undefined)
    console.error(`devops status: cannot read ${address}: ${board.away}. If no board runs, ${START_ONE}`);
  return board.away !== undefined || all.some((stage) => stage.state === 'failed') ? 1 : 0;
}

/** `away`: why it did not tell. */
async function askBoard(address: string): Promise<{ stages: readonly Named[]; away?: string }> {
  try {
    const response = await fetch(address, { signal: AbortSignal.timeout(STATUS_TIMEOUT_MS) });
    if (!response.ok) throw new Error(`it answered ${response.status}`);
    return { stages: ((await response.json()) as PipelineReport).stages };
  } catch (error) {
    return { stages: [], away: reasonOf(error) };
  }
}

/** What the board cannot know: the gateway's shares, and why a keeper does not start its version. */
async function placeStages(stateDir: string): Promise<Named[]> {
  const refused = SLOTS.flatMap((slot) => {
    const because = keeperIn(stateDir, slot)?.refused;
    return because === undefined ? [] : [{ name: `board ${slot}`, state: 'failed' as const, because }];
  });
  try {
    const { gateway } = placeOf(stateDir, readEnvironment(stateDir));
    const told = shares(await gateway.backends(), releaseIn(join(stateDir, 'release.json')));
    return [{ name: 'gateway', ...told }, ...refused];
  } catch (error) {
    return [{ name: 'gateway', state: 'failed', because: messageOf(error) }, ...refused];
  }
}
