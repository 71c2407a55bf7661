import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sha256 } from '../../src/tables/sha256.js';

test('the examples of FIPS 180-4', () => {
  expect(sha256('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  expect(sha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});

test('agrees with another implementation at every length around a block, and on any text', () => {
  const other = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');
  for (let length = 0; length < 140; length++) expect(sha256('a'.repeat(length))).toBe(other('a'.repeat(length)));
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => sha256(text) === other(text)));
});
