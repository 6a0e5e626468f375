/**
 * Chooses the tfjs backend: the native one where it works, else WebAssembly, else plain JavaScript.
 *
 * in:  what is installed, and TRIOPS_TFJS_BACKEND (tensorflow, wasm or cpu) if someone insists
 * out: { backend: 'wasm', because: 'wasm: tensorflow is not usable here (@tensorflow/tfjs-node is not installed)' }
 *
 * Rule: a backend is taken only after its import, `setBackend` and a small gradient have all worked, because each of the three can
 * fail alone: the native package downloads its library when it is installed and may be there without it.
 *
 * When it misleads: the native import can hang under emulation (tfjs#8576). Then insist on `wasm`.
 *
 * Source: tfjs 4.22.0, tried on Node 20 and 22.
 */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { speedUpWasmMatMul } from './wasm-matmul.js';

/** The backends, best first. */
export const BACKENDS = ['tensorflow', 'wasm', 'cpu'] as const;
export type BackendName = (typeof BACKENDS)[number];

const CRASHES = ['uncaughtException', 'unhandledRejection'];
const program: NodeJS.EventEmitter = process;

/** The backend in use, and why this one. */
export interface BackendChoice {
  backend: BackendName;
  because: string;
}

/** Sets the best backend that works. `wanted` (the value of TRIOPS_TFJS_BACKEND) leaves no choice. */
export async function chooseBackend(wanted?: string): Promise<BackendChoice> {
  tf.enableProdMode();
  const candidates = wanted === undefined || wanted === '' ? BACKENDS : [backendNamed(wanted)];
  const refused: string[] = [];
  for (const backend of candidates) {
    const trouble = await troubleWith(backend);
    if (trouble === undefined) return { backend, because: because(backend, wanted, refused) };
    refused.push(`${backend} is not usable here (${trouble})`);
  }
  throw new Error(`expected a working tfjs backend, got none: ${refused.join('; ')}`);
}

function backendNamed(wanted: string): BackendName {
  const backend = BACKENDS.find((name) => name === wanted);
  if (backend !== undefined) return backend;
  throw new Error(`TRIOPS_TFJS_BACKEND: expected one of ${BACKENDS.join(', ')}, got '${wanted}'`);
}

function because(backend: BackendName, wanted: string | undefined, refused: string[]): string {
  if (wanted !== undefined && wanted !== '') return `${backend}: asked for by TRIOPS_TFJS_BACKEND`;
  return refused.length === 0
    ? `${backend}: the native backend works here`
    : `${backend}: ${refused.join('; ')}`;
}

/** Undefined when the backend works, else the reason why not. */
async function troubleWith(backend: BackendName): Promise<string | undefined> {
  try {
    if (backend === 'tensorflow') await importNative();
    const started = backend === 'wasm' ? await startWasm() : await tf.setBackend(backend);
    return started ? await smokeTest() : 'it did not start';
  } catch (error) {
    return firstLine(error);
  }
}

/** The name is put together at run time: the package is optional, and no compiler shall ask for it. */
async function importNative(): Promise<void> {
  const name = '@tensorflow/tfjs-node';
  try {
    createRequire(import.meta.url).resolve(name);
  } catch {
    throw new Error(`${name} is not installed`);
  }
  await import(name);
}

/**
 * Its loader listens for uncaught errors and throws them again from inside itself, so that every crash of the program would look like
 * one of tfjs. Those listeners are taken off again.
 */
async function startWasm(): Promise<boolean> {
  const entry = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
  setWasmPaths(join(dirname(entry), '/'));
  const before = CRASHES.map((crash) => program.listeners(crash));
  const started = await tf.setBackend('wasm');
  for (const [index, crash] of CRASHES.entries()) {
    for (const listener of program.listeners(crash)) {
      if (!before[index]?.includes(listener)) program.off(crash, listener as () => void);
    }
  }
  if (started) speedUpWasmMatMul();
  return started;
}

/** The gradient of Σ sigmoid(x·w) at x = 0 is w/4: one forward and one backward pass with a known answer. */
async function smokeTest(): Promise<string | undefined> {
  const gradient = tf.tidy(() => {
    const weights = tf.tensor2d([[2], [-4]]);
    return tf.grad((x: tf.Tensor) => tf.sum(tf.sigmoid(tf.matMul(x, weights))))(tf.zeros([1, 2]));
  });
  const [left = NaN, right = NaN] = await gradient.data();
  gradient.dispose();
  const correct = Math.abs(left - 0.5) < 1e-5 && Math.abs(right + 1) < 1e-5;
  return correct ? undefined : `its gradient of a known function was [${left}, ${right}], not [0.5, -1]`;
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? 'unknown';
}
