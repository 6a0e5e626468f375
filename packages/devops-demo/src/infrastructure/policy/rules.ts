/** The rules of the policy: each looks at one workload and says what is wrong with it, or nothing. */
import type { Workload } from './workload.js';

export interface PolicyRule {
  readonly name: string;
  readonly refuses: (workload: Workload) => string | undefined;
}

const SECRET_NAME =
  /PASSWORD|PASSWD|PASSPHRASE|(?:^|_|PG|DB)PASS$|TOKEN|SECRET|CREDENTIAL|PRIVATE_?KEY|API_?KEY/i;
/** Names a file that holds it. */
const POINTER = /_?(?:FILE|PATH|DIR)$/i;
/** `--token=x`, `--token x`, `TOKEN=x` */
const OPTION = /^(?:--?)?([A-Za-z][\w-]*)(?:=(.*))?$/s;
const VARIABLE = /^\$/;
const PASSWORD_IN_URL = /:\/\/[^/\s:@]+:[^/\s@]+@/;
const ENGINE_SOCKET = /(?:docker|containerd|podman|crio)[^/]*\.sock$/;

export const RULES: readonly PolicyRule[] = [
  {
    name: 'no-root',
    refuses: ({ user }) =>
      user === 'ordinary'
        ? undefined
        : user === 'root'
          ? 'runs as root'
          : 'declares no user, so the image decides',
  },
  {
    name: 'memory-limit',
    refuses: ({ hasMemoryLimit }) =>
      hasMemoryLimit ? undefined : 'has no memory limit: a leak would take the whole machine',
  },
  { name: 'pinned-image', refuses: ({ image }) => unpinned(image) },
  {
    name: 'loopback-only',
    refuses: ({ openPorts }) =>
      openPorts.length === 0 ? undefined : `opens ${openPorts.join(', ')} beyond this machine`,
  },
  {
    name: 'no-plain-secret',
    refuses: ({ environment, command }) => plainSecret(environment) ?? secretInCommand(command),
  },
  {
    name: 'read-only-root',
    refuses: ({ hasReadOnlyRoot }) => (hasReadOnlyRoot ? undefined : 'may write to its own image'),
  },
  {
    name: 'no-privileges',
    refuses: ({ privileges }) => (privileges.length === 0 ? undefined : privileges.join(', ')),
  },
  {
    name: 'no-engine-socket',
    refuses({ hostMounts }) {
      const socket = hostMounts.find((path) => ENGINE_SOCKET.test(path));
      return socket === undefined ? undefined : `mounts ${socket}, which is root on this machine`;
    },
  },
  {
    name: 'no-host-path',
    refuses({ hostMounts }) {
      // What lies beside the declaration belongs to it.
      const path = hostMounts.find((path) => /^[/~]/.test(path) && !ENGINE_SOCKET.test(path));
      return path === undefined ? undefined : `mounts ${path} of the machine`;
    },
  },
];

function unpinned(image: string): string | undefined {
  if (image.includes('@sha256:')) return undefined;
  const tag = /:([^/:]+)$/.exec(image)?.[1];
  if (tag === undefined) return `uses ${image} without a tag`;
  return tag === 'latest' ? `uses ${image}, which changes without a change here` : undefined;
}

function plainSecret(environment: Readonly<Record<string, string>>): string | undefined {
  for (const [name, value] of Object.entries(environment)) {
    if (value === '') continue;
    if (SECRET_NAME.test(name) && !POINTER.test(name)) return `has the secret ${name} in plain text`;
    if (PASSWORD_IN_URL.test(value)) return `has a password in the address ${name}`;
  }
  return undefined;
}

function secretInCommand(command: readonly string[]): string | undefined {
  for (const [index, word] of command.entries()) {
    if (PASSWORD_IN_URL.test(word)) return 'has a password in an address of its command';
    const [, name = '', joined] = OPTION.exec(word) ?? [];
    const next =
      word.startsWith('-') && command[index + 1]?.startsWith('-') === false ? command[index + 1] : '';
    const value = joined ?? next ?? '';
    const isSecret = SECRET_NAME.test(name.replaceAll('-', '_')) && !POINTER.test(name);
    if (isSecret && value !== '' && !VARIABLE.test(value))
      return `has the secret ${name} in plain text in its command`;
  }
  return undefined;
}
