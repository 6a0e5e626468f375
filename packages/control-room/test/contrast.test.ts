/**
 * Contrast of the page's colours, computed from the stylesheet as WCAG 2.2 defines it
 * (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio): text at least 4.5, shapes that carry meaning at least 3.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync(new URL('../web/styles/tokens.css', import.meta.url), 'utf8');
const colours = new Map(
  [...css.matchAll(/--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)].map(
    ([, name = '', light = '', dark = '']) => [name, { light, dark }] as const,
  ),
);

const TEXT = 4.5;
const SHAPE = 3;
const pairs: [front: string, back: string, least: number][] = [
  ...['ink', 'soft'].flatMap((front) =>
    ['ground', 'panel', 'inset', 'good-ground', 'warn-ground', 'bad-ground'].map(
      (back): [string, string, number] => [front, back, TEXT],
    ),
  ),
  ...['devops', 'mlops', 'aiops', 'good', 'warn', 'bad'].flatMap((front): [string, string, number][] => [
    [front, 'panel', TEXT],
    [front, 'ground', TEXT],
  ]),
  ['aiops', 'inset', TEXT],
  ['good', 'good-ground', TEXT],
  ['warn', 'warn-ground', TEXT],
  ['bad', 'bad-ground', TEXT],
  ['edge', 'panel', SHAPE],
];

describe.each(['light', 'dark'] as const)('%s', (theme) => {
  it.each(pairs)('%s on %s reaches %d', (front, back, least) => {
    expect(contrast(hex(front, theme), hex(back, theme))).toBeGreaterThanOrEqual(least);
  });
});

it('black on white is 21', () => {
  expect(contrast('#000000', '#ffffff')).toBe(21);
});

it('grey #767676 on white just reaches 4.5', () => {
  expect(contrast('#767676', '#ffffff')).toBeCloseTo(4.54, 2);
});

function hex(name: string, theme: 'light' | 'dark'): string {
  const colour = colours.get(name);
  if (colour === undefined) throw new Error(`contrast: expected --${name} in tokens.css, got none`);
  return colour[theme];
}

function contrast(one: string, other: string): number {
  const [lighter = 0, darker = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (lighter + 0.05) / (darker + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
