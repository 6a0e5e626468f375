/** Ports: which of the wanted ones are taken, and free ones where any will do. Loopback only. */
import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { portsFrom } from '../system.js';
import type { PartName } from '../system.js';

type Ports = Record<PartName, number>;
export type PortsOutcome = { kind: 'free'; ports: Ports } | { kind: 'taken'; because: string };

const ASK_AGAIN_MS = 250;
/** Below the ports that systems give to outgoing connections (Linux: from 32768), so that none is taken before its part starts. */
const FIRST_ANY_PORT = 12_000;
const LAST_ANY_PORT = 32_000;
const MOST_TRIES = 100;

export async function claimPorts(base: number, patienceMs = 0): Promise<PortsOutcome> {
  const ports = base === 0 ? await anyPorts() : portsFrom(base);
  for (let waited = 0; ; waited += ASK_AGAIN_MS) {
    const taken = await takenPorts(ports);
    if (taken.length === 0) return { kind: 'free', ports };
    if (waited >= patienceMs) return { kind: 'taken', because: explain(taken) };
    await sleep(ASK_AGAIN_MS);
  }
}

function explain(taken: readonly (readonly [PartName, number])[]): string {
  const list = taken.map(([part, port]) => `${port} (for ${part})`).join(', ');
  const ports = taken.length === 1 ? `Port ${list} is` : `Ports ${list} are`;
  return `${ports} taken by another program. Stop it, or use other ports: npm run demo -- --ports 18080`;
}

async function takenPorts(ports: Ports): Promise<(readonly [PartName, number])[]> {
  const taken: (readonly [PartName, number])[] = [];
  for (const [part, port] of Object.entries(ports) as [PartName, number][]) {
    if (port !== 0 && (await tryPort(port)) === undefined) taken.push([part, port]);
  }
  return taken;
}

async function anyPorts(): Promise<Ports> {
  const ports = portsFrom(1);
  const held = [];
  for (const part of Object.keys(ports) as PartName[]) {
    if (ports[part] === 0) continue;
    const listener = await holdAnyPort();
    ports[part] = listener.port;
    held.push(listener);
  }
  // Held until all are chosen, so that no port is chosen twice.
  for (const listener of held) await listener.release();
  return ports;
}

async function holdAnyPort(): Promise<HeldPort> {
  for (let tried = 0; tried < MOST_TRIES; tried += 1) {
    const listener = await holdPort(randomInt(FIRST_ANY_PORT, LAST_ANY_PORT));
    if (listener !== undefined) return listener;
  }
  throw new Error(`claimPorts: none of ${MOST_TRIES} ports was free`);
}

async function tryPort(port: number): Promise<number | undefined> {
  const listener = await holdPort(port);
  await listener?.release();
  return listener?.port;
}

interface HeldPort {
  readonly port: number;
  release(): Promise<void>;
}

async function holdPort(port: number): Promise<HeldPort | undefined> {
  const server = createServer();
  const listening = await new Promise<boolean>((settle) => {
    server.once('error', () => settle(false));
    server.listen(port, '127.0.0.1', () => settle(true));
  });
  if (!listening) return undefined;
  return {
    port,
    async release() {
      await new Promise((closed) => server.close(closed));
    },
  };
}
