/** Opens the store that a place means: a folder, or later an `s3://` URL. */
import { openLocalStore } from './local/store.js';
import type { ObjectStore } from './object-store.js';

/** The store at this place. */
export function openObjectStore(place: string): ObjectStore {
  return openLocalStore(place);
}
