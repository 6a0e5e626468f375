/** A whole delivery on this machine: the gateway as a process, a first version behind it, and a releaser. For benchmarks and tests. */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import {
  SLOTS,
  buildPatched,
  bundle,
  createInstances,
  createReleaseStore,
  createReleaser,
  embeddedGateway,
  versionOf,
  writeEnvironment,
} from 'devops-demo/delivery';
import type { Release, Version } from 'devops-demo/delivery';
import type { AnalysisRun } from 'devops-demo';

export interface DeliveryOptions {
  /** The compiled package that is the first version. */
  readonly packageDir: string;
  /** Empty folder. */
  readonly stateDir: string;
  readonly databaseUrl: string;
  readonly modelServerUrl: string;
  /** From `warn` on, unless told. */
  readonly logLevel?: string;
}

export interface ReleaserSettings {
  readonly windowSeconds: number;
  readonly judge?: () => AnalysisRun;
  readonly onChange?: (release: Release) => void;
}

const TOKEN = 'a-bench-token-of-enough-length';

export async function startDelivery(options: DeliveryOptions) {
  const { packageDir, stateDir, databaseUrl, modelServerUrl, logLevel = 'warn' } = options;
  const artifactsDir = join(stateDir, 'artifacts');
  const env = { DATABASE_URL: databaseUrl, MODEL_SERVER_URL: modelServerUrl, LOG_LEVEL: logLevel };
  const { child, url, adminUrl } = await forkGateway(packageDir, stateDir);
  const gateway = embeddedGateway({ adminUrl, token: TOKEN, fetch });
  const instances = createInstances({ stateDir, artifactsDir, env });
  writeEnvironment(stateDir, { ...env, GATEWAY_ADMIN: adminUrl, TRIOPS_TOKEN: TOKEN });
  const first = versionOf(bundle(packageDir, artifactsDir));
  const started = await instances.start('blue', first.digest ?? '');
  await gateway.setBackends([{ name: 'blue', url: started.url, weight: 100 }]);
  const store = createReleaseStore(stateDir);
  return {
    url,
    adminUrl,
    gateway,
    instances,
    artifactsDir,
    store,
    first,
    /** Bundles this package with a patch. */
    patched: (name: string, patchFile: string): Version =>
      versionOf(
        bundle(
          buildPatched({ packageDir, patchFile, name, workDir: join(stateDir, 'patched', name) }),
          artifactsDir,
        ),
      ),
    releaser: ({ windowSeconds, judge, onChange }: ReleaserSettings) =>
      createReleaser({
        stateDir,
        artifactsDir,
        env,
        gateway,
        databaseUrl,
        windowSeconds,
        ...(judge === undefined ? {} : { judge }),
        save(release) {
          store.save(release);
          onChange?.(release);
        },
      }),
    async close() {
      child.kill('SIGTERM');
      if (child.exitCode === null) await once(child, 'exit');
      for (const slot of SLOTS) await instances.stop(slot);
    },
  };
}

async function forkGateway(packageDir: string, stateDir: string) {
  const child: ChildProcess = fork(join(packageDir, 'dist/delivery/gateway/main.js'), {
    env: {
      PATH: process.env['PATH'],
      PORT: '0',
      GATEWAY_ADMIN_PORT: '0',
      GATEWAY_STATE: join(stateDir, 'gateway.json'),
      TRIOPS_TOKEN: TOKEN,
    },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    execArgv: [],
  });
  let adminUrl = '';
  for await (const line of createInterface({ input: child.stdout ?? process.stdin })) {
    adminUrl = /listening on (http:[^"]+)"/.exec(line)?.[1] ?? adminUrl;
    const url = /gateway on (http:[^"]+)"/.exec(line)?.[1];
    if (url !== undefined) {
      child.stdout?.resume();
      return { child, url, adminUrl };
    }
  }
  throw new Error('the gateway ended before it listened');
}

/** A verdict that was decided beforehand. */
export const always = (kind: 'pass' | 'fail') => (): AnalysisRun => ({
  finished: true,
  verdict: { kind, because: `decided beforehand: ${kind}`, checks: [] },
});
