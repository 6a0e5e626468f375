/**
 * The room: everything the page shows, merged from what the parts answered. No clock, no network.
 *
 * Each panel says where its content comes from and whether it is fresh, old or missing, so one part that is away
 * empties its own panels only. The page imports these types, and so does nothing the server does not send.
 */
import { blindSpotsOf } from './blind-spots.js';
import type { BlindSpots } from './blind-spots.js';
import { chartsOf } from './charts.js';
import type { Chart, ChartId } from './charts.js';
import { deliveredOf } from './deployments.js';
import type { Delivered } from './deployments.js';
import { freezeOf, testsOf } from './may-release.js';
import type { ServiceLevel } from './may-release.js';
import { headlineOf } from './headline.js';
import type { Headline } from './headline.js';
import { healthOfParts } from './health.js';
import type { Part } from './health.js';
import { mapTold, tell } from './hearing.js';
import type { Hearing, Told } from './hearing.js';
import { lanesOf } from './lanes.js';
import type { Lane } from './lanes.js';
import { limitsAhead } from './limits-ahead.js';
import type { LimitsAhead } from './limits-ahead.js';
import type { Answer } from './questions.js';

export type Incident = Answer<'aiops/open'>['incidents'][number];
export type Template = Answer<'aiops/templates'>['templates'][number];

export interface RoomState {
  /** ISO 8601 instant of this snapshot. */
  at: string;
  headline: Headline;
  parts: Part[];
  replay: Told<Answer<'replay/replay'>>;
  board: Told<Answer<'flights-api/stats'>>;
  lanes: Lane[];
  charts: Told<Record<ChartId, Chart>>;
  model: Told<Answer<'model-server/model'>>;
  monitor: Told<Answer<'model-server/monitor'>>;
  /** The last attempts to put another model in its place. */
  retraining: Told<Answer<'model-server/retrain'>['attempts']>;
  templates: Told<Template[]>;
  openIncidents: Told<Incident[]>;
  closedIncidents: Told<Incident[]>;
  limits: Told<LimitsAhead>;
  blindSpots: Told<BlindSpots>;
  delivered: Told<Delivered>;
  serviceLevel: Told<ServiceLevel>;
  /** What is known of the tests of the version in service. */
  tests: Told<string>;
}

/** in: Hearing → out: RoomState. `now` is in milliseconds since 1970. */
export function mergeRoom(hearing: Hearing, now: number): RoomState {
  const parts = healthOfParts(hearing, now);
  const lanes = lanesOf(hearing, now);
  const replay = tell(hearing, 'replay/replay', now);
  const openIncidents = mapTold(tell(hearing, 'aiops/open', now), ({ incidents }) => incidents);
  return {
    at: new Date(now).toISOString(),
    headline: headlineOf(parts, lanes, openIncidents, replay),
    parts,
    replay,
    board: tell(hearing, 'flights-api/stats', now),
    lanes,
    charts: mapTold(tell(hearing, 'aiops/signals', now), ({ signals }) => chartsOf(signals, now)),
    model: tell(hearing, 'model-server/model', now),
    monitor: tell(hearing, 'model-server/monitor', now),
    retraining: mapTold(tell(hearing, 'model-server/retrain', now), ({ attempts }) => attempts),
    templates: mapTold(tell(hearing, 'aiops/templates', now), ({ templates }) => templates),
    openIncidents,
    closedIncidents: mapTold(tell(hearing, 'aiops/closed', now), ({ incidents }) => incidents),
    limits: mapTold(tell(hearing, 'aiops/forecasts', now), ({ forecasts }) => limitsAhead(forecasts)),
    blindSpots: mapTold(tell(hearing, 'aiops/quality', now), blindSpotsOf),
    delivered: mapTold(tell(hearing, 'flights-api/dora', now), deliveredOf),
    serviceLevel: mapTold(tell(hearing, 'flights-api/slo', now), freezeOf),
    tests: mapTold(tell(hearing, 'flights-api/delivery', now), ({ tested }) => testsOf(tested)),
  };
}
