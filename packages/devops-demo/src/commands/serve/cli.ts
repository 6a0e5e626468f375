/** `devops serve`: the board, with a database of its own if asked for. */
import type { Options } from '../options.js';

export async function serveCommand({ embedded }: Options): Promise<number> {
  if (embedded === true) {
    const { startEmbeddedPostgres } = await import('service-chassis/embedded-postgres');
    process.env['DATABASE_URL'] = (await startEmbeddedPostgres({ dataDir: '.triops/postgres' })).url;
  }
  await import('../../service/main.js');
  return 0;
}
