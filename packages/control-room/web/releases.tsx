/** Releases and budgets: how fast and how safely changes arrive, and whether the next one may. */
import type { RoomState } from '../src/room.js';
import { MayRelease } from './budgets.js';
import { LatestDeployments } from './deployments.js';
import { Measures } from './measures.js';
import { Panel } from './panel.js';

export function Releases({ room }: { room: RoomState }) {
  return (
    <section class="releases" aria-labelledby="releases">
      <h2 id="releases">Releases and budgets</h2>
      <p class="explain">
        How fast and how safely changes of the flights API reach its users, and whether the next one may go
        out.
      </p>
      <div class="columns">
        <Panel
          id="measures"
          title="DORA's four measures"
          explain="From the audit log of deployments that really happened here, each with the cases it rests on."
          toldBy="flights-api"
          told={room.delivered}
        >
          {(delivered) => <Measures delivered={delivered} />}
        </Panel>
        <Panel
          id="budgets"
          title="Error budgets"
          explain="How many bad requests the objectives still allow in thirty days. An empty budget freezes releases."
          toldBy="flights-api"
          told={room.serviceLevel}
        >
          {(level) => <MayRelease level={level} tests={room.tests} />}
        </Panel>
        <Panel
          id="deployments"
          title="Last deployments"
          explain="Releases that met users: they took all the traffic, or were rolled back."
          toldBy="flights-api"
          told={room.delivered}
        >
          {({ latest }) => <LatestDeployments latest={latest} now={room.at} />}
        </Panel>
      </div>
    </section>
  );
}
