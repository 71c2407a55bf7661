import { expect, test } from 'vitest';
import { firstLine } from '../../src/units/amount.js';

test('of a message the first line, and of a long one what a line has room for', () => {
  expect(firstLine('bad token: "a"\n  at 3')).toBe('bad token: "a"');
  expect(firstLine('')).toBe('');
  expect(firstLine('x'.repeat(200))).toHaveLength(200);
  expect(firstLine('x'.repeat(5000))).toBe(`${'x'.repeat(200)}…`);
});
