import { readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { commands } from '../../src/cli/command-line.js';
import { cliBeside, root } from '../support/cli-process.js';
import { eachLine, firstLines, type Keep, lasting, planAndCosts, spoken } from '../support/kept-output.js';
import { cliHere } from '../support/recording-io.js';
import { words } from '../support/sessions.js';
import { newFolder } from '../support/temporary-folder.js';

/**
 * What is answered to 44 command lines, kept in `test/golden/commands/`: the first of each command by a process of the built
 * command, others in this one.
 */

type Case = { name: string; line: string; input?: string; keep?: number | string; keepFiles?: number };

const cases: readonly Case[] = parse(readFileSync('test/fixtures/command-lines.yaml', 'utf8'));
const parts: Record<string, Keep> = {
  'plan and costs': planAndCosts,
  'each line: plan and costs': eachLine(planAndCosts),
  'each line: spoken': eachLine(spoken),
};
const keeping = (keep: Case['keep']): Keep =>
  typeof keep === 'number' ? firstLines(keep) : (parts[keep ?? ''] ?? lasting);

const commandOf = ({ line }: Case): string | undefined =>
  commands.map(({ words }) => words.join(' ')).find((command) => `${line} `.startsWith(`${command} `));
const isFirst = (one: Case): boolean => cases.find((other) => commandOf(other) === commandOf(one)) === one;

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(path.join(folder, name)).isFile() && !/^(?:scenarios|test)\//.test(name))
    .sort();

const section = (title: string, text: string): string =>
  text === '' ? '' : `--- ${title}\n${text.endsWith('\n') ? text : `${text}\n`}`;

/** The command line, the exit code, what was printed and what was written, from a folder of its own. */
async function keptOf(one: Case): Promise<string> {
  const { line, input = '', keep, keepFiles = 6 } = one;
  const folder = newFolder();
  for (const name of ['scenarios', 'test']) symlinkSync(path.join(root, name), path.join(folder, name));
  const { code, out, err } = await (isFirst(one) ? cliBeside : cliHere)(words(line), { cwd: folder, input });
  const written = filesIn(folder).map((name) => [name, readFileSync(path.join(folder, name), 'utf8')] as const);
  const text = [
    `$ deploy-advisor ${line}\nexit ${code}\n`,
    section('stdout', out === '' ? '' : keeping(keep)(out)),
    section('stderr', lasting(err)),
    ...written.map(([name, file]) => section(name, firstLines(keepFiles)(file).trimStart())),
  ].join('');
  for (const place of [root, folder, tmpdir(), homedir()]) expect(text).not.toContain(place);
  return text;
}

test('44 command lines are kept, and of each command one', () => {
  const names = cases.map(({ name }) => name);
  expect([names.length, new Set(names).size]).toEqual([44, 44]);
  const asked = cases.map(commandOf);
  expect(commands.filter(({ words }) => !asked.includes(words.join(' ')))).toEqual([]);
  const goldens = readdirSync(new URL('../golden/commands/', import.meta.url));
  expect(goldens.sort()).toEqual(names.map((name) => `${name}.txt`).sort());
});

test.each(cases)('$name', async (one) => {
  await expect(await keptOf(one)).toMatchFileSnapshot(`../golden/commands/${one.name}.txt`);
});
