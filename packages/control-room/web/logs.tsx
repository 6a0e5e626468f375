/** Log templates: thousands of lines read as a few patterns. */
import { useState } from 'preact/hooks';
import type { RoomState, Template } from '../src/room.js';
import { Panel } from './panel.js';
import { agoInWords, countInWords } from './words.js';

const SHOWN_AT_FIRST = 10;

export function Logs({ room }: { room: RoomState }) {
  return (
    <Panel
      id="logs"
      title="Log templates"
      explain="Lines that differ only in their values are one template; <*> stands for the values."
      toldBy="aiops"
      told={room.templates}
    >
      {(templates) => <TemplateTable templates={templates} now={room.at} />}
    </Panel>
  );
}

function TemplateTable({ templates, now }: { templates: Template[]; now: string }) {
  const [all, setAll] = useState(false);
  if (templates.length === 0) return <p class="empty">No log line has arrived yet.</p>;
  const most = Math.max(...templates.map(({ count }) => count));
  const shown = all ? templates : templates.slice(0, SHOWN_AT_FIRST);
  return (
    <>
      <table>
        <thead>
          <tr>
            <th scope="col" class="number">
              Lines
            </th>
            <th scope="col">Template</th>
            <th scope="col">From</th>
            <th scope="col">Last seen</th>
          </tr>
        </thead>
        <tbody>
          {shown.map(({ id, count, template, services, lastSeen }) => (
            <tr key={id}>
              <td class="number" style={{ '--share': String(count / most) }}>
                {countInWords(count)}
              </td>
              <td class="template">
                <code>{withHoles(template)}</code>
              </td>
              <td class="from">{services.join(', ')}</td>
              <td class="seen">{agoInWords(lastSeen, now)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {templates.length > SHOWN_AT_FIRST && (
        <button type="button" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? `Show the first ${SHOWN_AT_FIRST}` : `Show all ${templates.length}`}
        </button>
      )}
    </>
  );
}

/** The places of values are set apart from the fixed words: `<*>`, or a named mask such as `<number>`. */
function withHoles(template: string) {
  return template
    .split(/(<[^<> ]{1,20}>)/)
    .map((piece, index) => (index % 2 === 1 ? <mark key={index}>{piece}</mark> : piece));
}
