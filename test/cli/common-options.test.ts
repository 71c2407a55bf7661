import { expect, test } from 'vitest';
import { common } from '../../src/cli/command-entry.js';
import { commands } from '../../src/cli/command-line.js';
import { asOf } from '../support/committed.js';
import { cliHere } from '../support/recording-io.js';

const chatbot = 'scenarios/support-chatbot.yaml';
const haiku = 'cloud-api/anthropic/claude-haiku-4-5';
const at = ['--as-of', asOf];

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

test.each(['check', 'compare'])('%s has no draws for a rule about them with --point', async (command) => {
  const asked = [command, chatbot, ...at, '--point', '--fail-on', 'probability<0.7', '--format', 'json'];
  const { code, out, err } = await cliHere(asked);
  expect({ code, err }).toEqual({ code: 2, err: '' });
  expect(out).toContain('probability<0.7 asks for simulations, which --point leaves out');
});

test('explain takes the plan by --option, and not twice', async () => {
  const asked = ['explain', chatbot, ...at, '--point', '--seed', '7', '--format', 'json'];
  const [byArgument, byOption] = [
    await cliHere([...asked, haiku, 'costPerRequest']),
    await cliHere([...asked, '--option', haiku, 'costPerRequest']),
  ];
  expect(byOption).toEqual(byArgument);
  expect(JSON.parse(byOption.out)).toMatchObject({ plan: haiku, figure: 'costPerRequest' });
  const twice = await cliHere([...asked, '--option', haiku, haiku, 'costPerRequest']);
  expect(twice.code).toBe(2);
  expect(twice.out).toContain('both name a plan');
});

test('an option that is nearly one says what is meant', async () => {
  const line = `assess ${chatbot} --as-of ${asOf} --point --format json --option cloud-api/anthropc/claude-haiku-4-5`;
  const [row] = JSON.parse((await cliHere(line)).out).asked;
  expect(row.verdict).toMatch(/^no: not on sale in the tables of 2026-08-21 \(did you mean anthropic\?\)$/);
  expect(row.failedGates[0]).toMatchObject({ gate: 'available', have: 'not on sale' });
  expect(row.failedGates[0].reason).toContain('did you mean anthropic?');
});
