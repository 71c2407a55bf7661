import { expect, test } from 'vitest';
import { cliHere } from '../support/recording-io.js';

test('a word with its meaning, by a part of its name or else by what explains it', async () => {
  const { code, out } = await cliHere(['glossary', 'Cache']);
  expect(code).toBe(0);
  expect(out).toMatch(/^prefix, cache hit\n {4}the part of a prompt that repeats/);
  expect((await cliHere(['glossary', 'GPT-3.5'])).out).toMatch(/^quality\n/);
});

test('all words, of which none is a line of the table itself', async () => {
  const { out } = await cliHere(['glossary']);
  expect(out.match(/^\S/gm)?.length).toBeGreaterThan(20);
  expect(out).not.toMatch(/\||^word$|---/m);
});

test('a word that is none is refused with what lists them', async () => {
  const { code, err } = await cliHere(['glossary', 'zzz']);
  expect(code).toBe(2);
  expect(err).toContain('glossary lists them all');
});
