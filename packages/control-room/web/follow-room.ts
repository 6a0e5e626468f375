/**
 * Follows the stream of rooms, and says whether it flows.
 *
 * The browser reconnects by itself after a broken connection. It gives up when the answer is an error, as while the
 * control room restarts: then a new stream is opened after a pause. A stream that is open but silent counts as lost.
 */
import { useEffect, useState } from 'preact/hooks';
import type { RoomState } from '../src/room.js';

export type Connection = 'connecting' | 'live' | 'lost';

const REOPEN_AFTER_MS = 3_000;
/** The room comes once a second. */
const SILENT_AFTER_MS = 6_000;

export function useRoom(first: RoomState): { room: RoomState; connection: Connection } {
  const [room, setRoom] = useState(first);
  const [connection, setConnection] = useState<Connection>('connecting');
  useEffect(() => followRoom(setRoom, setConnection), []);
  return { room, connection };
}

/** Returns how to stop following. */
function followRoom(
  onRoom: (room: RoomState) => void,
  onConnection: (state: Connection) => void,
): () => void {
  let stream: EventSource;
  let reopen: ReturnType<typeof setTimeout> | undefined;
  let silence: ReturnType<typeof setTimeout> | undefined;

  function open(): void {
    stream = new EventSource('/events');
    stream.addEventListener('room', ({ data }: MessageEvent<string>) => {
      onRoom(JSON.parse(data) as RoomState);
      onConnection('live');
      clearTimeout(silence);
      silence = setTimeout(() => onConnection('lost'), SILENT_AFTER_MS);
    });
    stream.addEventListener('error', () => {
      onConnection('lost');
      if (stream.readyState === EventSource.CLOSED) reopen = setTimeout(open, REOPEN_AFTER_MS);
    });
  }

  open();
  return () => {
    clearTimeout(reopen);
    clearTimeout(silence);
    stream.close();
  };
}
