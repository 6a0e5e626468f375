/** What `devops gateway` is told by its environment. */
import { messageOf } from 'service-chassis/reason-of';
import type { Environment } from '../../delivery/environment/store.js';
import { WrongUsage } from '../wrong-usage.js';

type Variables = Readonly<Record<string, string | undefined>>;

const HIGHEST_PORT = 65_535;
/** What the board may be told, where this program was told it. */
const PASSED_ON = ['MODEL_SERVER_URL', 'OTLP_LOGS_URL', 'TRIOPS_FAULTS', 'AIOPS_URL'] as const;

/** @throws WrongUsage */
export function portOf(variables: Variables, variable: string, otherwise: string): number {
  const said = variables[variable] ?? otherwise;
  const port = /^\d+$/.test(said) ? Number(said) : Infinity;
  if (port > HIGHEST_PORT)
    throw new WrongUsage(`${variable}: expected a port from 0 to ${HIGHEST_PORT}, got ${said}`);
  return port;
}

export function environmentOf(
  variables: Variables,
  databaseUrl: string,
  adminUrl: string,
  token: string,
): Environment {
  const passed = PASSED_ON.flatMap((name) => {
    const value = variables[name];
    return value === undefined ? [] : [[name, value]];
  });
  return {
    DATABASE_URL: databaseUrl,
    GATEWAY_ADMIN: adminUrl,
    TRIOPS_TOKEN: token,
    ...(Object.fromEntries(passed) as Partial<Environment>),
  };
}

/** The message, and what chooses another port where one of them is taken. */
export function withFix(error: unknown, ports: Readonly<Record<string, number>>): string {
  const message = messageOf(error);
  const taken = takenPort(error);
  const variable = Object.keys(ports).find((name) => ports[name] === taken);
  return variable === undefined ? message : `${message}: stop that one, or choose a port with ${variable}=N`;
}

/** As the system tells it, by itself or as the cause of what the chassis says. */
function takenPort(error: unknown): number | undefined {
  const cause = error instanceof Error ? error.cause : undefined;
  const told = [error, cause] as ({ code?: unknown; port?: number } | undefined)[];
  return told.find((each) => each?.code === 'EADDRINUSE')?.port;
}
