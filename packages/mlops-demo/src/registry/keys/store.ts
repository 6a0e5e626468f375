/**
 * The keys that sign and verify manifests.
 *
 *   MODELS_DIR/keys/signing.pem    private, readable by its owner only; made on first use. TRIOPS_MODEL_SIGNING_KEY_FILE names another
 *   MODELS_DIR/keys/trusted.pem    public, one or more; written with the first signing key. TRIOPS_MODEL_PUBLIC_KEY (PEM) goes before it
 *
 * Rule: a registry trusts the key that first signed in it. What another key signs is refused, until that key is added to trusted.pem.
 */
import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withLock } from 'service-chassis/lock-file';
import { replaceDurably } from '../durable/store.js';
import { keyIdOf, publicKeysOf } from '../signature.js';

type Environment = Readonly<Record<string, string | undefined>>;

const OWNER_ONLY = 0o600;

/**
 * The private key that signs here.
 *
 * @throws when nobody here would trust what it signs
 */
export async function signingKey(modelsDir: string, env: Environment = process.env): Promise<KeyObject> {
  return withLock(join(modelsDir, 'keys', '.lock'), async () => {
    const given = env['TRIOPS_MODEL_SIGNING_KEY_FILE'];
    const path = given || join(modelsDir, 'keys', 'signing.pem');
    if (!given && !existsSync(path)) {
      const { privateKey } = generateKeyPairSync('ed25519');
      await replaceDurably(path, privateKey.export({ type: 'pkcs8', format: 'pem' }), OWNER_ONLY);
    }
    const key = createPrivateKey(await readFile(path));
    if (key.asymmetricKeyType !== 'ed25519') throw new Error(`${path}: expected an Ed25519 private key`);
    const own = createPublicKey(key);
    const trusted = await trustedKeys(modelsDir, env);
    if (trusted.length === 0)
      await replaceDurably(
        join(modelsDir, 'keys', 'trusted.pem'),
        own.export({ type: 'spki', format: 'pem' }),
      );
    else if (!trusted.some((other) => keyIdOf(other) === keyIdOf(own)))
      throw new Error(
        `${path}: its key ${keyIdOf(own)} is not trusted here: nobody would load what it signs`,
      );
    return key;
  });
}

/** The public keys whose signatures count here; none in a registry in which nothing was ever signed. */
export async function trustedKeys(modelsDir: string, env: Environment = process.env): Promise<KeyObject[]> {
  const given = env['TRIOPS_MODEL_PUBLIC_KEY'];
  if (given) return publicKeysOf(given, 'TRIOPS_MODEL_PUBLIC_KEY');
  const path = join(modelsDir, 'keys', 'trusted.pem');
  return existsSync(path) ? publicKeysOf(await readFile(path, 'utf8'), path) : [];
}
