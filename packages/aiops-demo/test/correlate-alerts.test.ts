import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Alert } from '../src/correlate/alert.js';
import { shownAlerts } from '../src/correlate/alert-group.js';
import { correlateAlert, createAlertMemory } from '../src/correlate/correlate-alerts.js';
import type { Placed } from '../src/correlate/correlate-alerts.js';
import { neighbourhoodOf } from '../src/correlate/neighbourhood.js';
import type { CallGraph } from '../src/topology.js';

const graphOf = (...calls: string[]): CallGraph =>
  calls.map((call) => {
    const [from = '', to = ''] = call.split('>');
    return { from, to, waits: true, toldBy: [] };
  });

/** `alert('board', 5)`: HighLatency of board, begun and arrived after 5 s. */
function alert(service: string, second: number, more: Partial<Alert> = {}): Alert {
  const name = more.name ?? 'HighLatency';
  return {
    fingerprint: `${service}/${name}`,
    source: 'alertmanager',
    service,
    name,
    text: `${name} at ${service}`,
    severity: 'warning',
    status: 'firing',
    at: second * 1_000,
    ...more,
  };
}

function stream(graph: CallGraph, ...alerts: Alert[]): Placed[] {
  const memory = createAlertMemory(graph);
  return alerts.map((one) => correlateAlert(one, one.at, memory));
}
const groupsOf = (placed: readonly Placed[]) => placed.map(({ group }) => group.id);

describe('neighbourhoodOf', () => {
  test('callees and callers within two calls, the nearest number counts', () => {
    const near = neighbourhoodOf(graphOf('a>b', 'b>c', 'c>d', 'a>c'));
    expect([...near.callees('a')]).toEqual([
      ['b', 1],
      ['c', 1],
      ['d', 2],
    ]);
    expect([...near.callers('d').keys()]).toEqual(['c', 'b', 'a']);
    expect([...near.siblings('a')]).toEqual(['b']);
  });

  test('a caller that does not wait is no neighbour', () => {
    const near = neighbourhoodOf([{ from: 'a', to: 'b', waits: false, toldBy: [] }]);
    expect([...near.callees('a').keys()]).toEqual([]);
  });
});

describe('correlateAlert', () => {
  const chain = graphOf('site>board', 'board>model');

  test('a cascade is one group, and only its cause is shown', () => {
    const placed = stream(chain, alert('model', 0), alert('board', 20), alert('site', 40));
    expect(placed.map(({ as }) => as)).toEqual(['opening', 'joining', 'joining']);
    expect(groupsOf(placed)).toEqual([1, 1, 1]);
    const group = placed.at(-1)?.group;
    expect(group === undefined ? [] : shownAlerts(group).map(({ service }) => service)).toEqual(['model']);
  });

  test('the order of arrival does not matter: a cause that comes last takes its effects in', () => {
    const graph = graphOf('one>root', 'two>root');
    const placed = stream(graph, alert('one', 10), alert('two', 20), alert('root', 30));
    expect(groupsOf(placed)).toEqual([1, 2, 2]);
    expect(placed.at(-1)?.merged).toEqual([1]);
    expect([...(placed.at(-1)?.group.causes ?? [])]).toEqual(['root']);
  });

  test('two causes that meet in a common caller stay two groups', () => {
    const graph = graphOf('site>one', 'site>two');
    const placed = stream(graph, alert('one', 0), alert('two', 5), alert('site', 30));
    expect(groupsOf(placed)).toEqual([1, 2, 2]);
  });

  test('a repeated, resolved, refiring alert is one alert', () => {
    const placed = stream(
      chain,
      alert('model', 0),
      alert('model', 60, { status: 'resolved' }),
      alert('model', 90),
    );
    expect(placed.map(({ as }) => as)).toEqual(['opening', 'repeating', 'repeating']);
    expect(placed[0]?.group.alerts.size).toBe(1);
  });

  test('after ten minutes without an arrival the same alert opens a new group', () => {
    expect(groupsOf(stream(chain, alert('model', 0), alert('model', 700)))).toEqual([1, 2]);
  });

  test('unconnected services, and connected ones three minutes apart, are not together', () => {
    expect(groupsOf(stream(chain, alert('model', 0), alert('elsewhere', 1)))).toEqual([1, 2]);
    expect(groupsOf(stream(chain, alert('model', 0), alert('board', 181)))).toEqual([1, 2]);
  });

  test('a callee that fails well after its caller does not explain it', () => {
    expect(groupsOf(stream(chain, alert('board', 0), alert('model', 61)))).toEqual([1, 2]);
  });

  test('two callers that name the same silent callee are together; without the name they are not', () => {
    const graph = graphOf('one>root', 'two>root');
    const named = (service: string, second: number) => alert(service, second, { text: 'calls to root fail' });
    expect(groupsOf(stream(graph, named('one', 0), named('two', 5)))).toEqual([1, 1]);
    expect(groupsOf(stream(graph, alert('one', 0), alert('two', 5)))).toEqual([1, 2]);
  });

  test('of two groups the one whose service the text names is chosen', () => {
    const graph = graphOf('site>one', 'site>two');
    const site = alert('site', 12, { text: 'calls to one fail' });
    expect(groupsOf(stream(graph, alert('one', 0), alert('two', 10), site))).toEqual([1, 2, 1]);
  });

  test('in a cycle the first stays the cause', () => {
    const placed = stream(graphOf('a>b', 'b>a'), alert('a', 0), alert('b', 5));
    expect([...(placed[1]?.group.causes ?? [])]).toEqual(['a']);
  });
});

describe('whatever arrives', () => {
  const service = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
  const arrivals = fc.array(
    fc.record({ service, second: fc.nat(2_000), name: fc.constantFrom('HighLatency', 'QueueFull') }),
    { maxLength: 60 },
  );
  const graph = graphOf('a>b', 'b>c', 'c>a', 'd>c', 'e>c', 'f>f');

  test('every alert is in exactly one group that knows it, and each group has a cause', () => {
    fc.assert(
      fc.property(arrivals, (told) => {
        const memory = createAlertMemory(graph);
        for (const one of told) {
          const made = alert(one.service, one.second, { name: one.name });
          const { group } = correlateAlert(made, 0, memory);
          expect(memory.groups.get(group.id)).toBe(group);
        }
        const held = [...memory.groups.values()].flatMap(({ alerts }) => [...alerts.keys()]);
        expect(new Set(held).size).toBe(held.length);
        expect(held.toSorted()).toEqual([...memory.groupOf.keys()].toSorted());
        for (const group of memory.groups.values()) expect(shownAlerts(group).length).toBeGreaterThan(0);
      }),
    );
  });

  test('when all is old, nothing is remembered', () => {
    fc.assert(
      fc.property(arrivals, (told) => {
        const memory = createAlertMemory(graph);
        for (const one of told) correlateAlert(alert(one.service, one.second), 0, memory);
        correlateAlert(alert('elsewhere', 0), 10_000_000, memory);
        expect([memory.groups.size, memory.groupOf.size, memory.groupsAt.size]).toEqual([1, 1, 1]);
      }),
    );
  });
});

test('ten thousand alerts cost at most one comparison each, in separate parts of a graph', () => {
  const parts = Array.from({ length: 1_000 }, (_, part) => part);
  const graph = graphOf(
    ...parts.flatMap((part) => [`${part}/site>${part}/board`, `${part}/board>${part}/model`]),
  );
  const memory = createAlertMemory(graph);
  for (let round = 0; round < 4; round += 1) {
    for (const part of parts) {
      for (const name of ['model', 'board', 'site']) {
        if (memory.comparisons > 10_000) throw new Error('too much work');
        correlateAlert(alert(`${part}/${name}`, round), round * 1_000, memory);
      }
    }
  }
  expect(memory.comparisons).toBe(2_000);
  expect(memory.groups.size).toBe(1_000);
});
