/**
 * First screen: what a browser shows before the page's program runs, and instead of it where there is none.
 *
 * in: RoomState → out: HTML. It says what is starting and how far each pipeline is, in plain words. The same
 * snapshot goes along as JSON, so the program draws everything at once and does not wait for the stream.
 */
import type { Lane } from './lanes.js';
import type { RoomState } from './room.js';

const SCREEN_MARK = '<!--first-screen-->';
const SNAPSHOT_MARK = '<!--snapshot-->';

/** @throws when the built page has lost one of its marks. */
export function withFirstScreen(html: string, room: RoomState): string {
  for (const mark of [SCREEN_MARK, SNAPSHOT_MARK]) {
    if (!html.includes(mark)) throw new Error(`withFirstScreen: expected ${mark} in the page, got none`);
  }
  return html
    .replace(SCREEN_MARK, () => firstScreen(room))
    .replace(
      SNAPSHOT_MARK,
      () => `<script type="application/json" id="snapshot">${jsonForHtml(room)}</script>`,
    );
}

function firstScreen(room: RoomState): string {
  const parts = room.parts.map(
    ({ name, role, state, because }) =>
      `<li><strong>${escaped(name)}</strong>, the ${escaped(role)}: ${state} (${escaped(because)})</li>`,
  );
  return `<main class="first-screen">
<h1>Triops control room</h1>
<p class="lead">${escaped(room.headline.text)}</p>
<h2>Parts</h2>
<ul>${parts.join('')}</ul>
<h2>Pipelines</h2>
${room.lanes.map(laneText).join('\n')}
<noscript><p>This page moves with JavaScript. Without it, reload to see the latest state.</p></noscript>
</main>`;
}

function laneText({ title, what, standing, stages }: Lane): string {
  const items =
    stages.kind === 'missing'
      ? `<li>${escaped(stages.because)}</li>`
      : stages.value
          .map((stage) => `<li>${escaped(`${stage.name}: ${stage.state}, ${stage.because}`)}</li>`)
          .join('');
  return `<h3>${title}: ${escaped(standing)}</h3><p>${escaped(what)}</p><ol>${items}</ol>`;
}

/** @example escaped('<*> & "a"') // '&lt;*&gt; &amp; &quot;a&quot;' */
export function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** Without `<` no text inside the JSON can end the script element. */
function jsonForHtml(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', String.raw`\u003c`);
}
