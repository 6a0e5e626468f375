import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** Every package runs its tests the same way, and leaves its counts where `.ci/run` sums them. */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: [fileURLToPath(new URL('vitest.setup.ts', import.meta.url))],
    reporters: ['default', ['json', { outputFile: 'reports/tests.json' }]],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    // On a busy machine a second is nothing; a poll ends as soon as it holds.
    expect: { poll: { timeout: 15_000 } },
  },
});
