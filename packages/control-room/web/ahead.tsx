/** Limits ahead and blind spots: what is about to run out, and where nobody can say. */
import type { BlindSpots } from '../src/blind-spots.js';
import type { LimitsAhead } from '../src/limits-ahead.js';
import type { RoomState } from '../src/room.js';
import { StateIcon } from './icons.js';
import { Meter } from './meter.js';
import { Panel } from './panel.js';
import { asSentence, clockTime, counted, percentInWords, withClockTimes } from './words.js';

export function Ahead({ room: { limits, blindSpots } }: { room: RoomState }) {
  return (
    <section class="ahead" aria-labelledby="ahead">
      <h2 id="ahead">Limits ahead and blind spots</h2>
      <div class="columns">
        <Panel
          id="limits"
          title="Limits ahead"
          explain="Resources that may be used up soon, and how probably. A forecast opens no incident: nobody suffers yet."
          toldBy="aiops"
          told={limits}
        >
          {(ahead) => <Limits ahead={ahead} />}
        </Panel>
        <Panel
          id="blind-spots"
          title="Blind spots"
          explain="What is wrong with the telemetry itself, and what therefore cannot be judged."
          toldBy="aiops"
          told={blindSpots}
        >
          {(spots) => <Spots spots={spots} />}
        </Panel>
      </div>
    </section>
  );
}

/** From here on aiops tells people. */
const PROBABLE = 0.8;

function Limits({ ahead: { inSight, watched, unknown, unknownBecause } }: { ahead: LimitsAhead }) {
  return (
    <>
      {inSight.length === 0 && watched > 0 && (
        <p class="empty">
          <StateIcon state="calm" /> No limit is in sight, for {counted(watched, 'watched resource')}.
        </p>
      )}
      {watched + unknown === 0 && <p class="empty">No forecast has been made yet.</p>}
      <ol class="entries">
        {inSight.map(({ signalId, service, title, probability, because }) => (
          <li key={signalId} class="entry">
            <p class="name">
              <strong>{service}</strong> <span class="state">{title}</span>
            </p>
            <b>{percentInWords(probability)} probable</b>
            <Meter share={probability} state={probability >= PROBABLE ? 'bad' : 'warn'} />
            <p class="because">{withClockTimes(because)}</p>
          </li>
        ))}
      </ol>
      {unknown > 0 && (
        <p class="empty">
          {counted(unknown, 'resource')} cannot be forecast yet: {asSentence(unknownBecause)}
        </p>
      )}
    </>
  );
}

function Spots({ spots: { findings, notJudged, reasons } }: { spots: BlindSpots }) {
  return (
    <>
      {findings.length === 0 && (
        <p class="empty">
          <StateIcon state="calm" /> Nothing is found to be wrong with the telemetry.
        </p>
      )}
      <ul class="entries">
        {findings.map(({ kind, source, since, because, notJudged }) => (
          <li key={kind + source} class="entry trouble">
            <StateIcon state="trouble" />
            <p class="name">
              <strong>{source}</strong> <span class="state">{kind.replaceAll('-', ' ')}</span>
            </p>
            <time dateTime={since}>since {clockTime(since)}</time>
            <p class="because">
              {asSentence(withClockTimes(because))} Not judged: {asSentence(notJudged)}
            </p>
          </li>
        ))}
      </ul>
      <h4>
        {notJudged === 0 ? 'Every signal can be judged' : `${counted(notJudged, 'signal')} cannot be judged`}
      </h4>
      <ul class="reasons">
        {reasons.map(({ because, signals, more }) => (
          <li key={because}>
            {withClockTimes(because)}: <code>{signals.join(', ')}</code>
            {more > 0 && ` and ${more} more`}
          </li>
        ))}
      </ul>
    </>
  );
}
