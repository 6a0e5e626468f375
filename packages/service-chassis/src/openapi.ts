/**
 * The OpenAPI 3.1 document of a service, built from the same zod schemas that check its input,
 * and a page to read it, served from this machine.
 */
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { OpenAPIRegistry, OpenApiGeneratorV31 } from '@asteasolutions/zod-to-openapi';
import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import express, { Router } from 'express';
import { z } from 'zod';

/** The errors of every route, as RFC 9457 describes them. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  instance: z.string().optional(),
  requestId: z.string().optional(),
  errors: z.array(z.object({ field: z.string(), fix: z.string() })).optional(),
});

/** A document under construction. */
export interface Api {
  /** Adds an operation. Paths are written as OpenAPI does: `/v1/flights/{flightId}`. */
  path(route: RouteConfig): void;
  document(): ReturnType<OpenApiGeneratorV31['generateDocument']>;
}

/** Starts a document. Every operation gets a default answer: a problem document. */
export function createApi(info: { title: string; version: string; description?: string }): Api {
  const registry = new OpenAPIRegistry();
  return {
    path(route) {
      const problems = {
        description: 'A problem (RFC 9457)',
        content: { 'application/problem+json': { schema: problemSchema } },
      };
      registry.registerPath({ ...route, responses: { ...route.responses, default: problems } });
    },
    document: () =>
      new OpenApiGeneratorV31(registry.definitions).generateDocument({
        openapi: '3.1.0',
        info,
        servers: [{ url: '/' }],
      }),
  };
}

/** Describes the endpoints that every service has. */
export function describeChassis(api: Api): void {
  const json = (schema: z.ZodType) => ({ content: { 'application/json': { schema } } });
  const status = z.object({ status: z.string() });
  const readiness = status.extend({ checks: z.record(z.string(), z.string()) });
  const version = z.object({
    service: z.string(),
    version: z.string(),
    commit: z.string(),
    startedAt: z.string(),
  });
  api.path({
    method: 'get',
    path: '/livez',
    summary: 'Is the process alive?',
    tags: ['operations'],
    responses: { 200: { description: 'Alive', ...json(status) } },
  });
  api.path({
    method: 'get',
    path: '/readyz',
    summary: 'Can it take traffic?',
    tags: ['operations'],
    responses: {
      200: { description: 'Ready', ...json(readiness) },
      503: { description: 'Not ready, with the reasons', ...json(readiness) },
    },
  });
  api.path({
    method: 'get',
    path: '/version',
    summary: 'Which build is running?',
    tags: ['operations'],
    responses: { 200: { description: 'The build', ...json(version) } },
  });
  api.path({
    method: 'get',
    path: '/metrics',
    summary: 'Metrics in the Prometheus exposition format',
    tags: ['operations'],
    responses: { 200: { description: 'Metrics', content: { 'text/plain': { schema: z.string() } } } },
  });
}

/** Routes `/openapi.json` and `/docs`. */
export function docsRoutes(api: Api): Router {
  const router = Router();
  let document: object | undefined;
  router.get('/openapi.json', (_request, response) => {
    document ??= api.document();
    response.json(document);
  });
  router.get('/docs/swagger-initializer.js', (_request, response) => {
    response.type('text/javascript').send(`window.onload = () => {
  window.ui = SwaggerUIBundle({ url: '/openapi.json', dom_id: '#swagger-ui', deepLinking: true, validatorUrl: null,
    presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset], layout: 'BaseLayout' });
};`);
  });
  const page = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  router.use('/docs', express.static(page));
  return router;
}
