import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { commands } from '../../src/cli/command-line.js';
import { candidates } from '../../src/cli/commands/completion.js';
import { namesOf } from '../../src/cli/names.js';
import { completedShells as shells } from '../../src/cli/own-commands.js';
import { shippedDates } from '../../src/cli/read-tables.js';
import { casesIn } from '../support/cases.js';
import { main, root } from '../support/cli-process.js';
import { shippedTables } from '../support/load.js';
import { cliHere } from '../support/recording-io.js';
import { sampled } from '../support/sample.js';
import { newFolder } from '../support/temporary-folder.js';

type Shell = (typeof shells)[number];
const folder = newFolder();
// The program that scripts ask.
writeFileSync(path.join(folder, 'deploy-advisor'), `#!/bin/sh\nexec "${process.execPath}" "${main}" "$@"\n`, {
  mode: 0o755,
});
const env = { ...process.env, PATH: `${folder}${path.delimiter}${process.env.PATH}` };

const scripts = Object.fromEntries(
  await Promise.all(
    shells.map(async (shell) => {
      const { code, out, err } = await cliHere(['completion', shell]);
      expect({ code, err }).toEqual({ code: 0, err: '' });
      const file = path.join(folder, `_deploy-advisor.${shell}`);
      writeFileSync(file, out);
      return [shell, { file, out }];
    }),
  ),
) as Record<Shell, { file: string; out: string }>;

const answer = (command: string, ...args: string[]): string => {
  const { stdout, stderr, status } = spawnSync(command, args, { cwd: root, env, encoding: 'utf8', timeout: 60_000 });
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  return stdout;
};
const installed = (shell: Shell): boolean => spawnSync(shell, ['-c', 'exit 0']).status === 0;

/** What a shell offers after lines, each sorted and whole: without descriptions, the slash of a folder, and `--option=`. */
const offered: Record<Shell, (lines: readonly string[]) => Record<string, string[]>> = {
  bash: (lines) => parted(answer('bash', 'test/shells/complete.bash', scripts.bash.file, ...lines)),
  fish: (lines) => parted(answer('fish', '--no-config', 'test/shells/complete.fish', scripts.fish.file, ...lines)),
  zsh: (lines) =>
    parted(
      lines
        .map((line) => `> ${line}\n${answer('zsh', '-f', 'test/shells/complete.zsh', scripts.zsh.file, line)}`)
        .join(''),
    ),
};

function parted(text: string): Record<string, string[]> {
  const blocks = text.split(/^> /m).slice(1);
  return Object.fromEntries(
    blocks.map((block) => {
      const [line = '', ...found] = block.split('\n');
      const bare = found.map((one) => one.replace(/\t.*|\/$/g, '').replace(/^--[a-z-]+=(?=.)/, ''));
      return [line, [...new Set(bare.filter((one) => one !== ''))].sort()];
    }),
  );
}

const firstWords = [...new Set([...commands.map(({ words }) => words[0] as string), 'help'])].sort();

/** The start of a line, and all that a shell offers to go on with. */
const known = casesIn('completion', {
  offered: { line: z.string(), offers: z.array(z.string()) },
  free: { option: z.string(), value: z.string() },
});
const cases: Record<string, readonly string[]> = {
  'deploy-advisor ': firstWords,
  'deploy-advisor assess x.yaml --pricing 20': shippedDates(),
  ...Object.fromEntries(known.offered.map(({ line, offers }) => [line, offers])),
};

test.each(shells)('%s: a script from the table of commands, without an error to the shell', (shell) => {
  expect(scripts[shell].out).toMatch(
    new RegExp(`^#.*\n?# ${shell} completion for deploy-advisor|^# ${shell} completion`),
  );
  if (installed(shell)) answer(shell, '-n', scripts[shell].file);
});

describe.each(shells)('%s', (shell) => {
  // A shell that is not installed is not asked; bash always is.
  const here = shell === 'bash' || installed(shell);
  // Each line asks the program; all lines are asked of it below.
  const lines = sampled(Object.keys(cases), shell === 'bash' ? 12 : 6, {
    group: (line) => line.split(' ')[1] ?? '',
    name: (line) => line,
  });

  test.skipIf(!here)(`offers what there is${here ? '' : ` (${shell} is not installed)`}`, () => {
    expect(offered[shell](lines)).toEqual(Object.fromEntries(lines.map((line) => [line, cases[line]])));
  });

  test.skipIf(!here)(
    `offers rules up to their limit, and < and > as no redirection${here ? '' : ` (${shell} is not installed)`}`,
    () => {
      const line = 'deploy-advisor check x.yaml --fail-on ';
      const rules = ['cost>', 'flip', 'infeasible', 'margin<', 'probability<', 'stale>', 'warning'];
      // Fish quotes what it puts in; the others were to show it quoted.
      const shown = shell === 'fish' ? rules : rules.map((rule) => rule.replace(/[<>]/, '\\$&'));
      expect(offered[shell]([line])).toEqual({ [line]: shown });
    },
  );
});

describe('what the program offers', () => {
  const tables = shippedTables();
  const offer = async (line: string): Promise<string[]> =>
    candidates(line, commands, namesOf(await tables, shippedDates(), []));
  const bare = (word: string): string => word.replace(/\/$/, '').replace(/^--[a-z-]+=(?=.)/, '');

  test.each(Object.entries(cases))('%s', async (line, expected) => {
    expect((await offer(line)).map(bare).sort()).toEqual([...expected].sort());
  });

  test('every option with a text offers something, or it is a text of its own', async () => {
    const free = new Set<string>();
    for (const { words, options } of commands)
      for (const { flags } of options) {
        const [names = '', value] = flags.split(/ (?=[<[])/);
        const name = names.split(', ').at(-1) as string;
        if (value !== undefined && (await offer(`deploy-advisor ${words.join(' ')} ${name} `)).length === 0)
          free.add(`${name} ${value}`);
      }
    expect([...free].sort()).toEqual(known.free.map(({ option, value }) => `${option} ${value}`));
  });
});
