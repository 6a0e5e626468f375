import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { lstatSync, mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import { afterEach, describe, expect, it } from 'vitest';
import { startEmbeddedPostgres } from '../src/embedded-postgres.js';
import type { EmbeddedPostgres } from '../src/embedded-postgres.js';

const BUILT = new URL('../dist/embedded-postgres.js', import.meta.url);
const started: EmbeddedPostgres[] = [];
const folders: string[] = [];

async function start(dataDir: string): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres({ dataDir });
  started.push(postgres);
  return postgres;
}

function folder(): string {
  // mkdtemp folders are private: under root this is also the test for "PostgreSQL's account cannot enter".
  const made = mkdtempSync(join(tmpdir(), 'triops-postgres-test-'));
  folders.push(made);
  return join(made, 'data');
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client(url);
  await client.connect();
  try {
    return (await client.query(sql)).rows as Record<string, unknown>[];
  } finally {
    await client.end();
  }
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

afterEach(async () => {
  for (const postgres of started.splice(0)) await postgres.stop();
  for (const made of folders.splice(0)) rmSync(made, { recursive: true, force: true });
});

describe('embedded PostgreSQL', () => {
  it('is a PostgreSQL 18 on loopback that keeps its rows over a stop and a start, with fsync on', async () => {
    const dataDir = folder();
    const first = await start(dataDir);
    const [facts] = await query(
      first.url,
      `select current_setting('server_version_num')::int / 10000 as major, current_setting('listen_addresses') as listens,
              current_setting('fsync') as fsync, current_setting('unix_socket_directories') as sockets`,
    );
    expect(facts).toEqual({ major: 18, listens: '127.0.0.1', fsync: 'on', sockets: '' });
    await query(first.url, 'create table kept as select 42 as answer');
    await first.stop();
    expect(alive(first.pid)).toBe(false);
    expect(await answers(first.port)).toBe(false);

    const second = await start(dataDir);
    expect(await query(second.url, 'select answer from kept')).toEqual([{ answer: 42 }]);
  });

  it('a data folder in use by a running server is a clear error', async () => {
    const dataDir = folder();
    const first = await start(dataDir);
    await expect(startEmbeddedPostgres({ dataDir })).rejects.toThrow(
      new RegExp(`a running PostgreSQL \\(process ${first.pid}\\) uses`),
    );
    expect(await query(first.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('a taken port is a clear error that names it', async () => {
    const first = await start(folder());
    await expect(startEmbeddedPostgres({ dataDir: folder(), port: first.port })).rejects.toThrow(
      `port ${first.port} is taken`,
    );
  });

  it('starts again after kill -9 of the server, with every committed row', async () => {
    const dataDir = folder();
    const first = await start(dataDir);
    await query(first.url, 'create table kept as select generate_series(1, 1000) as n');
    process.kill(first.pid, 'SIGKILL');
    const second = await start(dataDir);
    expect(await query(second.url, 'select count(*)::int as rows from kept')).toEqual([{ rows: 1000 }]);
  });

  it.runIf(process.platform === 'linux')(
    'a lock file whose process number belongs to another program now is no obstacle',
    async () => {
      const dataDir = folder();
      const first = await start(dataDir);
      await first.stop();
      const lock = join(dataDir, 'postmaster.pid');
      writeFileSync(lock, `${process.pid}\n${dataDir}\n1\n5432\n\n127.0.0.1\n0 0\n`, { mode: 0o644 });
      const second = await start(dataDir);
      expect(readFileSync(lock, 'utf8').split('\n')[0]).toBe(String(second.pid));
    },
  );

  it.skipIf(process.platform === 'win32')(
    'does not outlive its starter, even when that is killed',
    async () => {
      const dataDir = folder();
      const program = `
      import { startEmbeddedPostgres } from ${JSON.stringify(BUILT.href)};
      const { pid, port } = await startEmbeddedPostgres({ dataDir: ${JSON.stringify(dataDir)} });
      console.log(JSON.stringify({ pid, port }));
      setInterval(() => {}, 1000);`;
      const starter = spawn(process.execPath, ['--input-type=module', '-e', program], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const [line] = (await once(starter.stdout, 'data')) as [Buffer];
      const { pid, port } = JSON.parse(line.toString()) as { pid: number; port: number };
      expect(await answers(port)).toBe(true);
      starter.kill('SIGKILL');
      await expect.poll(() => alive(pid), { timeout: 10_000 }).toBe(false);
      expect(await answers(port)).toBe(false);
    },
  );

  it.runIf(process.getuid?.() === 0)('deleting a folder that root alone may enter begins again', async () => {
    const dataDir = folder();
    const first = await start(dataDir);
    await query(first.url, 'create table kept as select 42 as answer');
    await first.stop();
    expect(lstatSync(dataDir).isSymbolicLink()).toBe(true);
    rmSync(dataDir, { recursive: true });
    const second = await start(dataDir);
    await expect(query(second.url, 'select answer from kept')).rejects.toThrow('does not exist');
  });

  it.runIf(process.getuid?.() === 0 && nobodyMayRead(BUILT))('runs as an ordinary user too', () => {
    const home = mkdtempSync(join(tmpdir(), 'triops-postgres-user-'));
    folders.push(home);
    mkdirSync(join(home, 'state'));
    execFileSync('chown', ['-R', 'nobody', home]);
    const program = `
      import { startEmbeddedPostgres } from ${JSON.stringify(new URL('../dist/embedded-postgres.js', import.meta.url).href)};
      const postgres = await startEmbeddedPostgres({ dataDir: ${JSON.stringify(join(home, 'state', 'data'))} });
      await postgres.stop();
      console.log('stopped');`;
    const uid = Number(execFileSync('id', ['-u', 'nobody'], { encoding: 'utf8' }));
    const said = execFileSync(process.execPath, ['--input-type=module', '-e', program], {
      uid,
      encoding: 'utf8',
    });
    expect(said).toBe('stopped\n');
  });
});

/** Not so where root keeps its checkout in a folder of its own. */
function nobodyMayRead(file: URL): boolean {
  try {
    const uid = Number(execFileSync('id', ['-u', 'nobody'], { encoding: 'utf8' }));
    execFileSync('test', ['-r', fileURLToPath(file)], { uid });
    return true;
  } catch {
    return false;
  }
}
