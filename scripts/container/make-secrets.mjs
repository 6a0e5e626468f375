/**
 * Makes the secrets of a Compose installation on its first start, and leaves them alone afterwards.
 *
 * Nothing secret stands in the repository: a fresh machine gets its own random database password and token,
 * in a volume that only these containers mount. Read the token with
 * `docker compose exec control-room cat /secrets/token`.
 */
import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.env.SECRETS_DIR ?? '/secrets';

/** Writes a secret unless it is there; a half-written file never carries its final name. */
function make(name, content) {
  const path = join(folder, name);
  if (existsSync(path)) return;
  const draft = `${path}.draft`;
  // PostgreSQL and Prometheus run as other users than Node, so all may read; the volume is the boundary.
  const file = openSync(draft, 'w', 0o444);
  writeSync(file, content);
  fsyncSync(file);
  closeSync(file);
  renameSync(draft, path);
  process.stdout.write(`made ${name}\n`);
}

const random = () => randomBytes(24).toString('base64url');
make('postgres-password', random());
const password = readFileSync(join(folder, 'postgres-password'), 'utf8');
make('database-url', `postgresql://triops:${password}@postgres:5432/triops`);
make('token', random());
