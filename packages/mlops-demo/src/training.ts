/** The parts of training and monitoring, for programs that measure them: benchmarks. */
export { countOf } from './data/columns.js';
export { openFlights } from './data/store.js';
export { computeFeatures } from './features.js';
export { streamFeatures } from './features/event-pass.js';
export { featureFilesIn } from './features/feature-file/store.js';
export { populationStability } from './monitor/population-stability.js';
export { kolmogorovSmirnov } from './monitor/kolmogorov-smirnov.js';
export { wasserstein } from './monitor/wasserstein.js';
export { fastPlan } from './plan.js';
export { split } from './split.js';
export { train } from './train.js';
export { shuffledBlocks } from './train/shuffled-batches.js';
export { sampleHyperparameters } from './tune/search-space.js';
export { rungsOf, successiveHalving } from './tune/successive-halving.js';
export { validate } from './validate.js';
export { packagedFile, readAirports } from './vega-datasets/store.js';
