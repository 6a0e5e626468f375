/** AIOps in miniature. Start reading at `pipeline.ts`. */
export { createMemory, takeBack } from './memory.js';
export type { Earlier, PipelineMemory } from './memory.js';
export { runPipeline } from './pipeline.js';
export type { Collected, PipelineRun } from './pipeline.js';
export type { TargetReport } from './collect/target-report.js';
export { signals } from './signals.js';
export type { ServiceName, Signal, SignalKind, SignalSample } from './signals.js';
export { areConnected, topology } from './topology.js';
export type { Call, CallGraph } from './topology.js';

export { SEVERITIES } from './log-record.js';
export type { LogRecord, Severity } from './log-record.js';
export { Drain } from './parse/drain.js';
export type { Cluster, DrainOptions } from './parse/drain.js';
export { LINES_TO_FIND_HEADER, findHeader } from './parse/header.js';
export type { CutHeader } from './parse/header.js';
export { LineScan } from './parse/line-scan.js';
export { mask } from './parse/mask.js';
export { parse } from './parse/parse.js';
export type { LogTemplate, ParsedLog } from './parse/parse.js';
export { VALUE, skeleton, textWithValues } from './parse/skeleton.js';
export type { KnownTemplate, Learned } from './parse/statement.js';
export { TemplateMiner } from './parse/template-miner.js';
export type { MinerOptions } from './parse/template-miner.js';

export type { Anomaly, Detection } from './detect/anomaly.js';
export { detect } from './detect/detect.js';
export type { Detected } from './detect/detect.js';
export { robustZ } from './detect/robust-z.js';
export { staticThreshold } from './detect/static-threshold.js';
export { createSeriesDetector } from './detect/series-detector.js';
export type { SeriesAlarm, SeriesVerdict } from './detect/series-detector.js';
export { ALARM_SCORE } from './detect/streaming-detector.js';
export type { StreamingDetector, Verdict } from './detect/streaming-detector.js';

export type { Alert, AlertSeverity } from './correlate/alert.js';
export { shownAlerts } from './correlate/alert-group.js';
export type { AlertGroup } from './correlate/alert-group.js';
export { decodeAlerts } from './correlate/alertmanager.js';
export { correlateAlert, createAlertMemory } from './correlate/correlate-alerts.js';
export type { AlertMemory, Placed } from './correlate/correlate-alerts.js';
export { brierScore, overallWeightedAverage, scaledError, symmetricError } from './forecast/accuracy.js';
export { detectSeasons } from './forecast/detect-seasons.js';
export type { Season } from './forecast/detect-seasons.js';
export { forecastValues, intervalOf } from './forecast/forecast-values.js';
export type { Forecast, Interval } from './forecast/forecast-values.js';
export { dampedHolt, holt, simple } from './forecast/holt.js';
export { holtWinters } from './forecast/holt-winters.js';
export type { Fitted, Method } from './forecast/method.js';
export { naive } from './forecast/naive.js';
export { seasonalNaive } from './forecast/seasonal-naive.js';
export { seededRandom } from './forecast/seeded-random.js';
export { project, smooth } from './forecast/smoothing.js';
export type { States, Weights } from './forecast/smoothing.js';
export { whenWillItHit } from './forecast/when-will-it-hit.js';
export type { HitForecast, TimeSeries } from './forecast/when-will-it-hit.js';

export { forecast } from './forecast/forecast.js';
export type { Forecasted, SaturationForecast } from './forecast/forecast.js';

export { assess, createQualityMemory } from './quality/assess.js';
export type { Assessed, QualityMemory } from './quality/assess.js';
export { FINDING_KINDS } from './quality/finding.js';
export type { DataQualityFinding, DataQualityReport, FindingKind } from './quality/finding.js';

export { correlate } from './correlate/correlate.js';
export type { Correlated } from './correlate/correlate.js';
export type { IncidentChange } from './correlate/correlate-memory.js';
export type { Incident, IncidentSignal, TimelineEntry } from './correlate/incident.js';
export { blameFlow } from './localize/blame-flow.js';
export type { Cause, Change, Loss } from './localize/cause.js';
export { deviations } from './localize/deviations.js';
export { localize } from './localize/localize.js';
export type { LocalizedIncident } from './localize/localize.js';
export { lossesOf } from './localize/losses.js';
export type { MetricTable, Series, ServiceMetrics, TroubleKind } from './localize/metric-table.js';
export { personalisedPageRank } from './localize/personalised-pagerank.js';
export { rankByMetrics } from './localize/rank-by-metrics.js';
export type { MetricIncident, Symptom } from './localize/rank-by-metrics.js';
export { rankCauses } from './localize/rank-causes.js';
export type { Trouble } from './localize/rank-causes.js';
export { report } from './report/report.js';
export type { Announcement, Reported, ReportedIncident } from './report/report.js';

export { decodeLogs } from './otlp.js';
export { aiopsConfig, startAiops } from './aiops.js';
export type { Aiops, AiopsConfig, StartOptions } from './aiops.js';
export { runCli } from './cli.js';
