/**
 * The embedded gateway as a process of its own, before one board.
 *
 *   gateway.js BOARD_URL → sends its address, then its usage whenever it is asked
 */
import { startGateway } from 'devops-demo/delivery';
import { answerUsage } from './usage.js';

const gateway = await startGateway({ host: '127.0.0.1', port: 0 });
await gateway.setBackends([{ name: 'blue', url: process.argv[2] ?? '', weight: 100 }]);
answerUsage();
process.send?.(gateway.url);
