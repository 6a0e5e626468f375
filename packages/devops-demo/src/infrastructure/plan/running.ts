/**
 * What runs, as facts.
 *
 * in: `docker inspect` of a project's containers, what only the machine can tell → out: Instance[]
 *
 * Source: https://docs.docker.com/reference/api/engine/version/v1.45/#tag/Container/operation/ContainerInspect
 */
import { z } from 'zod';
import type { Facts, Instance } from '../plan.js';
import type { MachineFacts } from './machine-facts.js';
import { IN_USE, listWords, memoryWords, shownValue } from './words.js';

const strings = z
  .array(z.string())
  .nullish()
  .transform((words) => words ?? []);

const container = z.looseObject({
  Name: z.string(),
  Image: z.string(),
  State: z.looseObject({ Status: z.string(), ExitCode: z.number(), StartedAt: z.coerce.date() }),
  Config: z.looseObject({
    Image: z.string(),
    User: z.string(),
    Cmd: strings,
    Env: strings,
    Labels: z.record(z.string(), z.string()),
  }),
  HostConfig: z.looseObject({
    Memory: z.number(),
    ReadonlyRootfs: z.boolean(),
    Privileged: z.boolean(),
    CapDrop: strings,
    CapAdd: strings,
    SecurityOpt: strings,
    RestartPolicy: z.looseObject({ Name: z.string() }),
    PortBindings: z
      .record(z.string(), z.array(z.looseObject({ HostIp: z.string(), HostPort: z.string() })))
      .nullish(),
  }),
  Mounts: z.array(
    z.looseObject({
      Type: z.string(),
      Name: z.string().optional(),
      Source: z.string(),
      Destination: z.string(),
      RW: z.boolean(),
    }),
  ),
});
export const containers = z.array(container);
type Container = z.infer<typeof container>;

const SERVICE = 'com.docker.compose.service';
/** `docker compose run` makes these; they are nobody's instance. */
const ONE_OFF = 'com.docker.compose.oneoff';

export function runningInstances(found: readonly Container[], machine: MachineFacts): Instance[] {
  return found
    .filter(({ Config }) => Config.Labels[ONE_OFF] !== 'True')
    .map((each) => ({
      service: each.Config.Labels[SERVICE] ?? 'unknown',
      container: each.Name.replace(/^\//, ''),
      facts: { ...factsOf(each), ...mountFacts(each, machine), ...environmentFacts(each, machine) },
    }));
}

function factsOf({ Image, State, Config, HostConfig }: Container): Facts {
  return {
    state: State.Status === 'exited' ? `exited ${State.ExitCode}` : State.Status,
    image: Config.Image,
    build: Image,
    user: Config.User,
    command: Config.Cmd.join(' '),
    restart: HostConfig.RestartPolicy.Name,
    'root file system': HostConfig.ReadonlyRootfs ? 'read-only' : 'writable',
    memory: memoryWords(HostConfig.Memory),
    privileged: String(HostConfig.Privileged),
    'capabilities dropped': listWords(HostConfig.CapDrop),
    'capabilities added': listWords(HostConfig.CapAdd),
    'security options': listWords(HostConfig.SecurityOpt),
    ports: listWords(
      Object.entries(HostConfig.PortBindings ?? {}).flatMap(([port, bindings]) =>
        bindings.map(({ HostIp, HostPort }) => `${HostIp || '0.0.0.0'}:${HostPort}->${port.split('/')[0]}`),
      ),
    ),
  };
}

function mountFacts({ Mounts, State }: Container, { changedAt }: MachineFacts): Facts {
  const facts = Mounts.map(({ Name, Source, Destination, RW }) => {
    return [`mount ${Destination}`, `${Name ?? Source}${RW ? '' : ', read-only'}`] as const;
  });
  const configurations = Mounts.filter(({ Type }) => Type === 'bind').map(({ Source, Destination }) => {
    const isInUse = (changedAt(Source)?.getTime() ?? 0) <= State.StartedAt.getTime();
    return [`configuration ${Destination}`, isInUse ? IN_USE : 'changed since the start'] as const;
  });
  return Object.fromEntries([...facts, ...configurations]);
}

function environmentFacts({ Config }: Container, { digest }: MachineFacts): Facts {
  const facts = Config.Env.map((pair) => {
    const at = pair.indexOf('=');
    const name = pair.slice(0, at);
    return [`environment ${name}`, shownValue(name, pair.slice(at + 1), digest)] as const;
  });
  return Object.fromEntries(facts);
}
