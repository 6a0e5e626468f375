/**
 * Acting endpoints need a bearer token (RFC 6750) with a role. Reading is free inside the system; changing it is not.
 */
import type { Request, RequestHandler } from 'express';
import { rateLimit } from 'express-rate-limit';
import { bearerOf } from './credentials.js';
import type { Actor, Credentials, Role } from './credentials.js';
import { problem } from './problem.js';

const REFUSALS_PER_MINUTE = 120;
const WHO_MAY_ACT: readonly Role[] = ['operator', 'automation'];

const actors = new WeakMap<Request, Actor>();

/**
 * Middleware that lets only bearers of a known token with one of `roles` pass. The comparison takes the same time for every
 * wrong token, so none can be guessed piece by piece, and refusals are limited. Only refusals: programs of one machine share their address,
 * and whoever guesses there must not keep those out who may act. What protects against guessing is the length of a token (credentials.ts).
 * Without configured credentials nobody passes.
 */
export function requireToken(
  credentials: Credentials,
  roles: readonly Role[] = WHO_MAY_ACT,
): RequestHandler[] {
  const limit = rateLimit({
    windowMs: 60_000,
    limit: REFUSALS_PER_MINUTE,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    handler: (_request, _response, next) => {
      next(
        problem(429, 'Too many requests', `At most ${REFUSALS_PER_MINUTE} refused a minute.`, {
          headers: { 'retry-after': '60' },
        }),
      );
    },
  });
  const check: RequestHandler = (request, response, next) => {
    try {
      actors.set(request, admitted(request, credentials, roles));
      next();
    } catch (refusal) {
      void limit(request, response, (tooMany) => next(tooMany ?? refusal));
    }
  };
  return [check];
}

/** Who sent a request that `requireToken` let pass: `person:ada`, `aiops-demo`. For audit entries. */
export function actorOf(request: Request): string {
  const actor = actors.get(request);
  if (actor === undefined) throw new Error('actorOf: expected a request that requireToken let pass');
  return actor.name;
}

function admitted(request: Request, credentials: Credentials, roles: readonly Role[]): Actor {
  if (credentials === undefined) {
    throw problem(
      403,
      'Acting is off',
      'This service was started without TRIOPS_TOKEN, so nobody may change it.',
    );
  }
  const given = /^Bearer (.+)$/i.exec(request.get('authorization') ?? '')?.[1];
  const actor = given === undefined ? undefined : bearerOf(given, credentials);
  if (actor === undefined) {
    throw problem(401, 'Token needed', 'Send the header "Authorization: Bearer <TRIOPS_TOKEN>".', {
      headers: { 'www-authenticate': 'Bearer' },
      errors: [{ field: 'authorization', fix: 'send the right bearer token' }],
    });
  }
  if (!actor.roles.some((role) => roles.includes(role))) {
    const needed = roles.join(' or ');
    throw problem(
      403,
      'Role needed',
      `This needs the role ${needed}; ${actor.name} is ${actor.roles.join(', ')}.`,
      {
        headers: { 'www-authenticate': 'Bearer error="insufficient_scope"' },
      },
    );
  }
  return actor;
}
