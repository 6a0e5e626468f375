import { mergeConfig } from 'vitest/config';
import shared from '../../vitest.shared.ts';

export default mergeConfig(shared, {
  // Published without the sources that its source maps name: a warning for each of sixty files.
  logLevel: 'error',
  test: {
    globalSetup: ['test/database-server.ts'],
    // It imports JSON without saying so, which Node refuses and Vite resolves.
    server: { deps: { inline: [/@actions\//] } },
  },
});
