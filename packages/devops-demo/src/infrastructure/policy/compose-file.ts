/**
 * The workloads of a compose or stack file, read as it stands: no engine is asked.
 *
 * in: text of the file → out: Workload[]
 *
 * Rule: `${NAME:-default}` counts as its default, for that is what an empty environment gives.
 * When it misleads: `extends` and `include` are not followed; a file that uses them is refused as a whole.
 * Source: https://github.com/compose-spec/compose-spec/blob/main/05-services.md
 */
import { parse } from 'yaml';
import { z } from 'zod';
import { isLimit } from './workload.js';
import type { Workload } from './workload.js';

const port = z.union([
  z.number(),
  z.string(),
  z.looseObject({
    target: z.number(),
    published: z.union([z.number(), z.string()]).optional(),
    host_ip: z.string().optional(),
  }),
]);
const volume = z.union([z.string(), z.looseObject({ type: z.string(), source: z.string().optional() })]);
const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const words = z.union([z.string(), z.array(z.string()), z.null()]);
const size = z.union([z.string(), z.number()]);

const service = z.looseObject({
  image: z.string().optional(),
  user: z.union([z.string(), z.number()]).optional(),
  mem_limit: size.optional(),
  deploy: z
    .looseObject({
      resources: z.looseObject({ limits: z.looseObject({ memory: size.optional() }).optional() }).optional(),
    })
    .optional(),
  read_only: z.boolean().optional(),
  privileged: z.boolean().optional(),
  cap_add: z.array(z.string()).optional(),
  cap_drop: z.array(z.string()).optional(),
  security_opt: z.array(z.string()).optional(),
  network_mode: z.string().optional(),
  pid: z.string().optional(),
  ports: z.array(port).optional(),
  command: words.optional(),
  entrypoint: words.optional(),
  environment: z.union([z.record(z.string(), scalar), z.array(z.string())]).optional(),
  volumes: z.array(volume).optional(),
  extends: z.never({ error: 'the policy does not follow extends' }).optional(),
});
const file = z.looseObject({
  include: z.never({ error: 'the policy does not follow include' }).optional(),
  services: z.record(z.string(), service),
});
type Service = z.infer<typeof service>;

const LOOPBACK = /^(?:127\.|\[?::1\]?$|localhost$)/;

export function workloadsOfCompose(text: string, name: string): Workload[] {
  const { services } = file.parse(parse(withDefaults(text), { merge: true }));
  return Object.entries(services).map(([service, declared]) => workloadOf(`${name}: ${service}`, declared));
}

function withDefaults(text: string): string {
  return text.replaceAll(/\$\{\w+(?::?-([^}]*))?\}/g, (_, value: string | undefined) => value ?? '');
}

function workloadOf(name: string, declared: Service): Workload {
  return {
    name,
    image: declared.image ?? '',
    user: userOf(declared.user),
    hasMemoryLimit: isLimit(declared.mem_limit ?? declared.deploy?.resources?.limits?.memory),
    hasReadOnlyRoot: declared.read_only === true,
    privileges: privilegesOf(declared),
    openPorts: openPortsOf(declared),
    environment: environmentOf(declared.environment),
    command: [...wordsOf(declared.entrypoint), ...wordsOf(declared.command)],
    hostMounts: (declared.volumes ?? []).map(sourceOf).filter((source) => /^[/.~]/.test(source)),
  };
}

function wordsOf(command: z.infer<typeof words> | undefined): string[] {
  return typeof command === 'string' ? command.split(/\s+/) : (command ?? []);
}

function userOf(user: string | number | undefined): Workload['user'] {
  if (user === undefined || user === '') return 'undeclared';
  return /^(?:0|root)(?::|$)/.test(String(user)) ? 'root' : 'ordinary';
}

function privilegesOf({
  privileged,
  cap_add: added = [],
  cap_drop: dropped = [],
  ...rest
}: Service): string[] {
  const locked = (rest.security_opt ?? []).some((option) => /^no-new-privileges(?:[:=]true)?$/.test(option));
  return [
    privileged === true ? 'is privileged' : undefined,
    dropped.includes('ALL') ? undefined : 'keeps the capabilities that the engine gives',
    added.length > 0 ? `adds the capabilities ${added.join(' ')}` : undefined,
    locked ? undefined : 'may gain privileges (no no-new-privileges)',
    rest.pid === 'host' ? "sees the machine's processes" : undefined,
  ].filter((each) => each !== undefined);
}

function openPortsOf({ network_mode: network, ports = [] }: Service): string[] {
  if (network === 'host') return ["the machine's whole network"];
  return ports.flatMap((each) => {
    if (typeof each === 'object')
      return LOOPBACK.test(each.host_ip ?? '') ? [] : [`port ${each.published ?? each.target}`];
    return LOOPBACK.test(String(each)) ? [] : [`port ${each}`];
  });
}

function environmentOf(environment: Service['environment'] = {}): Record<string, string> {
  const pairs = Array.isArray(environment)
    ? environment.map((pair) => [pair.split('=')[0] ?? '', pair.split('=').slice(1).join('=')] as const)
    : Object.entries(environment).map(
        ([name, value]) => [name, value === null ? '' : String(value)] as const,
      );
  return Object.fromEntries(pairs);
}

function sourceOf(each: z.infer<typeof volume>): string {
  return typeof each === 'string' ? (each.split(':')[0] ?? '') : (each.source ?? '');
}
