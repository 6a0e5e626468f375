/**
 * Merge expositions: the metrics of all versions as one page.
 *
 * in: the text of each `/metrics`, and whose it is → out: one text, each sample with a label `slot`
 *
 * Rule: samples of one metric stay together, under the HELP and TYPE that were read first.
 * When it misleads: gauges of two processes stand side by side. Whoever wants one number must add them or choose.
 * Source: https://prometheus.io/docs/instrumenting/exposition_formats/ (format 0.0.4): "All lines for a given metric must be provided as
 * one single group".
 *
 *   mergeExpositions([{ slot: 'blue', text: '# TYPE up gauge\nup 1\n' }, { slot: 'green', text: '# TYPE up gauge\nup{a="b"} 2\n' }])
 *   // # TYPE up gauge
 *   // up{slot="blue"} 1
 *   // up{slot="green",a="b"} 2
 */
export interface Part {
  readonly slot: string;
  readonly text: string;
}

interface Family {
  readonly comments: Map<string, string>;
  readonly samples: string[];
}

const COMMENT = /^# (HELP|TYPE) (\S+)/;
const NAME = /^[a-zA-Z_:][\w:]*/;

export function mergeExpositions(parts: readonly Part[]): string {
  const families = new Map<string, Family>();
  for (const { slot, text } of parts) {
    let family: Family | undefined;
    for (const line of text.split('\n')) {
      const [, keyword, ofMetric] = COMMENT.exec(line) ?? [];
      const name = ofMetric ?? NAME.exec(line)?.[0];
      if (name === undefined) continue;
      if (keyword !== undefined || family === undefined) family = familyOf(families, name);
      if (keyword === undefined) family.samples.push(withSlot(line, name, slot));
      else if (!family.comments.has(keyword)) family.comments.set(keyword, line);
    }
  }
  const lines = [...families.values()].flatMap(({ comments, samples }) => [...comments.values(), ...samples]);
  return lines.map((line) => `${line}\n`).join('');
}

function familyOf(families: Map<string, Family>, name: string): Family {
  const family = families.get(name) ?? { comments: new Map<string, string>(), samples: [] };
  families.set(name, family);
  return family;
}

function withSlot(line: string, name: string, slot: string): string {
  const rest = line.slice(name.length);
  return rest.startsWith('{')
    ? `${name}{slot="${slot}"${rest.startsWith('{}') ? '' : ','}${rest.slice(1)}`
    : `${name}{slot="${slot}"}${rest}`;
}
