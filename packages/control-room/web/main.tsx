/** Starts the page: draws the snapshot the server sent along, then follows the stream. */
import { render } from 'preact';
import type { RoomState } from '../src/room.js';
import { App } from './app.js';
import { applyTheme, chosenTheme } from './theme.js';
import 'uplot/dist/uPlot.min.css';
import './styles/tokens.css';
import './styles/page.css';
import './styles/panels.css';
import './styles/entries.css';

const root = document.querySelector('#app');
const snapshot = document.querySelector('#snapshot')?.textContent;
if (root === null || snapshot === undefined) throw new Error('main: expected #app and #snapshot, got none');

applyTheme(chosenTheme());
root.replaceChildren();
render(<App first={JSON.parse(snapshot) as RoomState} />, root);
