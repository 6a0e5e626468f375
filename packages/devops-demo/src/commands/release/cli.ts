/** `devops release`: brings this package, another one or a flawed one to everybody, or back. */
import { resolve } from 'node:path';
import { messageOf } from 'service-chassis/reason-of';
import { bundle } from '../../delivery/artifact/store.js';
import { readEnvironment } from '../../delivery/environment/store.js';
import { FLAWS, isFlaw } from '../../delivery/flaw.js';
import { buildFlawed } from '../../delivery/flaw/process.js';
import { aiopsAddress } from '../../delivery/release/records/aiops-client.js';
import { fixesOf } from '../../delivery/may-release.js';
import type { Overrides } from '../../delivery/may-release.js';
import type { Release } from '../../delivery/release.js';
import { isFinal } from '../../delivery/release.js';
import { placeOf } from '../../delivery/place/process.js';
import { stateDirOf } from '../../delivery/state-dir.js';
import { lineOf, told } from '../../delivery/release/told.js';
import { WINDOW_SECONDS, createReleaser, versionOf } from '../../delivery/release/process.js';
import { reachGateway } from '../../delivery/release/reach/process.js';
import { openReleaseRecords } from '../../delivery/release/records/store.js';
import { createReleaseStore, lockController } from '../../delivery/release/store.js';
import { sweepState } from '../../delivery/sweep/store.js';

export interface ReleaseOptions {
  /** Folder of a compiled package. */
  from?: string | undefined;
  flaw?: string | undefined;
  /** Only brings an unfinished release to its end. */
  resume?: boolean | undefined;
  /** Seconds of one window. */
  window?: string | undefined;
  state?: string | undefined;
  /** Why a commit without a passed run of the tests is released all the same. */
  untested?: string | undefined;
  /** Why something is released although the error budget is empty. */
  unfreeze?: string | undefined;
}

export async function releaseCommand(packageDir: string, options: ReleaseOptions): Promise<number> {
  const {
    flaw,
    from,
    resume = false,
    window = String(WINDOW_SECONDS),
    state = stateDirOf(process.env),
  } = options;
  const windowSeconds = Number(window);
  if (!(windowSeconds > 0) || (flaw !== undefined && (!isFlaw(flaw) || from !== undefined))) {
    console.error(
      `devops release: expected --flaw ${FLAWS.join('|')} or --from DIR, and --window SECONDS; see devops --help`,
    );
    return 2;
  }
  const stateDir = resolve(state);
  try {
    // A flawed version is a patch on top of the commit, so it has no run of its own.
    const lesson = flaw === undefined ? undefined : `the flaw "${flaw}" is a lesson`;
    const reasons = { untested: options.untested ?? lesson, freeze: options.unfreeze };
    return await release(packageDir, stateDir, windowSeconds, { flaw, from, resume, reasons });
  } catch (error) {
    console.error(`devops release: ${messageOf(error)}`);
    return 1;
  }
}

interface Wish {
  flaw: string | undefined;
  from: string | undefined;
  resume: boolean;
  reasons: Overrides;
}

async function release(
  packageDir: string,
  stateDir: string,
  windowSeconds: number,
  { flaw, from, resume, reasons }: Wish,
): Promise<number> {
  const unlock = lockController(stateDir);
  try {
    sweepState(stateDir);
    const environment = readEnvironment(stateDir);
    const store = createReleaseStore(stateDir);
    const { artifactsDir, gateway, instances, readingsOf } = placeOf(stateDir, environment);
    await reachGateway(gateway, environment.GATEWAY_ADMIN);
    const records = openReleaseRecords(stateDir, packageDir, aiopsAddress(environment));
    let before: Release | undefined;
    const releaser = createReleaser({
      stateDir,
      artifactsDir,
      env: environment,
      databaseUrl: environment.DATABASE_URL,
      gateway,
      instances,
      ...(readingsOf === undefined ? {} : { readingsOf }),
      windowSeconds,
      async save(next) {
        const written = await records.record(before, next);
        store.save(next);
        for (const line of [...told(before, next), ...written]) console.log(line);
        before = next;
      },
    });
    const left = store.current();
    if (left !== undefined && !isFinal(left.phase)) {
      console.log(`unfinished: ${lineOf(left)}`);
      before = left;
      const settled = await releaser.settle(left);
      if (resume) return codeOf(settled);
    }
    if (resume) {
      console.log('no release is unfinished');
      return 0;
    }
    const source = flaw === undefined ? resolve(from ?? packageDir) : buildFlawed(packageDir, stateDir, flaw);
    const candidate = versionOf(bundle(source, artifactsDir));
    const permission = await records.permit(candidate, reasons);
    console.log(`${permission.kind}: ${permission.because}`);
    if (permission.kind === 'refused') {
      for (const fix of fixesOf(permission)) console.log(`  ${fix}`);
      return 1;
    }
    const ended = await releaser.release(candidate);
    return codeOf(ended);
  } finally {
    unlock();
  }
}

const codeOf = ({ phase }: Release) => (phase === 'promoted' ? 0 : 1);
