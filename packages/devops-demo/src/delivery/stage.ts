/** What every stage of the delivery says of itself, besides its own result. */
import type { StageState } from 'service-chassis';

export interface Stage {
  state: StageState;
  /** One sentence, with its numbers. */
  because: string;
}
