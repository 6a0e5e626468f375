/** `devops release`: brings this package, another one or a flawed one to everybody, or back. */
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bundle } from '../../delivery/artifact/store.js';
import { readEnvironment } from '../../delivery/environment/store.js';
import { FLAWS, isFlaw } from '../../delivery/flaw.js';
import { buildPatched } from '../../delivery/flaw/process.js';
import type { Gateway } from '../../delivery/gateway.js';
import { embeddedGateway } from '../../delivery/gateway/embedded.js';
import { haproxyGateway } from '../../delivery/gateway/haproxy.js';
import { askHaproxy } from '../../delivery/gateway/socket.js';
import type { Release } from '../../delivery/release.js';
import { isFinal } from '../../delivery/release.js';
import { lineOf, told } from '../../delivery/release/told.js';
import { WINDOW_SECONDS, createReleaser, versionOf } from '../../delivery/release/process.js';
import { createReleaseStore, lockController } from '../../delivery/release/store.js';

export interface ReleaseOptions {
  /** Folder of a compiled package. */
  from?: string | undefined;
  flaw?: string | undefined;
  /** Only brings an unfinished release to its end. */
  resume?: boolean | undefined;
  /** Seconds of one window. */
  window?: string | undefined;
  state?: string | undefined;
}

export const STATE_DIR = '.triops/devops';
/** Name of the proxy in the HAProxy configuration. */
const HAPROXY_PROXY = 'board';

export async function releaseCommand(packageDir: string, options: ReleaseOptions): Promise<number> {
  const { flaw, from, resume = false, window = String(WINDOW_SECONDS), state = STATE_DIR } = options;
  const windowSeconds = Number(window);
  if (!(windowSeconds > 0) || (flaw !== undefined && (!isFlaw(flaw) || from !== undefined))) {
    console.error(
      `devops release: expected --flaw ${FLAWS.join('|')} or --from DIR, and --window SECONDS; see devops --help`,
    );
    return 2;
  }
  const stateDir = resolve(state);
  try {
    return await release(packageDir, stateDir, windowSeconds, { flaw, from, resume });
  } catch (error) {
    console.error(`devops release: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  }
}

async function release(
  packageDir: string,
  stateDir: string,
  windowSeconds: number,
  { flaw, from, resume }: { flaw: string | undefined; from: string | undefined; resume: boolean },
): Promise<number> {
  const unlock = lockController(stateDir);
  try {
    const environment = readEnvironment(stateDir);
    const store = createReleaseStore(stateDir);
    const artifactsDir = join(stateDir, 'artifacts');
    let before: Release | undefined;
    const releaser = createReleaser({
      stateDir,
      artifactsDir,
      env: environment,
      databaseUrl: environment.DATABASE_URL,
      gateway: gatewayAt(environment),
      windowSeconds,
      save(next) {
        store.save(next);
        for (const line of told(before, next)) console.log(line);
        before = next;
      },
    });
    const left = store.current();
    if (left !== undefined && !isFinal(left.phase)) {
      console.log(`unfinished: ${lineOf(left)}`);
      await releaser.settle(left);
    }
    if (resume) return 0;
    const source =
      flaw === undefined
        ? resolve(from ?? packageDir)
        : buildPatched({
            packageDir,
            patchFile: join(packageDir, 'flaws', flaw, 'change.patch'),
            name: flaw,
            workDir: join(stateDir, 'flaws', flaw),
          });
    const ended = await releaser.release(versionOf(bundle(source, artifactsDir)));
    return ended.phase === 'promoted' ? 0 : 1;
  } finally {
    unlock();
  }
}

function gatewayAt({ GATEWAY_ADMIN, TRIOPS_TOKEN = '' }: ReturnType<typeof readEnvironment>): Gateway {
  if (/^https?:/.test(GATEWAY_ADMIN))
    return embeddedGateway({ adminUrl: GATEWAY_ADMIN, token: TRIOPS_TOKEN, fetch });
  const ask = async (command: string) => askHaproxy(GATEWAY_ADMIN, command);
  return haproxyGateway({ proxy: HAPROXY_PROXY, ask, pause: sleep });
}
