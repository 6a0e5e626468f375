/** Exit 0 when this container's own service answers that it is ready, or what else is asked: `healthy.mjs /livez`. Compose's health check. */
const path = process.argv[2] ?? '/readyz';
try {
  const response = await fetch(`http://127.0.0.1:${process.env.PORT}${path}`, {
    signal: AbortSignal.timeout(2_500),
  });
  if (!response.ok) process.stderr.write(`${await response.text()}\n`);
  process.exit(response.ok ? 0 : 1);
} catch (error) {
  process.stderr.write(`${String(error)}\n`);
  process.exit(1);
}
