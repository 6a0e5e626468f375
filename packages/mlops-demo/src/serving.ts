/** The parts of serving, for programs that start the server themselves or measure it: benchmarks. */
export { createNetwork, loadNetwork, normalise, saveNetwork, scoreBatch } from './model.js';
export type { DelayModel } from './model.js';
export { registerModel, transition } from './registry/changes/store.js';
export { digestOf, readModel } from './registry/store.js';
export { seedRandom } from './seeded-random.js';
export { challengerSchema } from './serve/challenger/challenger-report.js';
export type { ChallengerReport } from './serve/challenger/challenger-report.js';
export { explain } from './serve/explain.js';
export { BATCH_LIMITS } from './serve/micro-batch.js';
export type { BatchLimits } from './serve/micro-batch.js';
export { startModelServer } from './serve/server.js';
export type { ModelServerOptions } from './serve/server.js';
