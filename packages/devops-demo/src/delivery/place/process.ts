/** The place that is released into: its gateway, its instances and its source of metrics, as the environment names them. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Environment } from '../environment/store.js';
import type { Gateway } from '../gateway.js';
import { embeddedGateway } from '../gateway/embedded.js';
import { haproxyGateway } from '../gateway/haproxy.js';
import { remembering } from '../gateway/remember/store.js';
import { askHaproxy } from '../gateway/socket.js';
import { createInstances } from '../instances/process.js';
import type { Instances } from '../instances/process.js';
import { residentKeepers, slotUrls } from '../instances/resident/process.js';
import { prometheusReadings } from '../watch/prometheus/server.js';
import type { ReadingsOf } from '../watch/server.js';

export interface ReleasePlace {
  readonly artifactsDir: string;
  readonly gateway: Gateway;
  readonly instances: Instances;
  /** Undefined: the versions themselves. */
  readonly readingsOf: ReadingsOf | undefined;
}

/** Name of the proxy in the HAProxy configuration. */
const HAPROXY_PROXY = 'board';
/** Read at HAProxy's start: docker-compose.yml hands its content over as PRIMARY. */
const PRIMARY_FILE = 'primary';

export function placeOf(stateDir: string, environment: Environment): ReleasePlace {
  const { BOARD_SLOTS, PROMETHEUS_URL } = environment;
  const artifactsDir = join(stateDir, 'artifacts');
  const options = { stateDir, artifactsDir, env: environment };
  const urls = BOARD_SLOTS === undefined ? undefined : slotUrls(BOARD_SLOTS);
  return {
    artifactsDir,
    gateway: gatewayAt(stateDir, environment, urls),
    instances:
      urls === undefined
        ? createInstances(options)
        : createInstances(options, residentKeepers(stateDir, urls)),
    readingsOf: PROMETHEUS_URL === undefined ? undefined : prometheusReadings(PROMETHEUS_URL),
  };
}

function gatewayAt(
  stateDir: string,
  { GATEWAY_ADMIN, TRIOPS_TOKEN = '' }: Environment,
  addresses: Readonly<Record<string, string>> | undefined,
): Gateway {
  if (/^https?:/.test(GATEWAY_ADMIN))
    return embeddedGateway({ adminUrl: GATEWAY_ADMIN, token: TRIOPS_TOKEN, fetch });
  const haproxy = haproxyGateway({
    proxy: HAPROXY_PROXY,
    ask: async (command) => askHaproxy(GATEWAY_ADMIN, command),
    pause: sleep,
    now: Date.now,
    ...(addresses === undefined ? {} : { addresses }),
  });
  return remembering(haproxy, join(stateDir, PRIMARY_FILE));
}
