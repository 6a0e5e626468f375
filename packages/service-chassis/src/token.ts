/**
 * Acting endpoints need a bearer token (RFC 6750). Reading is free inside the system; changing it is not.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { RequestHandler } from 'express';
import { rateLimit } from 'express-rate-limit';
import { problem } from './problem.js';

const ATTEMPTS_PER_MINUTE = 120;

/**
 * Middleware that lets only the bearer of `token` pass. The comparison takes the same time for every wrong
 * token, and attempts are limited, so the token cannot be guessed piece by piece. Without a configured
 * token nobody passes.
 */
export function requireToken(token: string | undefined): RequestHandler[] {
  const limit = rateLimit({
    windowMs: 60_000,
    limit: ATTEMPTS_PER_MINUTE,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    handler: (_request, _response, next) => {
      next(
        problem(429, 'Too many requests', `At most ${ATTEMPTS_PER_MINUTE} a minute.`, {
          headers: { 'retry-after': '60' },
        }),
      );
    },
  });
  const check: RequestHandler = (request, _response, next) => {
    if (token === undefined) {
      throw problem(
        403,
        'Acting is off',
        'This service was started without TRIOPS_TOKEN, so nobody may change it.',
      );
    }
    const given = /^Bearer (.+)$/i.exec(request.get('authorization') ?? '')?.[1];
    if (given === undefined || !sameSecret(given, token)) {
      throw problem(401, 'Token needed', 'Send the header "Authorization: Bearer <TRIOPS_TOKEN>".', {
        headers: { 'www-authenticate': 'Bearer' },
        errors: [{ field: 'authorization', fix: 'send the right bearer token' }],
      });
    }
    next();
  };
  return [limit, check];
}

/** Compares digests, so that neither content nor length shows in the time it takes. */
function sameSecret(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
