/** The parts of the delivery, for programs that drive it themselves: benchmarks and the live demo. */
export { bundle } from './delivery/artifact/store.js';
export { writeEnvironment } from './delivery/environment/store.js';
export { FLAWS } from './delivery/flaw.js';
export type { Flaw } from './delivery/flaw.js';
export { buildPatched } from './delivery/flaw/process.js';
export { embeddedGateway } from './delivery/gateway/embedded.js';
export { startGateway } from './delivery/gateway/server.js';
export { SLOTS } from './delivery/instances.js';
export { createInstances, runningInstances } from './delivery/instances/process.js';
export type { Release, Version } from './delivery/release.js';
export { createReleaser, versionOf } from './delivery/release/process.js';
export { createReleaseStore } from './delivery/release/store.js';
