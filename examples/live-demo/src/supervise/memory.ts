/**
 * Memory: what the system's processes use together.
 *
 * Rule: proportional set size where Linux tells it (a page that n processes share counts 1/n in each), else resident size,
 * which counts shared pages again in every process and so is too high for PostgreSQL.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

const KIB_PER_MIB = 1_024;

/** Mebibytes of each named process together with everything it started. */
export function memoryOf(roots: ReadonlyMap<string, number>): Map<string, number> {
  const rows = process.platform === 'linux' ? linuxProcesses() : otherProcesses();
  const memory = new Map<string, number>();
  for (const [name, pid] of roots) {
    const stop = new Set(roots.values());
    stop.delete(pid);
    memory.set(name, Math.round((kibOfTree(pid, rows, stop) / KIB_PER_MIB) * 10) / 10);
  }
  return memory;
}

interface Row {
  readonly parent: number;
  kib(): number;
}

function kibOfTree(pid: number, rows: ReadonlyMap<number, Row>, stop: ReadonlySet<number>): number {
  let kib = rows.get(pid)?.kib() ?? 0;
  for (const [child, { parent }] of rows) {
    if (parent === pid && !stop.has(child)) kib += kibOfTree(child, rows, stop);
  }
  return kib;
}

function linuxProcesses(): Map<number, Row> {
  const rows = new Map<number, Row>();
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    const stat = readOr(`/proc/${pid}/stat`, '');
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    rows.set(pid, { parent, kib: () => linuxKib(pid) });
  }
  return rows;
}

function linuxKib(pid: number): number {
  const rollup = readOr(`/proc/${pid}/smaps_rollup`, '');
  const proportional = /^Pss:\s+(\d+) kB/m.exec(rollup)?.[1];
  if (proportional !== undefined) return Number(proportional);
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readOr(`/proc/${pid}/status`, ''))?.[1] ?? 0);
}

function otherProcesses(): Map<number, Row> {
  if (process.platform === 'win32') return new Map();
  const table = execFileSync('ps', ['-axo', 'pid=,ppid=,rss='], { encoding: 'utf8' });
  const rows = table
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  return new Map(rows.map(([pid = 0, parent = 0, kib = 0]) => [pid, { parent, kib: () => kib }]));
}

function readOr(file: string, otherwise: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return otherwise;
  }
}
