/** The model in service, in four facts. */
import type { RoomState } from '../src/room.js';
import { countInWords } from './words.js';

type Monitor = Exclude<RoomState['monitor'], { kind: 'missing' }>['value'];

export function ModelFacts({ report, model }: { report: Monitor; model: RoomState['model'] }) {
  const { drift, performance, predictions } = report;
  return (
    <dl class="model-facts">
      <div>
        <dt>Model</dt>
        <dd>{model.kind === 'missing' ? model.because : modelInWords(model.value)}</dd>
      </div>
      <div>
        <dt>Drift</dt>
        <dd>
          {drift.verdict}: {drift.because}
        </dd>
      </div>
      <div>
        <dt>Performance</dt>
        <dd>{performance === null ? 'No flight has landed yet.' : performance.because}</dd>
      </div>
      <div>
        <dt>Predictions</dt>
        <dd>{countInWords(predictions)} since the start</dd>
      </div>
    </dl>
  );
}

function modelInWords({ version, backend }: { version: string; backend?: string | undefined }): string {
  return backend === undefined ? version : `${version}, computed on ${backend}`;
}
