/** The page, top to bottom. */
import type { RoomState } from '../src/room.js';
import { Ahead } from './ahead.js';
import { useRoom } from './follow-room.js';
import { Announcer, Incidents } from './incidents.js';
import { Lanes } from './lanes.js';
import { Logs } from './logs.js';
import { Charts } from './charts.js';
import { Releases } from './releases.js';
import { Top } from './top.js';

export function App({ first }: { first: RoomState }) {
  const { room, connection } = useRoom(first);
  return (
    <>
      <a class="skip" href="#main">
        Skip to the pipelines
      </a>
      <Top room={room} connection={connection} />
      <main id="main" tabIndex={-1}>
        <Lanes room={room} />
        <Charts room={room} />
        <section class="findings" aria-labelledby="findings">
          <h2 id="findings">What aiops makes of it</h2>
          <Incidents room={room} />
          <Logs room={room} />
        </section>
        <Ahead room={room} />
        <Releases room={room} />
      </main>
      <Announcer room={room} />
      <footer>
        <p>
          Real flights of 2001, replayed. The same snapshot as JSON: <a href="/v1/room">/v1/room</a>. The
          control room&rsquo;s API: <a href="/docs">/docs</a>.
        </p>
      </footer>
    </>
  );
}
