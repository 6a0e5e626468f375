/** `devops status`: the delivery pipeline of a running board. */
import type { PipelineReport } from 'service-chassis';
import { messageOf } from 'service-chassis/reason-of';
import { DEFAULT_URL } from '../options.js';
import type { Options } from '../options.js';

const STATUS_TIMEOUT_MS = 5_000;
const NAME_WIDTH = 14;
const STATE_WIDTH = 9;

export async function statusCommand({ url = DEFAULT_URL }: Options): Promise<number> {
  const address = `${url.replace(/\/$/, '')}/v1/delivery`;
  try {
    const response = await fetch(address, { signal: AbortSignal.timeout(STATUS_TIMEOUT_MS) });
    if (!response.ok) throw new Error(`it answered ${response.status}`);
    const { stages } = (await response.json()) as PipelineReport;
    for (const { name, state, because } of stages)
      console.log(`${name.padEnd(NAME_WIDTH)}${state.padEnd(STATE_WIDTH)}${because}`);
    return stages.some((stage) => stage.state === 'failed') ? 1 : 0;
  } catch (error) {
    console.error(`devops status: cannot read ${address}: ${messageOf(error)}`);
    return 1;
  }
}
