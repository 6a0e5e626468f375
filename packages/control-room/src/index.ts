/** The control room. Start reading at `room.ts`. */
export type { RoomState } from './room.js';
export { startControlRoom } from './server.js';
export type { ControlRoomOptions } from './server.js';
