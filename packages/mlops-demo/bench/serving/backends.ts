/** The backends that work here. */
import { BACKENDS, chooseBackend } from 'mlops-demo';
import type { BackendName } from 'mlops-demo';

export async function usableBackends(): Promise<BackendName[]> {
  const usable: BackendName[] = [];
  for (const backend of BACKENDS) {
    try {
      usable.push((await chooseBackend(backend)).backend);
    } catch (error) {
      console.log(`not measured: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return usable;
}
