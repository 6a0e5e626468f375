/** Incidents: what is wrong, what most likely causes it, why that is believed, and what happened when. */
import type { Incident, RoomState } from '../src/room.js';
import { StateIcon } from './icons.js';
import { Panel } from './panel.js';
import { agoInWords, clockTime, secondsInWords, withClockTimes } from './words.js';

export function Incidents({ room }: { room: RoomState }) {
  return (
    <>
      <Panel
        id="incidents"
        title="Open incidents"
        explain="Anomalies that belong together are one incident; the part at the top of the list most likely causes it."
        toldBy="aiops"
        told={room.openIncidents}
      >
        {(incidents) =>
          incidents.length === 0 ? (
            <p class="empty">
              <StateIcon state="calm" /> No incident is open.
            </p>
          ) : (
            incidents.map((incident) => <OpenIncident key={incident.id} incident={incident} now={room.at} />)
          )
        }
      </Panel>
      <Panel
        id="closed"
        title="Recently closed"
        explain="Incidents whose signals are back to normal; open one to see its causes and timeline."
        toldBy="aiops"
        told={room.closedIncidents}
      >
        {(incidents) =>
          incidents.length === 0 ? (
            <p class="empty">None so far.</p>
          ) : (
            incidents.map((incident) => <ClosedIncident key={incident.id} incident={incident} />)
          )
        }
      </Panel>
    </>
  );
}

function OpenIncident({ incident, now }: { incident: Incident; now: string }) {
  return (
    <article class="incident open">
      <h4>
        <StateIcon state="incident" />
        {incident.title}
      </h4>
      <p class="when">
        Opened at {clockTime(incident.openedAt)}, {agoInWords(incident.openedAt, now)}
      </p>
      <Findings incident={incident} />
    </article>
  );
}

function ClosedIncident({ incident }: { incident: Incident }) {
  const { title, openedAt, closedAt } = incident;
  const seconds = typeof closedAt !== 'string' ? null : (Date.parse(closedAt) - Date.parse(openedAt)) / 1_000;
  return (
    <details class="incident">
      <summary>
        <strong>{title}</strong>{' '}
        <span class="when">
          {clockTime(openedAt)}
          {seconds !== null && `, lasted ${secondsInWords(seconds)}`}
        </span>
      </summary>
      <Findings incident={incident} />
    </details>
  );
}

function Findings({ incident: { causes, signals, timeline } }: { incident: Incident }) {
  const highest = Math.max(...causes.map(({ score }) => score), Number.MIN_VALUE);
  return (
    <>
      <h5>Likely causes, most likely first</h5>
      {causes.length === 0 && <p class="empty">No cause has been found yet.</p>}
      <ol class="causes">
        {causes.map(({ service, score, evidence }) => (
          <li key={service}>
            <p class="cause" style={{ '--share': String(Math.max(0, score / highest)) }}>
              <strong>{service}</strong> <span class="score">{score.toFixed(2)}</span>
            </p>
            <ul class="evidence">
              {evidence.map((sentence) => (
                <li key={sentence}>{withClockTimes(sentence)}</li>
              ))}
            </ul>
          </li>
        ))}
      </ol>
      <h5>Timeline</h5>
      <ol class="timeline">
        {timeline.map(({ at, what }) => (
          <li key={at + what}>
            <time dateTime={at}>{clockTime(at)}</time> <span>{withClockTimes(what)}</span>
          </li>
        ))}
      </ol>
      {signals.length > 0 && (
        <p class="signals">
          Signals:{' '}
          {signals.map((signal) => (
            <code key={signal}>{signal}</code>
          ))}
        </p>
      )}
    </>
  );
}

/** For those who do not see the page: says when an incident opens or the last one closes. */
export function Announcer({ room: { openIncidents } }: { room: RoomState }) {
  const titles = openIncidents.kind === 'missing' ? [] : openIncidents.value.map(({ title }) => title);
  return (
    <p class="unseen" role="alert" aria-live="assertive">
      {titles.length > 0 && `Open incidents: ${titles.join('; ')}`}
    </p>
  );
}
