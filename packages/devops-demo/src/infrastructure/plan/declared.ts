/**
 * What compose declares, as facts.
 *
 * in: `docker compose config --format json`, what only the machine can tell → out: DeclaredService[]
 *
 * Source: https://docs.docker.com/reference/cli/docker/compose/config/
 */
import { z } from 'zod';
import type { DeclaredService, Facts } from '../plan.js';
import type { MachineFacts } from './machine-facts.js';
import { IN_USE, listWords, memoryWords, shownValue } from './words.js';

const mount = z.looseObject({
  type: z.string(),
  source: z.string().default(''),
  target: z.string(),
  read_only: z.boolean().default(false),
});

const service = z.looseObject({
  image: z.string(),
  user: z.string().optional(),
  profiles: z.array(z.string()).default([]),
  restart: z.string().default('no'),
  read_only: z.boolean().default(false),
  privileged: z.boolean().default(false),
  mem_limit: z.coerce.number().default(0),
  cap_drop: z.array(z.string()).default([]),
  cap_add: z.array(z.string()).default([]),
  security_opt: z.array(z.string()).default([]),
  command: z.array(z.string()).nullish(),
  environment: z.record(z.string(), z.string().nullable()).default({}),
  ports: z
    .array(
      z.looseObject({
        target: z.number(),
        published: z.string().default(''),
        host_ip: z.string().default(''),
      }),
    )
    .default([]),
  volumes: z.array(mount).default([]),
});

export const composeConfig = z.looseObject({
  name: z.string(),
  services: z.record(z.string(), service),
  volumes: z.record(z.string(), z.looseObject({ name: z.string() })).default({}),
});
export type ComposeConfig = z.infer<typeof composeConfig>;
type Service = z.infer<typeof service>;

export function declaredServices(config: ComposeConfig, machine: MachineFacts): DeclaredService[] {
  return Object.entries(config.services).map(([name, declared]) => ({
    service: name,
    optional: declared.profiles.length > 0,
    facts: {
      ...factsOf(declared, machine),
      ...mountFacts(declared, config),
      ...environmentFacts(declared, machine),
    },
  }));
}

function factsOf(declared: Service, { imageId }: MachineFacts): Facts {
  const id = imageId(declared.image);
  return {
    // What ends by itself, and is not started again, has done its work.
    state: declared.restart === 'no' ? 'exited 0 or running' : 'running',
    image: declared.image,
    build: id ?? 'not on this machine',
    ...(declared.user === undefined ? {} : { user: declared.user }),
    ...(declared.command ? { command: declared.command.map(unescaped).join(' ') } : {}),
    restart: declared.restart,
    'root file system': declared.read_only ? 'read-only' : 'writable',
    memory: memoryWords(declared.mem_limit),
    privileged: String(declared.privileged),
    'capabilities dropped': listWords(declared.cap_drop),
    'capabilities added': listWords(declared.cap_add),
    'security options': listWords(declared.security_opt),
    ports: listWords(
      declared.ports.map(
        ({ host_ip: ip, published, target }) => `${ip || '0.0.0.0'}:${published}->${target}`,
      ),
    ),
  };
}

function mountFacts({ volumes }: Service, config: ComposeConfig): Facts {
  const facts = volumes
    .filter(({ type }) => type !== 'tmpfs')
    .map(({ type, source, target, read_only: isReadOnly }) => {
      const from = type === 'volume' ? (config.volumes[source]?.name ?? source) : source;
      return [`mount ${target}`, `${from}${isReadOnly ? ', read-only' : ''}`] as const;
    });
  const configurations = volumes
    .filter(({ type, read_only: isReadOnly }) => type === 'bind' && isReadOnly)
    .map(({ target }) => [`configuration ${target}`, IN_USE] as const);
  return Object.fromEntries([...facts, ...configurations]);
}

function environmentFacts({ environment }: Service, { digest }: MachineFacts): Facts {
  const facts = Object.entries(environment)
    .filter((entry): entry is [string, string] => entry[1] !== null)
    .map(([name, value]) => [`environment ${name}`, shownValue(name, unescaped(value), digest)] as const);
  return Object.fromEntries(facts);
}

/** Compose prints a dollar as two, so that its output can be read again. */
function unescaped(word: string): string {
  return word.replaceAll('$$', '$');
}
