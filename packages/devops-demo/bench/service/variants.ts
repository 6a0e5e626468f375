/** Variants: the same board, observed in different ways. Each holds what the one before holds, and one thing more. */
import { Registry } from 'prom-client';
import { createLogger, createMetrics, observeRequests } from 'service-chassis';
import type { ServiceOptions } from 'service-chassis';

export const VARIANTS = ['bare', 'metrics', 'metrics + logs', 'metrics + logs, shipped'] as const;
export type Variant = (typeof VARIANTS)[number];

type Observed = Pick<ServiceOptions, 'registry' | 'logger'> & {
  observe: NonNullable<ServiceOptions['observe']>;
};

const SERVICE = { service: 'flights-api' };
const SILENT = { ...SERVICE, level: 'silent' };

/** @param otlpUrl where the last variant ships its lines */
export function observedAs(variant: Variant, otlpUrl: string): Observed {
  if (variant === 'bare') {
    const observe: Observed['observe'] = (_request, _response, next) => next();
    return { registry: new Registry(), logger: createLogger(SILENT), observe };
  }
  const registry = createMetrics(SERVICE);
  const logger = createLogger(
    variant === 'metrics' ? SILENT : { ...SERVICE, ...(variant === VARIANTS[3] ? { otlpUrl } : {}) },
  );
  return { registry, logger, observe: observeRequests(registry, logger) };
}
