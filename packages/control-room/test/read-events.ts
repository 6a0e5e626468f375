/** Reads a stream of server-sent events as a browser does; leaving the loop closes the connection. */
export interface ServerSentEvent {
  event: string;
  data: string;
}

export async function* readEvents(url: string): AsyncGenerator<ServerSentEvent> {
  const leaving = new AbortController();
  const response = await fetch(url, { signal: leaving.signal });
  if (response.status !== 200 || response.body === null) {
    throw new Error(`readEvents: expected a stream, got status ${response.status}`);
  }
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for await (const chunk of response.body) {
      const messages = (rest + decoder.decode(chunk, { stream: true })).split('\n\n');
      rest = messages.pop() ?? '';
      for (const message of messages) {
        const fields = new Map(message.split('\n').map((line) => splitField(line)));
        const data = fields.get('data');
        if (data !== undefined) yield { event: fields.get('event') ?? 'message', data };
      }
    }
  } finally {
    leaving.abort();
  }
}

function splitField(line: string): [name: string, value: string] {
  const colon = line.indexOf(': ');
  return colon === -1 ? [line, ''] : [line.slice(0, colon), line.slice(colon + 2)];
}
