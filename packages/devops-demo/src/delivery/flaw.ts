/**
 * Flaw: a version with one genuine defect, for watching the pipeline catch it.
 *
 * Rule: each folder in `flaws/` is a patch of the present sources and a README that says what the defect is. The patched sources are
 * compiled and bundled like any version: no switch, no fault injection, and its unit tests pass.
 * When it misleads: a patch that no longer fits stops with an error; it must be drawn anew when the sources around it change.
 */
export const FLAWS = ['slow', 'errors', 'leak', 'crash', 'bad-migration'] as const;
export type Flaw = (typeof FLAWS)[number];

export function isFlaw(word: string): word is Flaw {
  return FLAWS.some((flaw) => flaw === word);
}

/** The compiler settings of a patched copy, which lies outside of the package. */
export function compilerSettings(baseConfig: string): object {
  return {
    extends: baseConfig,
    compilerOptions: {
      rootDir: 'src',
      outDir: 'dist',
      composite: false,
      incremental: false,
      declaration: false,
      noEmitOnError: true,
    },
    include: ['src'],
  };
}
