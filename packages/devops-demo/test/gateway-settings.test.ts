/** What a person is told who starts a gateway on a port that is taken: the variable that chooses another one. */
import { expect, it } from 'vitest';
import { withFix } from '../src/commands/gateway/settings.js';

const PORTS = { PORT: 8_081, GATEWAY_ADMIN_PORT: 8_085 };
const taken = (port: number) =>
  Object.assign(new Error(`listen EADDRINUSE: address already in use 127.0.0.1:${port}`), {
    code: 'EADDRINUSE',
    port,
  });

it('names the variable of the public port, which the system itself complains of', () => {
  expect(withFix(taken(8_081), PORTS)).toBe(
    'listen EADDRINUSE: address already in use 127.0.0.1:8081: stop that one, or choose a port with PORT=N',
  );
});

it('names the variable of the admin port, of which the chassis tells with the system’s error as its cause', () => {
  const error = new Error('listen: port 8085 on 127.0.0.1 is taken', { cause: taken(8_085) });
  expect(withFix(error, PORTS)).toBe(
    'listen: port 8085 on 127.0.0.1 is taken: stop that one, or choose a port with GATEWAY_ADMIN_PORT=N',
  );
});

it('leaves alone what says nothing of these ports', () => {
  expect(withFix(taken(5_432), PORTS)).toBe('listen EADDRINUSE: address already in use 127.0.0.1:5432');
  expect(withFix(new Error('no database'), PORTS)).toBe('no database');
});
