/**
 * The commit that is being built, from git.
 *
 * Rule: `+changes` is added when anything differs that gets into the bundle: this package, the chassis that is bundled with it, the
 * libraries, and how both are compiled. `TRIOPS_COMMIT` says it where there is no git, as in an image; else it is `unknown`.
 * When it misleads: what lies in node_modules is not looked at; `npm ci` is what makes it the lock file's.
 */
import { execFileSync } from 'node:child_process';

/** Below the package. Its package.json and the chassis' are also their build scripts. */
const BUNDLED = [
  'src',
  'migrations',
  'package.json',
  'tsconfig.json',
  ...['src', 'package.json', 'tsconfig.json'].map((part) => `../service-chassis/${part}`),
  ...['package.json', 'package-lock.json', 'tsconfig.base.json'].map((part) => `../../${part}`),
];

export function builtCommit(packageDir: string, given = process.env['TRIOPS_COMMIT']): string {
  if (given) return given;
  const git = (...words: string[]) =>
    execFileSync('git', words, {
      cwd: packageDir,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  try {
    const isChanged = git('status', '--porcelain', '--', ...BUNDLED) !== '';
    return `${git('rev-parse', 'HEAD')}${isChanged ? '+changes' : ''}`;
  } catch {
    return 'unknown';
  }
}
