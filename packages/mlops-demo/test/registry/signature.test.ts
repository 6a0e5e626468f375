import { spawnSync } from 'node:child_process';
import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { cp, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openAuditLog } from 'devops-demo/audit';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { chooseBackend } from '../../src/backend.js';
import { keyIdOf, publicKeysOf, signManifest, verifyManifest } from '../../src/registry/signature.js';
import { registerModel, signModel, transition } from '../../src/registry/changes/store.js';
import { loadModel } from '../../src/registry/store.js';
import { artifactOf, randomModel } from '../serve/world.js';

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
// Processes of their own: a busy machine may take long to start them.
vi.setConfig({ testTimeout: 120_000 });

const pemOf = (key: KeyObject): string => key.export({ type: 'spki', format: 'pem' }).toString();

describe('a signature', () => {
  test('is that of RFC 8032, section 7.1, test 2', () => {
    const seed = '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb';
    const der = Buffer.from(`302e020100300506032b657004220420${seed}`, 'hex');
    const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
    const { signature } = JSON.parse(signManifest(Buffer.from('72', 'hex'), key)) as { signature: string };
    expect(Buffer.from(signature, 'base64').toString('hex')).toBe(
      '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da' +
        '085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
    );
  });

  test('is valid for its bytes and its key only, and says what is wrong', () => {
    const [mine, other] = [generateKeyPairSync('ed25519'), generateKeyPairSync('ed25519')];
    const manifest = Buffer.from('{"version":"m-1"}');
    const text = signManifest(manifest, mine.privateKey);
    const both = publicKeysOf(pemOf(other.publicKey) + pemOf(mine.publicKey), 'a test');
    expect(verifyManifest(manifest, text, both)).toEqual({ state: 'valid', key: keyIdOf(mine.publicKey) });
    const becauseOf = (bytes: Buffer, signature: string | undefined, trusted: KeyObject[]): unknown =>
      verifyManifest(bytes, signature, trusted);
    expect(becauseOf(Buffer.from('{"version":"m-2"}'), text, both)).toHaveProperty(
      'because',
      'its manifest is not the one that was signed',
    );
    expect(becauseOf(manifest, text, [other.publicKey])).toHaveProperty(
      'because',
      `its manifest is signed with the key ${keyIdOf(mine.publicKey)}, which is not trusted here: run \`mlops sign\` for it, if you trust it`,
    );
    expect(becauseOf(manifest, 'yes', both)).toHaveProperty('because', 'manifest.sig is no signature');
    expect(becauseOf(manifest, undefined, both)).toHaveProperty(
      'because',
      expect.stringContaining('not signed'),
    );
  });

  test('takes no other kind of key, and no text without one', () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey;
    expect(() => publicKeysOf(pemOf(rsa), 'X')).toThrow('X: expected Ed25519 public keys in PEM');
    expect(() => publicKeysOf('ed25519', 'X')).toThrow('X: expected Ed25519 public keys in PEM');
  });
});

describe('a registry with signed manifests', () => {
  let modelsDir: string;
  const at = (...names: string[]): string => join(modelsDir, ...names);
  const ofVersion = (version: string, name: string): string => at('versions', version, name);
  const who = { by: 'person:ada', because: 'a test says so', at: '2001-02-01T00:00:00.000Z' };
  const load = async (version = 'm-1'): Promise<unknown> => loadModel(modelsDir, version);

  beforeEach(async () => {
    vi.stubEnv('TRIOPS_STATE_DIR', '');
    vi.stubEnv('TRIOPS_MODEL_PUBLIC_KEY', '');
    vi.stubEnv('TRIOPS_MODEL_SIGNING_KEY_FILE', '');
    await chooseBackend('cpu');
    modelsDir = await mkdtemp(join(tmpdir(), 'mlops-signed-'));
    for (const [seed, version] of ['m-1', 'm-2'].entries())
      await registerModel(modelsDir, await artifactOf(randomModel(seed), version, []));
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await rm(modelsDir, { recursive: true });
  });

  test('makes its key on first use, for its owner only, and trusts it', async () => {
    expect((await stat(at('keys', 'signing.pem'))).mode & 0o777).toBe(0o600);
    expect(await readFile(at('keys', 'trusted.pem'), 'utf8')).toBe(
      pemOf(createPublicKey(await readFile(at('keys', 'signing.pem')))),
    );
    expect(await load()).toMatchObject({ state: 'loaded' });
  });

  test('says what to do when its keys are gone, and that helps', async () => {
    await rm(at('keys'), { recursive: true });
    await expect(transition(modelsDir, { ...who, version: 'm-1', to: 'production' })).rejects.toThrow(
      /not trusted here: run `mlops sign` for it, if you trust it$/,
    );
    await signModel(modelsDir, 'm-1', who.by, who.because);
    await transition(modelsDir, { ...who, version: 'm-1', to: 'production' });
    expect(await load()).toMatchObject({ state: 'loaded' });
  });

  test('refuses a manifest that was changed, with all digests right, at load and at promotion', async () => {
    const path = ofVersion('m-1', 'manifest.json');
    await writeFile(path, (await readFile(path, 'utf8')).replace('"seed": 1', '"seed": 2'));
    const because = 'm-1: its manifest is not the one that was signed';
    expect(await load()).toEqual({ state: 'refused', because });
    await expect(transition(modelsDir, { ...who, version: 'm-1', to: 'production' })).rejects.toThrow(
      because,
    );
  });

  test('refuses another version under a good name, although it is signed', async () => {
    await cp(at('versions', 'm-2'), at('versions', 'm-1'), { recursive: true, force: true });
    expect(await load()).toEqual({ state: 'refused', because: 'm-1: its manifest is that of m-2' });
  });

  test('refuses a version without signature until somebody signs it, which is in the audit log', async () => {
    await rm(ofVersion('m-1', 'manifest.sig'));
    expect(await load()).toHaveProperty(
      'because',
      expect.stringMatching(/^m-1: its manifest is not signed: run `mlops sign`/),
    );
    const signed = spawnSync(
      process.execPath,
      [CLI, 'sign', 'm-1', '--by', 'person:ada', '--out', modelsDir],
      {
        encoding: 'utf8',
      },
    );
    expect(signed.stdout).toBe('m-1 is signed\n');
    expect(await load()).toMatchObject({ state: 'loaded' });
    expect((await openAuditLog(modelsDir).entries()).at(-1)).toMatchObject({
      actor: 'person:ada',
      action: 'model.signed',
      subject: 'delay-risk m-1',
    });
  });

  test('does not sign what is damaged', async () => {
    await writeFile(ofVersion('m-1', 'weights.bin'), 'no weights');
    await expect(signModel(modelsDir, 'm-1', 'person:ada', 'hope')).rejects.toThrow(
      /^m-1: weights\.bin has 10 bytes/,
    );
  });

  test('replaces an unsigned version when the same artifact is registered again', async () => {
    await rm(ofVersion('m-1', 'manifest.sig'));
    expect(await registerModel(modelsDir, await artifactOf(randomModel(0), 'm-1', []))).toMatchObject({
      state: 'registered',
    });
    expect(await load()).toMatchObject({ state: 'loaded' });
  });

  test('a server with a pinned public key refuses what a key that was put beside the models has signed', async () => {
    vi.stubEnv('TRIOPS_MODEL_PUBLIC_KEY', await readFile(at('keys', 'trusted.pem'), 'utf8'));
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    await writeFile(at('keys', 'trusted.pem'), pemOf(publicKey));
    await writeFile(
      ofVersion('m-1', 'manifest.sig'),
      signManifest(await readFile(ofVersion('m-1', 'manifest.json')), privateKey),
    );
    expect(await load()).toHaveProperty('because', expect.stringContaining('which is not trusted here'));
    expect(await load('m-2')).toMatchObject({ state: 'loaded' });
  });

  test('with a given key signs with that one, and refuses to sign what nobody would trust', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    await writeFile(at('given.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
    vi.stubEnv('TRIOPS_MODEL_SIGNING_KEY_FILE', at('given.pem'));
    const third = await artifactOf(randomModel(3), 'm-3', []);
    await expect(registerModel(modelsDir, third)).rejects.toThrow(/is not trusted here/);
    const trusted = await readFile(at('keys', 'trusted.pem'), 'utf8');
    await writeFile(at('keys', 'trusted.pem'), trusted + pemOf(publicKey));
    await registerModel(modelsDir, third);
    expect(await load('m-3')).toMatchObject({ state: 'loaded' });
    expect(await load()).toMatchObject({ state: 'loaded' });
  });
});
