/** The top: what time it is in the replay, whether all parts are well, and whether this page is live. */
import type { Part } from '../src/health.js';
import type { RoomState } from '../src/room.js';
import type { Connection } from './follow-room.js';
import { Mark, StateIcon } from './icons.js';
import { ThemeChoice } from './theme.js';
import { asSentence, countInWords, percentInWords, simulatedInWords, speedInWords } from './words.js';

export function Top({ room, connection }: { room: RoomState; connection: Connection }) {
  return (
    <header class="top">
      <div class="bar">
        <h1>
          <Mark />
          Triops <span>control room</span>
        </h1>
        <nav aria-label="On this page">
          <a href="#pipelines">Pipelines</a>
          <a href="#signals">Signals</a>
          <a href="#incidents">Incidents</a>
          <a href="#logs">Logs</a>
          <a href="#ahead">Limits</a>
          <a href="#releases">Releases</a>
        </nav>
        <p class={`connection ${connection}`} role="status">
          <StateIcon state={connection} />
          {connectionWords[connection]}
        </p>
        <ThemeChoice />
      </div>
      <p class={`headline ${room.headline.state}`}>
        <StateIcon state={room.headline.state} />
        <span>
          {room.headline.text}
          {room.headline.state === 'incident' && (
            <>
              . <a href="#incidents">See why</a>
            </>
          )}
        </span>
      </p>
      <div class="overview">
        <Replay room={room} />
        <ul class="parts" aria-label="Health of each part">
          {room.parts.map((part) => (
            <PartHealth key={part.name} part={part} />
          ))}
        </ul>
      </div>
    </header>
  );
}

const connectionWords: Record<Connection, string> = {
  connecting: 'Connecting',
  live: 'Live',
  lost: 'Connection lost, trying again',
};

function Replay({ room: { replay, board } }: { room: RoomState }) {
  if (replay.kind === 'missing') {
    return (
      <div class="replay">
        <p class="clock unknown">No flights yet</p>
        <p class="day">The clock starts with the replay of real flights. Now: {asSentence(replay.because)}</p>
      </div>
    );
  }
  const { simulatedTime, speed, flights, outcomes, state, because } = replay.value;
  const { day, time } = simulatedInWords(simulatedTime);
  return (
    <div class="replay">
      <p class="clock">
        <span class="unseen">Simulated time </span>
        <time dateTime={simulatedTime}>{time}</time> <small>UTC</small>
      </p>
      <p class="day">
        {day}, {speedInWords(speed)}
        {(replay.kind === 'stale' || state !== 'replaying') && (
          <span class="aside">
            {' '}
            ({replay.kind === 'stale' ? `old: ${replay.because}` : `${state}: ${because}`})
          </span>
        )}
      </p>
      <dl class="facts">
        <Fact name="flights replayed" value={countInWords(flights)} />
        <Fact name="landed" value={countInWords(outcomes)} />
        <Fact name="speed" value={`${countInWords(speed)}×`} />
        {board.kind !== 'missing' && (
          <Fact
            name="on base rate since the start"
            value={percentInWords(board.value.degraded / Math.max(1, board.value.flights))}
          />
        )}
      </dl>
    </div>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function PartHealth({ part }: { part: Part }) {
  return (
    <li class={`part ${part.state.replace(' ', '-')}`}>
      <p class="name">
        <StateIcon state={part.state} />
        <strong>{part.name}</strong> <span class="state">{part.state}</span>
      </p>
      <p class="because">{part.state === 'ready' ? describe(part) : part.because}</p>
    </li>
  );
}

function describe({ role, version }: Part): string {
  return version === null ? role : `${role}, version ${version}`;
}
