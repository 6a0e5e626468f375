/** What `devops gateway` is told by its environment. */
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

/** What chooses another port, where one of them is taken. */
export function withFix(message: string, ports: Readonly<Record<string, number>>): string {
  const taken = Number(/port (\d+) on \S+ is taken/.exec(message)?.[1]);
  const variable = Object.keys(ports).find((name) => ports[name] === taken);
  return variable === undefined ? message : `${message}: stop that one, or choose a port with ${variable}=N`;
}
