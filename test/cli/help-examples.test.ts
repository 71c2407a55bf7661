import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { commandGroups, commands, run } from '../../src/cli/command-line.js';
import { main, root } from '../support/cli-process.js';
import { cliHere, recordingIo } from '../support/recording-io.js';
import { long } from '../support/sample.js';
import { newFolder } from '../support/temporary-folder.js';

const folder = newFolder();

/** The words of an example, as a shell would pass them on; files written to by the shell are left out. */
const wordsOf = (example: string): string[] =>
  [...example.replace(/ [<>] \S+/g, '').matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');

const examples = commands.flatMap(({ words, examples: all }) =>
  all.map((example) => ({ example, command: words.join(' ') })),
);

test.each(examples)('$example is a command line of $command', async ({ example, command }) => {
  const called: string[] = [];
  for (const entry of commands)
    vi.spyOn(entry, 'run').mockImplementation(async () => void called.push(entry.words.join(' ')));
  const { io, err, exit } = recordingIo();
  await run(wordsOf(example), io);
  vi.restoreAllMocks();
  expect({ called, err, exit }).toEqual({ called: [command], err: [], exit: [] });
});

describe('run as they are', () => {
  for (const [name, source] of [
    ['scenario.yaml', 'scenarios/support-chatbot.yaml'],
    ['contract.yaml', 'test/fixtures/price-book/contract.yaml'],
  ] as const)
    copyFileSync(path.join(root, source), path.join(folder, name));
  writeFileSync(path.join(folder, 'deploy-advisor'), `#!/bin/sh\nexec "${process.execPath}" "${main}" "$@"\n`);
  chmodSync(path.join(folder, 'deploy-advisor'), 0o755);
  // The others read files of a user, or have NAME and FILE where a user has a name.
  const given = ['scenario.yaml', 'contract.yaml'];
  const isOthers = (word: string): boolean =>
    /\b(?:NAME|FILE|MODEL|M|my-pricing|origin)\b|\*|^<$/.test(word) ||
    (/\.(?:ya?ml|csv|jsonl?)$/.test(word) && !given.includes(word));
  const complete = examples.filter(
    ({ example }) =>
      !example
        .replace(/(?:-o|>) \S+/g, '')
        .split(' ')
        .some(isOthers),
  );
  // Decisions take seconds.
  const chosen = complete.filter(({ example }) => long || !example.includes('scenario.yaml'));

  test.each(chosen)('deploy-advisor $example', ({ example }) => {
    const env = { ...process.env, PATH: `${folder}:${process.env.PATH}`, HOME: folder };
    const line = `mkdir -p ~/.zfunc && deploy-advisor ${example}`;
    const { status, stderr } = spawnSync('sh', ['-c', line], { cwd: folder, env, encoding: 'utf8' });
    // The price book warns of what it brings along.
    const unwarned = example.includes('contract.yaml')
      ? stderr.replace(/^\S+ {2}warning .*(?:\n {2}.*)*\n/gm, '')
      : stderr;
    // `init` tells what of a preset is not the user's.
    const said = unwarned.replace(/^check what is the preset's own, .*\n/, '');
    expect({ status, said }).toEqual({ status: 0, said: '' });
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });
});

const all = [
  [],
  ...new Set(commands.map(({ words }) => words.join(' '))),
  ...Object.keys(commandGroups).map((word) => (word === 'import' ? 'pricing import' : word)),
].map((words) => (typeof words === 'string' ? words.split(' ') : words));

test.each(all.map((words) => ({ words, name: words.join(' ') || 'the program' })))(
  '--help of $name has examples of its own',
  async ({ words }) => {
    const { code, out, err } = await cliHere([...words, '--help']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const [, shown = ''] = /\nExamples:\n((?: {2}deploy-advisor .+\n)+)\nExit codes:\n/.exec(out) ?? [];
    expect(shown).toContain(`  deploy-advisor ${words.join(' ')}`);
  },
);
