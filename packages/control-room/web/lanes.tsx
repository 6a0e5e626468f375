/** Three lanes, one for each pipeline, with its stages from first to last. */
import type { Lane, Stage } from '../src/lanes.js';
import type { RoomState } from '../src/room.js';
import { StateIcon } from './icons.js';
import { Missing, Stale } from './panel.js';
import { commonFolder, secondsInWords, withClockTimes } from './words.js';

export function Lanes({ room }: { room: RoomState }) {
  return (
    <section class="lanes" aria-labelledby="pipelines">
      <h2 id="pipelines">Pipelines</h2>
      <p class="explain">
        Each lane is a real pipeline at work: its stages from first to last, what each one did and why, and
        the file to read.
      </p>
      <div class="columns">
        {room.lanes.map((lane) => (
          <LaneColumn key={lane.id} lane={lane} />
        ))}
      </div>
    </section>
  );
}

function LaneColumn({ lane }: { lane: Lane }) {
  const stages = lane.stages.kind === 'missing' ? [] : lane.stages.value;
  const folder = commonFolder(stages.map(({ file }) => file));
  return (
    <section class={`panel lane ${lane.id}`} aria-labelledby={lane.id}>
      <h3 id={lane.id}>{lane.title}</h3>
      <p class="explain">{lane.what}</p>
      {lane.stages.kind !== 'missing' && (
        <>
          <p class="standing">{lane.standing}</p>
          <div class="track" aria-hidden="true">
            {stages.map(({ name, state }) => (
              <i key={name} class={state} />
            ))}
          </div>
        </>
      )}
      {lane.stages.kind === 'missing' && <Missing toldBy={lane.toldBy} because={lane.stages.because} />}
      {lane.stages.kind === 'stale' && <Stale because={lane.stages.because} />}
      <ol class="stages">
        {stages.map((stage) => (
          <StageRow key={stage.name} stage={stage} folder={folder} />
        ))}
      </ol>
      {folder !== '' && (
        <p class="folder">
          Files in <code>{folder}</code>
        </p>
      )}
    </section>
  );
}

function StageRow({ stage, folder }: { stage: Stage; folder: string }) {
  const { name, state, because, file, seconds } = stage;
  return (
    <li class={`stage ${state}`}>
      {/* A new state is a new element, so that its entrance is animated. */}
      <span class="dot" key={state}>
        <StateIcon state={state} />
      </span>
      <p class="name">
        <strong>{name}</strong> <span class="state">{state}</span>
      </p>
      <span class="seconds">{seconds !== undefined && secondsInWords(seconds)}</span>
      <p class="because">{withClockTimes(because)}</p>
      <code class="file" title={file}>
        {file.slice(folder.length)}
      </code>
    </li>
  );
}
