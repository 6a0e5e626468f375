/**
 * HAProxy as the gateway, through its runtime API.
 *
 * in: Backend[] → out: commands like `set weight board/blue 95`
 *
 * Rule: the configuration has one proxy whose servers are slots, named as the backends are (`blue`, `green`). Servers that get weight
 * are set up first, and only then are the others put into maintenance or drained, so that there is no instant without a server. Waits
 * until the sessions of servers without weight have ended.
 * When it misleads: HAProxy forgets runtime changes when it restarts. It then names every server of its configuration, each with the weight
 * that stands there, whichever of them serves; who that is stands in a file (remember/store.ts).
 * Source: HAProxy 2.6 management guide, 9.3 "Unix Socket commands": `set server`, `show servers state`, `show stat` (2022).
 *
 *   commandsFor('board', ['blue', 'green'], [{ name: 'blue', url: 'http://127.0.0.1:4001', weight: 100 }])
 *   // ['set server board/blue addr 127.0.0.1 port 4001', 'set weight board/blue 100', 'set server board/blue state ready',
 *   //  'set server board/green state maint']
 */
import { checkBackends } from '../gateway.js';
import type { Backend, Gateway } from '../gateway.js';
import { untilIdle } from './drain.js';
import type { Lease } from './lease.js';

export interface HaproxyOptions {
  /** Name of the proxy in the configuration. */
  readonly proxy: string;
  /** Sends one command and reads its answer. */
  readonly ask: (command: string) => Promise<string>;
  readonly pause: (ms: number) => Promise<unknown>;
  /** Where the configuration itself says that the slots are, by name; without it addresses are set as well. */
  readonly addresses?: Readonly<Record<string, string>>;
  /** Milliseconds since 1970, as HAProxy's own clock tells them. */
  readonly now: () => number;
}

interface Server {
  name: string;
  address: string;
  port: string;
  weight: number;
  inMaintenance: boolean;
}

export function haproxyGateway({ proxy, ask, pause, addresses, now }: HaproxyOptions): Gateway {
  const servers = async () => parseServers(await ask(`show servers state ${proxy}`));

  async function areIdle(names: readonly string[]): Promise<boolean> {
    const sessions = parseStat(await ask(`show stat ${proxy} 4 -1`), 'scur');
    return names.every((name) => (sessions.get(name) ?? 0) === 0);
  }

  return {
    async backends() {
      return (await servers())
        .filter(({ inMaintenance }) => !inMaintenance)
        .map(({ name, address, port, weight }) => ({
          name,
          url: addresses?.[name] ?? `http://${address}:${port}`,
          weight,
        }));
    },
    unanswered: async () => parseStat(await ask(`show stat ${proxy} 4 -1`), 'eresp'),
    async setBackends(backends, lease) {
      checkBackends(backends, lease);
      const slots = (await servers()).map(({ name }) => name);
      const shares = commandsFor(proxy, slots, backends);
      const leased = leaseCommands(lease, now());
      // Whoever is killed between two commands leaves no share that nobody ends.
      const commands = lease === undefined ? [...shares, ...leased] : [...leased, ...shares];
      for (const command of addresses === undefined ? commands : commands.filter(setsNoAddress))
        refuseComplaint(command, await ask(command));
      const weights = new Map(backends.map(({ name, weight }) => [name, weight]));
      const left = slots.filter((slot) => (weights.get(slot) ?? 0) === 0);
      await untilIdle(async () => areIdle(left), pause);
    },
  };
}

/** @throws when a backend has no slot of its name. */
export function commandsFor(proxy: string, slots: readonly string[], backends: readonly Backend[]): string[] {
  const unknown = backends.find(({ name }) => !slots.includes(name));
  if (unknown !== undefined) {
    throw new Error(`setBackends: expected one of the slots ${slots.join(', ')}, got ${unknown.name}`);
  }
  const byFallingWeight = [...backends].sort((a, b) => b.weight - a.weight);
  const unused = slots.filter((slot) => !backends.some(({ name }) => name === slot));
  return [
    ...byFallingWeight.flatMap(({ name, url, weight }) => {
      const { hostname, port } = new URL(url);
      const server = `${proxy}/${name}`;
      return [
        `set server ${server} addr ${hostname} port ${port}`,
        `set weight ${server} ${weight}`,
        `set server ${server} state ready`,
      ];
    }),
    ...unused.map((slot) => `set server ${proxy}/${slot} state maint`),
  ];
}

/** Names are resolved by HAProxy alone: its runtime API takes addresses only. */
const setsNoAddress = (command: string) => !/^set server \S+ addr /.test(command);

/** The configuration's `use-server` rules obey these variables; HAProxy calls setting them experimental. */
export function leaseCommands(lease: Lease | undefined, nowMs: number): string[] {
  const set = (name: string, value: string) => `experimental-mode on; set var proc.${name} ${value}`;
  if (lease === undefined) return [set('lease_until', 'int(0)')];
  const until = Math.ceil(nowMs / 1_000 + lease.seconds);
  return [set('lease_to', `str(${lease.fallback})`), set('lease_until', `int(${until})`)];
}

/** The answer to a command that worked is empty, or tells what was changed. */
function refuseComplaint(command: string, answer: string): void {
  const said = answer.trim();
  if (said === '' || /changed|no need to change|nothing changed/i.test(said)) return;
  throw new Error(`setBackends: HAProxy refused "${command}": ${said}`);
}

/** Bits of `srv_admin_state`: forced, inherited, by DNS. Bit 4 only remembers that the configuration said `disabled`. */
const ANY_MAINTENANCE = 0x01 | 0x02 | 0x20;

function parseServers(text: string): Server[] {
  return table(text.replace(/^\d+\n/, ''), ' ').map((row) => ({
    name: row['srv_name'] ?? '',
    address: row['srv_addr'] ?? '',
    port: row['srv_port'] ?? '',
    weight: Number(row['srv_uweight']),
    inMaintenance: (Number(row['srv_admin_state']) & ANY_MAINTENANCE) !== 0,
  }));
}

/** Sessions that are open now, or response errors so far: what was sent to a server and timed out or broke off. */
function parseStat(text: string, column: 'scur' | 'eresp'): Map<string, number> {
  return new Map(table(text, ',').map((row) => [row['svname'] ?? '', Number(row[column])]));
}

/** A table whose first line begins with "# " and names the columns. */
function table(text: string, separator: string): Record<string, string>[] {
  const [head = '', ...lines] = text.trim().split('\n');
  const columns = head.replace(/^# /, '').split(separator);
  return lines.map((line) => {
    const values = line.split(separator);
    return Object.fromEntries(columns.map((column, at) => [column, values[at] ?? '']));
  });
}
