/** The delay-risk model: its pipeline, its registry, its features. Start reading at `pipeline.ts`. */
export { offsetMinutes, utcMinutesOf, zoneOf } from './airport-time.js';
export { parseAirports } from './airports.js';
export type { Airport, Airports } from './airports.js';
export { BACKENDS, chooseBackend } from './backend.js';
export type { BackendChoice, BackendName } from './backend.js';
export { FlightFeatures } from './features/flight-features.js';
export type { FlightFeaturesOptions } from './features/flight-features.js';
export type { FrozenTimetable } from './features/frozen-timetable.js';
export { FEATURE_COUNT, FEATURE_NAMES } from './features/names.js';
export {
  dateOf,
  dayNumber,
  dayOf,
  departureMinutes,
  departureOf,
  flightIdOf,
  isoWithOffset,
  LATE_MINUTES,
  landedUtcMinutes,
  landingMinutes,
  landingOf,
  minuteOfDay,
} from './flights.js';
export type { Departure, DepartureMinutes, FlightEvent, Landing, LandingMinutes } from './flights.js';
export { scoreBatch } from './model.js';
export type { DelayModel, Normaliser } from './model.js';
export { eventsInOrder, warmFeatures } from './registry/history.js';
export type { Evaluation, GateCheck, ModelManifest, Scores } from './registry/manifest.js';
export { readStages, transition } from './registry/changes/store.js';
export { listModels, listVersions, loadModel, productionVersion } from './registry/store.js';
export type { LoadedModel } from './registry/store.js';
export { loadTableModel, registerTable } from './registry/table/store.js';
export type { LoadedTableModel } from './registry/table/store.js';
export { modelLines } from './report/run-lines.js';
export { fastPlan, fullPlan } from './plan.js';
export type { Plan, PlanOptions } from './plan.js';
export { runPipeline } from './pipeline.js';
export type { PipelineRun, Shell } from './pipeline.js';
export { openRecordedFlights, readFlights } from './recorded-flights.js';
export type { RecordedFlights, RecordingOptions } from './recorded-flights.js';
export { packagedFile, readAirports } from './vega-datasets/store.js';
export { predictNext, runTable } from './table-pipeline.js';
export type { TableRun, TableTask } from './table-pipeline.js';
export { monitorTable } from './table-pipeline/monitor.js';
export type { TableWindowReport } from './table-pipeline/monitor.js';
