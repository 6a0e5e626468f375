/**
 * `devops deploy`: sees to it that a version runs where slots are containers, on each start of the system: the version that was released
 * last; or this package, when none runs yet or when it is new here (`docker compose up --build`).
 *
 * Rule: without slots it does nothing: nobody would end the process that it started. It changes nothing while a controller is at work. A release
 * that was under way when everything stopped gets its end first.
 */
import { resolve } from 'node:path';
import { messageOf } from 'service-chassis/reason-of';
import { bundle } from '../../delivery/artifact/store.js';
import { handOver } from '../../delivery/deployment/hand-over/process.js';
import { createDeployer } from '../../delivery/deployment/process.js';
import { createDeploymentStore } from '../../delivery/deployment/store.js';
import { readEnvironment } from '../../delivery/environment/store.js';
import { placeOf } from '../../delivery/place/process.js';
import { versionOf } from '../../delivery/release/process.js';
import { aiopsAddress } from '../../delivery/release/records/aiops-client.js';
import { openReleaseRecords } from '../../delivery/release/records/store.js';
import { createReleaseStore, lockController } from '../../delivery/release/store.js';
import { endLeft } from '../../delivery/release/unfinished/store.js';
import { sweepState } from '../../delivery/sweep/store.js';
import { stateDirOf } from '../../delivery/state-dir.js';
import { WrongUsage } from '../wrong-usage.js';

/** Who it is: whoever started the containers is not known in them. */
const ACTOR = 'pipeline';

export async function deployCommand(
  packageDir: string,
  { state = stateDirOf(process.env) }: { state?: string | undefined },
): Promise<number> {
  if ((process.env['BOARD_SLOTS'] ?? '') === '')
    throw new WrongUsage(
      'devops deploy is for containers (BOARD_SLOTS); here: npx devops gateway --embedded',
    );
  const stateDir = resolve(state);
  try {
    const unlock = lockController(stateDir);
    try {
      sweepState(stateDir);
      console.log(await deploy(packageDir, stateDir));
      return 0;
    } finally {
      unlock();
    }
  } catch (error) {
    console.error(`devops deploy: ${messageOf(error)}`);
    return 1;
  }
}

async function deploy(packageDir: string, stateDir: string): Promise<string> {
  const environment = readEnvironment(stateDir);
  const { artifactsDir, instances, gateway } = placeOf(stateDir, environment);
  const records = openReleaseRecords(stateDir, packageDir, aiopsAddress(environment), ACTOR);
  await endLeft(stateDir, records, async (slot) => handOver({ gateway, instances }, slot));
  const store = createDeploymentStore(stateDir);
  const say = (line: string) => console.log(line);
  const bring = createDeployer({ instances, gateway, store, records, say });
  return bring(versionOf(bundle(packageDir, artifactsDir)), createReleaseStore(stateDir).all());
}
