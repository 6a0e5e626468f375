/**
 * Signature: who vouches for a manifest, and with it for every file whose digest it holds.
 *
 * in:  the bytes of manifest.json, a private key → out: the text of manifest.sig; and back with public keys: valid, or why not
 *
 * Rule: Ed25519 over the exact bytes. The digests in a manifest find damage; the signature finds a manifest that was written by somebody
 * without the key. Several public keys may be trusted, so that keys can be changed.
 *
 * When it misleads: a private key that lies beside the models protects against those who cannot read it, not against those who can. Keep it
 * where models are made, and give servers the public one only (TRIOPS_MODEL_PUBLIC_KEY).
 *
 * Source: RFC 8032, Edwards-Curve Digital Signature Algorithm (2017); node:crypto.
 */
import { createHash, createPublicKey, sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { z } from 'zod';

const signatureSchema = z.object({
  algorithm: z.literal('Ed25519'),
  /** Which public key verifies it: `keyIdOf`. */
  key: z.string(),
  signature: z.base64(),
});

const PEM = /-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----/g;
const ID_DIGITS = 16;

/** A verdict on a manifest's bytes. */
export type SignatureVerdict = { state: 'valid'; key: string } | { state: 'invalid'; because: string };

/** A short name that follows from the public key. */
export function keyIdOf(publicKey: KeyObject): string {
  const der = publicKey.export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(der).digest('hex').slice(0, ID_DIGITS);
}

/** What stands in manifest.sig. */
export function signManifest(manifest: Uint8Array, privateKey: KeyObject): string {
  const signature = sign(null, manifest, privateKey).toString('base64');
  const key = keyIdOf(createPublicKey(privateKey));
  return `${JSON.stringify({ algorithm: 'Ed25519', key, signature }, null, 2)}\n`;
}

/** @param text what stands in manifest.sig; undefined when there is none */
export function verifyManifest(
  manifest: Uint8Array,
  text: string | undefined,
  trusted: readonly KeyObject[],
): SignatureVerdict {
  if (text === undefined)
    return invalid('its manifest is not signed: run `mlops sign` for it, if you trust it');
  const signed = read(text);
  if (signed === undefined) return invalid('manifest.sig is no signature');
  const key = trusted.find((candidate) => keyIdOf(candidate) === signed.key);
  if (key === undefined)
    return invalid(
      `its manifest is signed with the key ${signed.key}, which is not trusted here: run \`mlops sign\` for it, if you trust it`,
    );
  if (!verify(null, manifest, key, Buffer.from(signed.signature, 'base64')))
    return invalid('its manifest is not the one that was signed');
  return { state: 'valid', key: signed.key };
}

/**
 * The Ed25519 keys of a text with one or more public keys in PEM.
 *
 * @throws when it holds none, or one of another kind
 */
export function publicKeysOf(text: string, name: string): KeyObject[] {
  const keys = (text.replaceAll('\\n', '\n').match(PEM) ?? []).map((pem) => createPublicKey(pem));
  if (keys.length === 0 || keys.some((key) => key.asymmetricKeyType !== 'ed25519'))
    throw new Error(`${name}: expected Ed25519 public keys in PEM`);
  return keys;
}

function read(text: string): z.infer<typeof signatureSchema> | undefined {
  try {
    return signatureSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function invalid(because: string): SignatureVerdict {
  return { state: 'invalid', because };
}
