import { expect, test } from 'vitest';
import { common } from '../../src/cli/command-entry.js';
import { commands } from '../../src/cli/command-line.js';

/** Commands that decide a scenario; what `init` sets it writes. */
const deciding = commands.filter(({ options, words }) => options.includes(common.set) && words[0] !== 'init');
const flagsOf = (words: readonly string[]): string[] =>
  commands
    .filter((entry) => entry.words.join(' ') === words.join(' '))
    .flatMap(({ options }) => options.map(({ flags }) => flags.split(/[ ,]+/)[0] as string));

test('every command that decides takes the options that all of them share', () => {
  expect(deciding.map(({ words }) => words.join(' ')).sort()).toEqual(
    'assess backtest breakeven check compare explain export guides sweep'.split(' '),
  );
  const shared = ['--pricing', '--price-book', '--set', '--as-of', '-f', '-o', '--point', '--seed', '--no-color', '-q'];
  for (const { words } of deciding) {
    // Its targets are its formats.
    const own = words[0] === 'export' ? shared.filter((flag) => flag !== '-f') : shared;
    expect(flagsOf(words), words.join(' ')).toEqual(expect.arrayContaining(own));
  }
});
