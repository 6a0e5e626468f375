import { PATIENCE } from 'service-chassis';
import { expect, it } from 'vitest';
import { untilIdle } from '../../../src/delivery/gateway/drain.js';
import { haproxyGateway } from '../../../src/delivery/gateway/haproxy.js';

/** A clock that only pauses move. */
function clock() {
  const state = { ms: 0 };
  return { state, pause: async (ms: number) => Promise.resolve((state.ms += ms)) };
}

it('a request that takes as long as the service allows is waited for', async () => {
  const { state, pause } = clock();
  await untilIdle(() => state.ms >= PATIENCE.requestMs, pause);
  expect(state.ms).toBe(PATIENCE.requestMs);
});

it('what never ends is not waited for much longer', async () => {
  const { state, pause } = clock();
  await untilIdle(() => false, pause);
  expect(state.ms).toBeGreaterThan(PATIENCE.requestMs);
  expect(state.ms).toBeLessThan(PATIENCE.requestMs + 5_000);
});

it('HAProxy too is waited for until its last session is over', async () => {
  const { state, pause } = clock();
  const ask = async (command: string) => {
    if (command.startsWith('show servers'))
      return Promise.resolve(
        '1\n# srv_name srv_addr srv_port srv_uweight srv_admin_state\nblue 127.0.0.1 1 100 0\ngreen 127.0.0.1 2 0 0',
      );
    if (command.startsWith('show stat'))
      return Promise.resolve(`# svname,scur\nblue,0\ngreen,${state.ms < 29_000 ? 1 : 0}`);
    return Promise.resolve('');
  };
  const gateway = haproxyGateway({ proxy: 'board', ask, pause, now: () => 0 });
  await gateway.setBackends([{ name: 'blue', url: 'http://127.0.0.1:1', weight: 100 }]);
  expect(state.ms).toBe(29_000);
});
