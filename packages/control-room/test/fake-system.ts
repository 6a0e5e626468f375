/** The control room on port 0, watching four fake parts. */
import { createLogger } from 'service-chassis';
import { startControlRoom } from '../src/index.js';
import type { RoomState } from '../src/index.js';
import { partNames } from '../src/parts.js';
import type { PartName } from '../src/parts.js';
import { startFakePart } from './fake-part.js';
import type { FakeAnswer, FakePart } from './fake-part.js';
import { answerOf } from './fake-world.js';
import type { FakeWorld, Phase } from './fake-world.js';
import { readEvents } from './read-events.js';

export interface FakeSystem {
  url: string;
  world: FakeWorld;
  parts: Record<PartName, FakePart>;
  logLines: string[];
  room(): Promise<RoomState>;
  /** Waits until the room is as wished; the test's own timeout ends the wait. */
  roomWhere(is: (room: RoomState) => boolean): Promise<RoomState>;
  closeRoom(): Promise<void>;
  /** Starts the control room again, where it was. */
  reopenRoom(): Promise<void>;
  close(): Promise<void>;
}

/** `insteadOf`: answers instead of the world's, by part and path, as `aiops /readyz`. */
export async function startFakeSystem(
  phase: Phase,
  timing: { roundMs?: number; timeoutMs?: number } = { roundMs: 50, timeoutMs: 400 },
  insteadOf: Record<string, FakeAnswer> = {},
): Promise<FakeSystem> {
  const world: FakeWorld = { phase, now: Date.now };
  const instead = new Map(Object.entries(insteadOf));
  const entries = await Promise.all(
    partNames.map(async (part) => {
      const fake = await startFakePart(
        (path) => instead.get(`${part} ${path}`) ?? answerOf(world, part, path),
      );
      return [part, fake] as const;
    }),
  );
  const parts = Object.fromEntries(entries) as Record<PartName, FakePart>;
  const urls = Object.fromEntries(entries.map(([part, { url }]) => [part, url])) as Record<PartName, string>;
  const logLines: string[] = [];
  const logger = createLogger({
    service: 'control-room',
    stream: { write: (line) => void logLines.push(line) },
  });
  const options = { host: '127.0.0.1', urls, logger, ...timing };
  let controlRoom = await startControlRoom({ ...options, port: 0 });

  async function room(): Promise<RoomState> {
    const response = await fetch(`${controlRoom.url}/v1/room`);
    return (await response.json()) as RoomState;
  }
  return {
    url: controlRoom.url,
    world,
    parts,
    logLines,
    room,
    async roomWhere(is) {
      for await (const event of readEvents(`${controlRoom.url}/events`)) {
        const seen = JSON.parse(event.data) as RoomState;
        if (is(seen)) return seen;
      }
      throw new Error('roomWhere: expected a room as wished, got the end of the stream');
    },
    closeRoom: async () => controlRoom.close(),
    async reopenRoom() {
      controlRoom = await startControlRoom({ ...options, port: controlRoom.port });
    },
    async close() {
      await controlRoom.close();
      await Promise.all(Object.values(parts).map(async (part) => part.close()));
    },
  };
}
