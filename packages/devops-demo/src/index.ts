/** The departures board and its delivery pipeline. Start reading at `delivery/pipeline.ts` and `service/board.ts`. */
export { deliver, deliveryReport } from './delivery/pipeline.js';
export type { Delivery, DeliveryFacts } from './delivery/pipeline.js';
export { OBJECTIVES } from './delivery/slo.js';
export type { Objectives } from './delivery/slo.js';
export type { BoardEvent, Departure, Flight, Outcome, Risk } from './service/flight.js';
