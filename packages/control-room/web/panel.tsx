/** A panel: a heading, one sentence that explains what is shown, and content that is fresh, old or not there yet. */
import type { ComponentChildren } from 'preact';
import type { Told } from '../src/hearing.js';
import { StateIcon } from './icons.js';
import { asSentence } from './words.js';

interface PanelProps<T> {
  id: string;
  title: string;
  explain: string;
  /** Who tells what is shown; named when nothing has been told yet. */
  toldBy: string;
  told: Told<T>;
  children: (value: T) => ComponentChildren;
}

export function Panel<T>({ id, title, explain, toldBy, told, children }: PanelProps<T>) {
  return (
    <section class={`panel ${id}`} aria-labelledby={id}>
      <h3 id={id}>{title}</h3>
      <p class="explain">{explain}</p>
      {told.kind === 'missing' && <Missing toldBy={toldBy} because={told.because} />}
      {told.kind === 'stale' && <Stale because={told.because} />}
      {told.kind !== 'missing' && children(told.value)}
    </section>
  );
}

export function Missing({ toldBy, because }: { toldBy: string; because: string }) {
  return (
    <p class="missing">
      <StateIcon state="starting" />
      <span>
        Waiting for {toldBy}: {asSentence(because)}
      </span>
    </p>
  );
}

export function Stale({ because }: { because: string }) {
  return (
    <p class="stale">
      <StateIcon state="stale" />
      <span>This is old: {asSentence(because)}</span>
    </p>
  );
}
