/** Property tests draw the same cases in every run: a failure is there again at the next try. `TRIOPS_TEST_SEED=7 npm test` draws others. */
import fc from 'fast-check';

fc.configureGlobal({ seed: Number(process.env['TRIOPS_TEST_SEED'] ?? 2001) });
