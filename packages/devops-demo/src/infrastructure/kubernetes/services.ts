/**
 * The services of Triops as they run on Kubernetes: the same programs, limits and ports as in docker-compose.yml (a test compares them).
 *
 * What is not here: PostgreSQL and Prometheus. Who outgrows one machine has both already, run by people who run nothing else; their addresses
 * are in the secret `triops-secrets` and in PROMETHEUS_URL.
 */
export interface ServiceSpec {
  readonly name: string;
  readonly program: string;
  readonly port: number;
  readonly heapMiB: number;
  readonly memoryMiB: number;
  readonly environment: Readonly<Record<string, string>>;
  /** Other services that it asks. Nobody else is let through. */
  readonly asks: readonly string[];
  readonly needsDatabase: boolean;
  readonly needsModels: boolean;
  /** Several instances at once; without it there is one, which holds state of its own in memory. */
  readonly replicas?: { readonly least: number; readonly most: number };
}

const LOGS = { OTLP_LOGS_URL: 'http://aiops:8083/v1/logs' };
const BOARD = { FLIGHTS_API_URL: 'http://flights-api:8081' };
const MODEL_SERVER = { MODEL_SERVER_URL: 'http://model-server:8082' };

export const SERVICES: readonly ServiceSpec[] = [
  {
    name: 'flights-api',
    program: 'packages/devops-demo/dist/service/main.js',
    port: 8081,
    heapMiB: 64,
    memoryMiB: 128,
    environment: { ...MODEL_SERVER, ...LOGS },
    asks: ['model-server', 'aiops'],
    needsDatabase: true,
    needsModels: false,
    replicas: { least: 2, most: 6 },
  },
  {
    name: 'model-server',
    program: 'packages/mlops-demo/dist/serve/main.js',
    port: 8082,
    heapMiB: 128,
    // 256 to serve; a retraining runs beside it in a process of its own.
    memoryMiB: 832,
    environment: { MODELS_DIR: '/models', ...BOARD, ...LOGS },
    asks: ['flights-api', 'aiops'],
    needsDatabase: false,
    needsModels: true,
  },
  {
    name: 'aiops',
    program: 'packages/aiops-demo/dist/main.js',
    port: 8083,
    heapMiB: 96,
    memoryMiB: 160,
    environment: { PROMETHEUS_URL: 'http://prometheus.monitoring:9090' },
    asks: ['flights-api', 'model-server'],
    needsDatabase: true,
    needsModels: false,
  },
  {
    name: 'replay',
    program: 'examples/live-demo/dist/replay/main.js',
    port: 8084,
    heapMiB: 64,
    memoryMiB: 192,
    environment: { ...BOARD, ...MODEL_SERVER, ...LOGS },
    asks: ['flights-api', 'model-server', 'aiops'],
    needsDatabase: true,
    needsModels: false,
  },
  {
    name: 'control-room',
    program: 'packages/control-room/dist/main.js',
    port: 8080,
    heapMiB: 48,
    memoryMiB: 96,
    environment: {
      ...BOARD,
      ...MODEL_SERVER,
      AIOPS_URL: 'http://aiops:8083',
      REPLAY_URL: 'http://replay:8084',
      ...LOGS,
    },
    asks: ['flights-api', 'model-server', 'aiops', 'replay'],
    needsDatabase: false,
    needsModels: false,
  },
];
