/** Exposition: what one scrape of `/metrics` costs. */
import { median } from './throughput.js';

const SCRAPES = 50;

export interface Exposition {
  readonly series: number;
  readonly bytes: number;
  readonly milliseconds: number;
}

export async function exposition(url: string): Promise<Exposition> {
  const took: number[] = [];
  let text = '';
  for (let scrape = 0; scrape < SCRAPES; scrape++) {
    const startedAt = performance.now();
    text = await (await fetch(`${url}/metrics`)).text();
    took.push(performance.now() - startedAt);
  }
  const series = text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length;
  return { series, bytes: text.length, milliseconds: median(took) };
}
