/** Reach: is there a gateway to steer? Asked before anything is written down. */
import { reasonOf } from 'service-chassis/reason-of';
import { GatewayRefused } from '../../gateway.js';
import type { Gateway } from '../../gateway.js';

/** For whoever has none. */
export const START_ONE = 'start one: npm run demo, or npx devops gateway --embedded';

/**
 * @param admin where it is steered
 * @throws what to do, when none answers; what it said, when it refused
 */
export async function reachGateway(gateway: Gateway, admin: string): Promise<void> {
  try {
    await gateway.backends();
  } catch (error) {
    if (error instanceof GatewayRefused) throw error;
    const start = /^https?:/.test(admin) ? START_ONE : 'start it: docker compose up -d';
    throw new Error(`no gateway answers at ${admin} (${reasonOf(error)}); ${start}`, { cause: error });
  }
}
