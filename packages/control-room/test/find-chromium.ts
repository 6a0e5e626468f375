/** Where a Chromium lies on this machine: TRIOPS_CHROMIUM, or the usual places. */
import { existsSync } from 'node:fs';

const USUAL_PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

export function findChromium(): string | undefined {
  const { TRIOPS_CHROMIUM: wanted } = process.env;
  if (wanted === undefined || wanted === '') return USUAL_PLACES.find((place) => existsSync(place));
  if (!existsSync(wanted))
    throw new Error(`findChromium: TRIOPS_CHROMIUM names ${wanted}, which is not there`);
  return wanted;
}

/** For tests: fresh profile, no sandbox (containers), nothing asked of the network by the browser itself. */
export const quietFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
