/**
 * Credentials: which tokens are known, whose they are, and what their bearers may do.
 *
 * Rule: a token is known by its SHA-256 only, so that the list is no secret worth stealing: tokens are random and long, which a fast hash
 * is enough for (passwords would need a slow one). TRIOPS_TOKEN alone still works, as one unnamed bearer who may do everything.
 *
 *   TRIOPS_TOKENS_FILE=tokens.json: [{ "name": "ada", "role": "operator", "sha256": "…" }]
 *   printf %s "$token" | sha256sum
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

/** `viewer` reads, `operator` is a person who acts, `automation` is a program that acts. */
export const ROLES = ['viewer', 'operator', 'automation'] as const;
export type Role = (typeof ROLES)[number];

const tokenList = z
  .array(
    z.strictObject({
      name: z.string().regex(/^[\w.-]{1,64}$/),
      role: z.enum(ROLES),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
    }),
  )
  .min(1);

/** The list as the text of a file or variable. */
export const tokenListText = z.string().transform((text, context) => {
  try {
    return tokenList.parse(JSON.parse(text));
  } catch {
    context.addIssue({ code: 'custom', message: 'expected JSON: [{ "name", "role", "sha256" }]' });
    return z.NEVER;
  }
});

/** One token that may do everything, a list of named ones, or none: then nobody may act. */
export type Credentials = string | z.infer<typeof tokenList> | undefined;

/** Who acts, as audit entries name it. */
export interface Actor {
  /** `person:ada`, or a program's own name: `aiops-demo`. */
  name: string;
  roles: readonly Role[];
}

/** What a service was configured with. Both may be set: the list, and the one token that scripts of this machine use. */
export function credentialsOf(config: {
  TRIOPS_TOKEN?: string | undefined;
  TRIOPS_TOKENS?: Exclude<Credentials, string> | undefined;
}): Credentials {
  const { TRIOPS_TOKEN: token, TRIOPS_TOKENS: list } = config;
  if (list === undefined || token === undefined) return list ?? token;
  const sha256 = digest(token).toString('hex');
  const own = (role: Role) => ({ name: UNNAMED, role, sha256 });
  return [...list, own('operator'), own('automation')];
}

const UNNAMED = 'bearer-of-TRIOPS_TOKEN';

/** @returns undefined for an unknown token. Takes the same time for every unknown one: all are compared, whole. */
export function bearerOf(given: string, credentials: Exclude<Credentials, undefined>): Actor | undefined {
  const hash = digest(given);
  if (typeof credentials === 'string')
    return timingSafeEqual(hash, digest(credentials)) ? { name: UNNAMED, roles: ROLES } : undefined;
  const own = credentials.filter(({ sha256 }) => timingSafeEqual(hash, Buffer.from(sha256, 'hex')));
  const [first] = own;
  if (first === undefined) return undefined;
  const name = first.role === 'automation' || first.name === UNNAMED ? first.name : `person:${first.name}`;
  return { name, roles: own.map(({ role }) => role) };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
