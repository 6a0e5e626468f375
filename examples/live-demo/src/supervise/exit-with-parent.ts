/**
 * Loaded into every child before its own program (`node --import`): when the demo is gone, the child ends.
 *
 * Rule: services stop gracefully by themselves when the channel to their parent closes; this is for programs that do not,
 * and for those that hang. The channel itself must not keep a finished program alive.
 */
const GRACE_MS = 6_000;

process.once('disconnect', () => {
  const stopsByItself = process.listenerCount('disconnect') > 0;
  setTimeout(() => process.exit(1), stopsByItself ? GRACE_MS : 0).unref();
  if (!stopsByItself) process.exit(1);
});
process.channel?.unref();
