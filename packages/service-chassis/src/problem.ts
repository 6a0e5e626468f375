/**
 * Errors over HTTP: problem details, RFC 9457 (https://www.rfc-editor.org/rfc/rfc9457).
 *
 * A handler throws a `Problem`; the service answers it as `application/problem+json`. `errors` names each
 * field that is wrong and how to mend it. Whatever else is thrown is a bug: it is logged whole, and the
 * client learns only that it happened and the request id to ask with.
 */
import type { ErrorRequestHandler, RequestHandler } from 'express';
import type { Logger } from 'pino';
import { answerHasBegun } from './observe-requests.js';
import { currentTrace } from './trace.js';

/** One wrong field, and how to mend it. */
export interface FieldError {
  field: string;
  fix: string;
}

/** What a `Problem` may carry besides status, title and detail. */
export interface ProblemExtras {
  errors?: FieldError[];
  /** Response headers, for example `{ 'retry-after': '5' }`. */
  headers?: Record<string, string>;
}

/** An error that the client is told about. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  readonly title: string;
  readonly errors: FieldError[];
  readonly headers: Record<string, string>;

  constructor(status: number, title: string, detail: string, extras: ProblemExtras = {}) {
    super(detail);
    this.status = status;
    this.title = title;
    this.errors = extras.errors ?? [];
    this.headers = extras.headers ?? {};
  }
}

/**
 * Makes a problem to throw.
 *
 * @example throw problem(404, 'Unknown flight', 'No flight has the id "X1".')
 */
export function problem(status: number, title: string, detail: string, extras: ProblemExtras = {}): Problem {
  return new Problem(status, title, detail, extras);
}

/** The last route: nothing here has that address. */
export const answerNotFound: RequestHandler = (request) => {
  throw problem(
    404,
    'Not found',
    `There is no ${request.method} ${request.path} here. GET /docs lists what there is.`,
  );
};

/** Express error handler that answers every error as a problem document. */
export function answerProblems(logger: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    const known = toProblem(error);
    if (known.status >= 500 && !(error instanceof Problem)) {
      logger.error({ error }, `unexpected error in ${request.method} ${request.path}`);
    }
    if (answerHasBegun(response)) {
      next(error);
      return;
    }
    response
      .status(known.status)
      .set(known.headers)
      .type('application/problem+json')
      .send(
        JSON.stringify({
          type: 'about:blank',
          title: known.title,
          status: known.status,
          detail: known.message,
          instance: request.originalUrl.slice(0, 200),
          requestId: currentTrace()?.requestId,
          ...(known.errors.length > 0 ? { errors: known.errors } : {}),
        }),
      );
  };
}

/** What Express and its body parser throw, by their `type`, in our words. */
const PARSER_PROBLEMS: Record<string, (limit: string) => Problem> = {
  'entity.parse.failed': () =>
    problem(400, 'Malformed JSON', 'The body is not valid JSON.', {
      errors: [{ field: 'body', fix: 'send one valid JSON document' }],
    }),
  'entity.too.large': (limit) =>
    problem(413, 'Body too large', `The body is larger than ${limit} bytes.`, {
      errors: [{ field: 'body', fix: `send at most ${limit} bytes` }],
    }),
  'encoding.unsupported': () =>
    problem(415, 'Unsupported encoding', 'The body has a Content-Encoding that is not supported.', {
      errors: [{ field: 'content-encoding', fix: 'use identity, gzip or deflate' }],
    }),
  'charset.unsupported': () =>
    problem(415, 'Unsupported charset', 'The body is not UTF-8.', {
      errors: [{ field: 'content-type', fix: 'use charset=utf-8' }],
    }),
};

/** The parser takes objects and lists only: `null`, `1` and `"x"` are JSON as well. */
function isJson(text: unknown): boolean {
  try {
    JSON.parse(String(text));
    return true;
  } catch {
    return false;
  }
}

const NO_OBJECT = problem(400, 'No object', 'The body is JSON, but no object.', {
  errors: [{ field: 'body', fix: 'send one JSON object' }],
});

function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const thrown = error as
    { type?: unknown; limit?: number; status?: unknown; body?: unknown } | null | undefined;
  if (thrown?.type === 'entity.parse.failed' && isJson(thrown.body)) return NO_OBJECT;
  const parser = typeof thrown?.type === 'string' ? PARSER_PROBLEMS[thrown.type] : undefined;
  if (parser !== undefined) return parser(String(thrown?.limit ?? 'the allowed number of'));
  if (typeof thrown?.status === 'number' && thrown.status >= 400 && thrown.status < 500) {
    return problem(thrown.status, 'Bad request', 'The request could not be read.');
  }
  return problem(
    500,
    'Internal error',
    'Something went wrong here, not in your request. It has been logged.',
  );
}
