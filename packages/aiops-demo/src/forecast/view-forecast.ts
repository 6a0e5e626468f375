/** What `GET /v1/forecasts` shows. */
import { z } from 'zod';
import type { SaturationForecast } from './forecast.js';

const instant = z.iso.datetime();

export const forecastView = z.object({
  signalId: z.string(),
  service: z.string(),
  title: z.string(),
  unit: z.string(),
  limit: z.number(),
  madeAt: instant.nullable(),
  probability: z.number().min(0).max(1).nullable(),
  when: z.object({ earliest: instant, middle: instant, latest: instant }).nullable(),
  because: z.string(),
});

export function viewForecast({
  signal,
  limit,
  at,
  probability,
  when,
  because,
}: SaturationForecast): z.infer<typeof forecastView> {
  const { id, service, title, unit } = signal;
  return {
    signalId: id,
    service,
    title,
    unit,
    limit,
    madeAt: at === null ? null : iso(at),
    probability,
    when:
      when === null
        ? null
        : { earliest: iso(when.earliest), middle: iso(when.middle), latest: iso(when.latest) },
    because,
  };
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
