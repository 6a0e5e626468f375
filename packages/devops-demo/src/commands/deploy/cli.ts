/**
 * `devops deploy`: sees to it that a version runs where slots are containers, on each start of the system: the version that was released
 * last; or this package, when none runs yet or when it is new here (`docker compose up --build`).
 *
 * Rule: it changes nothing while a controller is at work. A release that was under way when everything stopped gets its end first.
 */
import { existsSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { shortDigest } from '../../delivery/artifact.js';
import { bundle } from '../../delivery/artifact/store.js';
import { readEnvironment } from '../../delivery/environment/store.js';
import type { Gateway } from '../../delivery/gateway.js';
import { SLOTS, otherSlot } from '../../delivery/instances.js';
import { placeOf } from '../../delivery/place/process.js';
import type { ReleasePlace } from '../../delivery/place/process.js';
import { aiopsAddress } from '../../delivery/release/records/aiops-client.js';
import { openReleaseRecords } from '../../delivery/release/records/store.js';
import { createReleaseStore, lockController } from '../../delivery/release/store.js';
import { endUnfinished } from '../../delivery/release/unfinished.js';
import { stateDirOf } from '../../delivery/state-dir.js';

const GATEWAY_PATIENCE_MS = 60_000;
const POLL_MS = 250;

export async function deployCommand(
  packageDir: string,
  { state = stateDirOf(process.env) }: { state?: string | undefined },
): Promise<number> {
  const stateDir = resolve(state);
  try {
    const unlock = lockController(stateDir);
    try {
      const environment = readEnvironment(stateDir);
      const store = createReleaseStore(stateDir);
      const place = placeOf(stateDir, environment);
      const left = store.current();
      const ended = endUnfinished(left, new Date().toISOString());
      if (ended !== undefined) {
        await place.instances.stop(ended.free);
        await openReleaseRecords(stateDir, packageDir, aiopsAddress(environment)).record(left, ended.release);
        store.save(ended.release);
      }
      console.log(await deploy(packageDir, place));
      return 0;
    } finally {
      unlock();
    }
  } catch (error) {
    console.error(`devops deploy: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  }
}

async function deploy(
  packageDir: string,
  { artifactsDir, instances, gateway }: ReleasePlace,
): Promise<string> {
  const serving = SLOTS.find((slot) => instances.record(slot) !== undefined);
  const released = serving === undefined ? undefined : instances.record(serving)?.digest;
  const known = existsSync(artifactsDir) ? readdirSync(artifactsDir) : [];
  const mine = bundle(packageDir, artifactsDir).digest;
  const isNew = released === undefined || !known.includes(mine);
  const [first] = SLOTS;
  const free = serving === undefined ? first : otherSlot(serving);
  const slot = isNew ? free : (serving ?? first);
  const { version, digest, url } = await instances.start(slot, isNew ? mine : released);
  await untilTold(gateway, slot, url);
  await instances.stop(otherSlot(slot));
  return `${version}, digest ${shortDigest(digest)}, serves as ${slot}: ${isNew ? 'it is new here' : 'it was released last'}`;
}

/** The gateway may start at the same time. */
async function untilTold(gateway: Gateway, name: string, url: string): Promise<void> {
  const until = Date.now() + GATEWAY_PATIENCE_MS;
  for (;;) {
    try {
      await gateway.setBackends([{ name, url, weight: 100 }]);
      return;
    } catch (error) {
      if (Date.now() > until) throw error;
      await sleep(POLL_MS);
    }
  }
}
