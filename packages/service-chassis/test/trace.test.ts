import { describe, expect, it } from 'vitest';
import { currentTrace, outgoingHeaders, traceIdOf, withNewTrace } from '../src/index.js';

// The example of https://www.w3.org/TR/trace-context/#examples-of-http-traceparent-headers
const EXAMPLE = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

describe('trace context', () => {
  it('reads the trace id of the example in the recommendation', () => {
    expect(traceIdOf(EXAMPLE)).toBe('4bf92f3577b34da6a3ce929d0e0e4736');
  });

  it.each([
    undefined,
    '',
    'nonsense',
    `ff${EXAMPLE.slice(2)}`,
    `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`,
    `00-4bf92f3577b34da6a3ce929d0e0e4736-${'0'.repeat(16)}-01`,
    EXAMPLE.toUpperCase(),
  ])('refuses %s', (header) => {
    expect(traceIdOf(header)).toBeUndefined();
  });

  it('has no context and no headers outside a request', () => {
    expect(currentTrace()).toBeUndefined();
    expect(outgoingHeaders()).toEqual({});
  });

  it('survives an await and becomes a traceparent for the next service', async () => {
    await withNewTrace(async () => {
      const before = currentTrace();
      await Promise.resolve();
      expect(currentTrace()).toBe(before);
      expect(traceIdOf(outgoingHeaders()['traceparent'])).toBe(before?.traceId);
    });
  });
});
