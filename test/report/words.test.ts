import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const phrases = readFileSync('test/words.txt', 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'));

/** First screens of every shipped scenario and of made-up decisions; the rest of `--detail` speaks of ids and figures. */
const screens = [
  ...readdirSync('test/golden/scenarios')
    .filter((name) => /^[^.]+\.txt$/.test(name))
    .map((name) => `test/golden/scenarios/${name}`),
  ...readdirSync('test/golden')
    .filter((name) => /^report-[a-z]+(-60|-80)?\.(txt|md)$/.test(name))
    .map((name) => `test/golden/${name}`),
  'README.md',
];

test('the list is one of plain phrases, each once', () => {
  expect(phrases.length).toBeGreaterThan(35);
  expect(new Set(phrases).size).toBe(phrases.length);
});

test.each(screens)('%s says nothing in words of our own', (file) => {
  const text = readFileSync(file, 'utf8').replaceAll(/\s+/g, ' ');
  expect(phrases.filter((phrase) => text.includes(phrase))).toEqual([]);
});
