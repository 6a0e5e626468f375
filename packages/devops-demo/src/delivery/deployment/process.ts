/** The deeds of a deployment: starts what the plan says, tells the gateway, writes it down, and goes back when it does not start. */
import { messageOf } from 'service-chassis/reason-of';
import { shortDigest } from '../artifact.js';
import { endDeployment, planDeployment, servingSlot } from '../deployment.js';
import type { Plan } from '../deployment.js';
import type { Gateway } from '../gateway.js';
import { SLOTS, otherSlot } from '../instances.js';
import type { InstanceRecord, Slot } from '../instances.js';
import type { Instances } from '../instances/process.js';
import type { Release, Version } from '../release.js';
import { versionOf } from '../release/process.js';
import type { ReleaseRecords } from '../release/records/store.js';
import { handOver, untilTold } from './hand-over/process.js';
import type { createDeploymentStore } from './store.js';

export interface DeployerOptions {
  readonly instances: Instances;
  readonly gateway: Gateway;
  readonly store: ReturnType<typeof createDeploymentStore>;
  readonly records: Pick<ReleaseRecords, 'record'>;
  /** Tells a person. */
  readonly say: (line: string) => void;
}

const now = () => new Date().toISOString();

export function createDeployer({ instances, gateway, store, records, say }: DeployerOptions) {
  function runs(): Partial<Record<Slot, Version>> {
    const records = SLOTS.map((slot) => [slot, instances.record(slot)] as const);
    return Object.fromEntries(
      records.flatMap(([slot, found]) => (found === undefined ? [] : [[slot, versionOf(found)]])),
    );
  }

  async function write(before: Release | undefined, after: Release): Promise<void> {
    for (const line of await records.record(before, after)) say(line);
    store.save(after);
  }

  /** Starts it where it does not run, and sends everybody there. */
  async function serve(slot: Slot, digest: string): Promise<InstanceRecord> {
    const started = await instances.start(slot, digest);
    await untilTold(gateway, slot, started.url);
    return started;
  }

  async function keep({ slot, digest }: Plan & { do: 'keep' }): Promise<InstanceRecord> {
    const started = await serve(slot, digest);
    await instances.stop(otherSlot(slot));
    return started;
  }

  /** Another image came while the deployment of this one had no end. */
  async function leave(begun: Release): Promise<void> {
    const { candidate } = begun.slots;
    const alone = servingSlot({ runs: runs(), deployed: store.deployed(), begun }) === candidate;
    // A record is written before what it names has started.
    const serves = alone && (await instances.isReady(candidate));
    if (!serves) await handOver({ gateway, instances }, candidate);
    const failed = 'everything was stopped while it was under way';
    await write(begun, endDeployment(begun, serves ? 'serves' : { failed, servesOn: false }, now()));
  }

  async function bring({ release, old }: Plan & { do: 'bring' }): Promise<InstanceRecord> {
    const { candidate, slots } = release;
    // Whoever starts the containers again and again would fill the log with the same failure.
    const failed = store.failed();
    const failedBefore = failed?.candidate.digest === candidate.digest && failed.id !== release.id;
    if (failedBefore) store.save(release);
    else if (store.begun() === undefined) await write(undefined, release);
    const oldDigest = old === undefined ? undefined : instances.record(old)?.digest;
    // It may not run on this image's libraries; then there is nothing to go back to.
    const goBack =
      old === undefined || oldDigest === undefined
        ? undefined
        : await serve(old, oldDigest).catch(() => undefined);
    let started: InstanceRecord;
    try {
      started = await serve(slots.candidate, candidate.digest ?? '');
    } catch (error) {
      const because = await takeBack(release, messageOf(error), goBack, failedBefore);
      throw new Error(because, { cause: error });
    }
    // Before the end is written: whoever finds no beginning any more finds one version.
    await instances.stop(slots.primary);
    if (failedBefore) await records.record(undefined, release);
    await write(release, endDeployment(release, 'serves', now()));
    return started;
  }

  /** @returns why, and who serves now */
  async function takeBack(
    release: Release,
    why: string,
    goBack: InstanceRecord | undefined,
    failedBefore: boolean,
  ): Promise<string> {
    if (goBack !== undefined) await untilTold(gateway, goBack.slot, goBack.url);
    await instances.stop(release.slots.candidate);
    const failed = goBack === undefined ? why : `${why}; ${goBack.version} serves on as ${goBack.slot}`;
    const ended = endDeployment(release, { failed, servesOn: goBack !== undefined }, now());
    // Noted first, by its own name: an end that was not written any more is written by the next try.
    if (failedBefore) store.save(ended);
    else {
      store.noteFailed(ended);
      await write(release, ended);
    }
    return failed;
  }

  /** @returns what serves now, and why. Throws why the new version does not; the old one serves then. */
  return async function deploy(mine: Version, releases: readonly Release[]): Promise<string> {
    const left = store.begun();
    if (left !== undefined && left.candidate.digest !== mine.digest) await leave(left);
    const found = { runs: runs(), mine, deployed: store.deployed(), begun: store.begun(), releases };
    const plan = planDeployment(found, now());
    const { version, digest, slot } = plan.do === 'bring' ? await bring(plan) : await keep(plan);
    const because = plan.do === 'bring' ? plan.release.because : 'it was released last';
    return `${version}, digest ${shortDigest(digest)}, serves as ${slot}: ${because}`;
  };
}
