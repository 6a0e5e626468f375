/** Opens the store that a place means: `s3://bucket/prefix`, or a folder. */
import { openLocalStore } from './local/store.js';
import type { ObjectStore } from './object-store.js';
import { openS3Store } from './s3/store.js';

/** The store at this place. */
export function openObjectStore(
  place: string,
  env: Readonly<Record<string, string | undefined>>,
): ObjectStore {
  if (place.startsWith('s3://')) return openS3Store(place, env);
  if (/^\w+:\/\//.test(place))
    throw new Error(`expected a folder or s3://BUCKET/PREFIX for the data versions, got '${place}'`);
  return openLocalStore(place);
}
