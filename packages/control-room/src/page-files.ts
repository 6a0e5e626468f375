/**
 * Page files (shell): reads the built page once at the start and serves it from memory, compressed.
 *
 * The files are few and small, so each is compressed once as well as it can be. Names under /assets carry a hash of
 * their content: browsers keep them for ever and ask for new ones by new names.
 */
import { readFile, readdir } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import type { RequestHandler } from 'express';

const SUFFIXES_THAT_COMPRESS = new Set(['.js', '.css', '.svg', '.txt']);
const ONE_YEAR_S = 31_536_000;

interface PageFile {
  suffix: string;
  plain: Buffer;
  br?: Buffer;
  gzip?: Buffer;
}

export interface Page {
  /** index.html as Vite built it, before the first screen is put in. */
  html: string;
  serveFiles: RequestHandler;
}

/** @throws when the page has not been built. */
export async function loadPage(directory: string): Promise<Page> {
  const html = await readFile(join(directory, 'index.html'), 'utf8').catch((error: unknown) => {
    throw new Error(`there is no built page in ${directory}: run "npm run build"`, {
      cause: error,
    });
  });
  const files = new Map<string, PageFile>();
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || entry.name.endsWith('.map')) continue;
    const path = join(entry.parentPath, entry.name);
    files.set(`/${relative(directory, path).split(sep).join('/')}`, await compressed(path));
  }
  return { html, serveFiles: serve(files) };
}

async function compressed(path: string): Promise<PageFile> {
  const plain = await readFile(path);
  const suffix = extname(path);
  if (!SUFFIXES_THAT_COMPRESS.has(suffix)) return { suffix, plain };
  return { suffix, plain, br: await promisify(brotliCompress)(plain), gzip: await promisify(gzip)(plain) };
}

function serve(files: ReadonlyMap<string, PageFile>): RequestHandler {
  return (request, response, next) => {
    const file = request.method === 'GET' ? files.get(request.path) : undefined;
    if (file === undefined || file.suffix === '.html') {
      next();
      return;
    }
    const encoding = request.acceptsEncodings('br', 'gzip', 'identity');
    response.vary('accept-encoding');
    response.setHeader(
      'cache-control',
      request.path.startsWith('/assets/') ? `public, max-age=${ONE_YEAR_S}, immutable` : 'no-cache',
    );
    if (encoding === 'br' || encoding === 'gzip') {
      const body = file[encoding];
      if (body !== undefined) {
        response.setHeader('content-encoding', encoding).type(file.suffix).send(body);
        return;
      }
    }
    response.type(file.suffix).send(file.plain);
  };
}
