/**
 * Headers: which of them go through the gateway.
 *
 * in: headers as they came, name and value in turn → out: the same without those that belong to one connection
 *
 * Rule: hop-by-hop headers, and those that `Connection` names, end here; each side has its own connection.
 * Source: RFC 9110 (2022), 7.6.1 "Connection".
 *
 *   endToEnd(['Connection', 'x-a', 'x-a', '1', 'x-b', '2']) // ['x-b', '2']
 */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
]);

export function endToEnd(raw: readonly string[]): string[] {
  const named = new Set<string>();
  for (const [name, value] of pairs(raw)) {
    if (name.toLowerCase() === 'connection') {
      for (const word of value.split(',')) named.add(word.trim().toLowerCase());
    }
  }
  return pairs(raw)
    .filter(([name]) => !HOP_BY_HOP.has(name.toLowerCase()) && !named.has(name.toLowerCase()))
    .flat();
}

function pairs(raw: readonly string[]): [name: string, value: string][] {
  const all: [string, string][] = [];
  for (let at = 0; at + 1 < raw.length; at += 2) all.push([raw[at] ?? '', raw[at + 1] ?? '']);
  return all;
}
