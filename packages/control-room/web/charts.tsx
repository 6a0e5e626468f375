/** The charts: what users of the board feel, and what the model says. */
import type { RoomState } from '../src/room.js';
import { LineChart } from './line-chart.js';
import { ModelFacts } from './model-facts.js';
import { Panel } from './panel.js';
import { Risk } from './risk.js';
import { Retraining } from './retraining.js';
import { percentInWords, secondsInWords } from './words.js';

const inRate = (value: number) => `${Number(value.toFixed(value >= 100 ? 0 : 1))}/s`;

export function Charts({ room: { charts, monitor, model, retraining } }: { room: RoomState }) {
  return (
    <section class="charts" aria-labelledby="signals">
      <h2 id="signals">Signals</h2>
      <p class="explain">
        The last ten minutes as aiops sees them. Point at a line, or focus a chart and use the arrow keys, to
        read a moment.
      </p>
      <div class="columns">
        <Panel
          id="rate"
          title="Requests"
          explain="How much is asked of the board and of the model in each second."
          toldBy="aiops"
          told={charts}
        >
          {({ rate }) => (
            <LineChart label="Requests per second" chart={rate} write={inRate} smallestTop={10} />
          )}
        </Panel>
        <Panel
          id="ratio"
          title="Errors and degraded answers"
          explain="The share of requests that failed, and of flights shown with a base rate because the model did not answer."
          toldBy="aiops"
          told={charts}
        >
          {({ ratio }) => (
            <LineChart label="Error ratios" chart={ratio} write={percentInWords} smallestTop={0.05} />
          )}
        </Panel>
        <Panel
          id="latency"
          title="Latency, 95th percentile"
          explain="Nineteen of twenty requests were answered faster than this."
          toldBy="aiops"
          told={charts}
        >
          {({ latency }) => (
            <LineChart label="Latency" chart={latency} write={secondsInWords} smallestTop={0.05} />
          )}
        </Panel>
        <Panel
          id="risk"
          title="Predicted risk of delay"
          explain="How the risks given now spread from 0 to 100 %, against what the model gave while it was tested."
          toldBy="model-server"
          told={monitor}
        >
          {({ riskHistogram }) => <Risk histogram={riskHistogram} />}
        </Panel>
        <Panel
          id="model"
          title="Model in service"
          explain="Which model answers, whether today's flights still look like those it was tested on, and how well it did on flights that have landed."
          toldBy="model-server"
          told={monitor}
        >
          {(report) => <ModelFacts report={report} model={model} />}
        </Panel>
        <Panel
          id="retraining"
          title="Retraining"
          explain="What made the system train another model, how that did beside the one in service, and what became of it. Times are the flights' own."
          toldBy="model-server"
          told={retraining}
        >
          {(attempts) => <Retraining attempts={attempts} />}
        </Panel>
      </div>
    </section>
  );
}
