import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { welcomesColor } from '../../src/cli/io.js';
import { progressOn } from '../../src/cli/problems.js';
import { casesIn } from '../support/cases.js';
import { cli, main, root } from '../support/cli-process.js';
import { recordingIo } from '../support/recording-io.js';
import { newFolder } from '../support/temporary-folder.js';

const { colors } = casesIn('terminal', {
  colors: { tty: z.boolean(), env: z.record(z.string(), z.string()), color: z.boolean() },
});
const folder = newFolder();
const at = (name: string): string => path.join(folder, name);
const escapeCode = '\u001b';

test.each(colors)('a terminal: $tty, $env: colors $color', ({ tty, env, color }) => {
  expect(welcomesColor(tty, env)).toBe(color);
});

type Left = { code: number | null; signal: NodeJS.Signals | null; out: string; err: string };

/** Starts the built command, lets `meddle` do something to it, and waits for its end. */
function ended(
  args: readonly string[],
  meddle: (child: ReturnType<typeof spawn>) => void,
  env: NodeJS.ProcessEnv = {},
) {
  const child = spawn(process.execPath, [main, ...args], { cwd: root, env: { ...process.env, ...env } });
  let [out, err] = ['', ''];
  child.stdout.on('data', (text) => (out += text));
  child.stderr.on('data', (text) => (err += text));
  meddle(child);
  return new Promise<Left>((resolve) => child.on('close', (code, signal) => resolve({ code, signal, out, err })));
}

describe('a reader that has seen enough', () => {
  const scenario = 'scenarios/support-chatbot.yaml';
  const lines: Record<string, string[]> = {
    assess: ['assess', scenario, '--point', '--format', 'json'],
    sweep: ['sweep', scenario, '--vary', 'workload.volume=1k,2k'],
    'pricing show': ['pricing', 'show', '--format', 'csv'],
  };

  test.each(Object.entries(lines))('%s: exit 0, nothing said', async (_, args) => {
    const { code, err } = await ended(args, ({ stdout }) => void stdout?.destroy());
    expect({ code, err }).toEqual({ code: 0, err: '' });
  });

  test('of messages gets in the way of no result and no exit code', async () => {
    // A message before there is a result.
    writeFileSync(
      at('early.cjs'),
      `const wait = setInterval(() => {
         if (process.stderr.listenerCount('error') === 0) return;
         clearInterval(wait);
         process.stderr.write('early');
       }, 0);`,
    );
    const args = ['pricing', 'list', '--as-of', '2026-11-20', '--format', 'json'];
    const env = { NODE_OPTIONS: `--require=${at('early.cjs')}` };
    const unheard = await ended(args, ({ stderr }) => void stderr?.destroy(), env);
    expect({ code: unheard.code, out: unheard.out }).toEqual({ code: 0, out: cli(args).out });
    expect(await ended(['assess', at('none.yaml')], ({ stderr }) => void stderr?.destroy())).toMatchObject({
      code: 2,
      out: '',
    });
  });
});

/** What was begun beside files, and not taken away. */
const beside = () => readdirSync(folder).filter((name) => name.endsWith('.tmp'));
const whenBegun = (then: () => void): void => {
  const wait = setInterval(() => {
    if (beside().length === 0) return;
    clearInterval(wait);
    then();
  }, 2);
};

describe.skipIf(!existsSync('/dev/full'))('where messages cannot be told', () => {
  test('the end is at once, with nothing left of the file begun', () => {
    const script = '"$0" "$@" 2> /dev/full';
    const { status } = spawnSync(
      'sh',
      ['-c', script, process.execPath, main, 'assess', '-', at('none.yaml'), '--point', '-o', at('untold.txt')],
      { input: 'version: 1\nworkload: {volume: 5k}\ntasks: [{type: faq-chat}]\n' },
    );
    expect([status, existsSync(at('untold.txt')), beside()]).toEqual([2, false, []]);
  });
});

describe('Ctrl-C', () => {
  test('during the analyses prints the decision with what is done, and exits with 130', async () => {
    const args = ['assess', 'scenarios/hr-system.yaml', '--detail', 'full', '-f', 'json'];
    // The signal comes as soon as the command listens to it.
    writeFileSync(
      at('cancel.cjs'),
      `const wait = setInterval(() => {
         if (process.listenerCount('SIGINT') === 0) return;
         clearInterval(wait);
         process.kill(process.pid, 'SIGINT');
       }, 1);`,
    );
    const { code, out, err } = await ended(args, () => undefined, { NODE_OPTIONS: `--require=${at('cancel.cjs')}` });
    expect({ code, err }).toEqual({ code: 130, err: expect.stringContaining('press Ctrl-C again to quit') });
    const { complete, recommendation, warnings } = JSON.parse(out);
    expect({ complete, status: recommendation.status }).toEqual({ complete: false, status: 'recommended' });
    expect(warnings.map(({ code: one }: { code: string }) => one)).toContain('stopped');
  });

  test('twice ends by the signal, and leaves no file', async () => {
    const args = ['assess', 'scenarios/enterprise-suite.yaml', '--detail', 'full', '-o', at('long.txt')];
    const { signal, out } = await ended(args, (child) => {
      setTimeout(() => child.kill('SIGINT'), 800);
      child.stderr?.once('data', () => child.kill('SIGINT'));
    });
    expect({ signal, out }).toEqual({ signal: 'SIGINT', out: '' });
    expect(readdirSync(folder).filter((name) => name.includes('long.txt'))).toEqual([]);
  });

  test.skipIf(process.platform === 'win32').each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    '%s between two answers leaves nothing of the file begun',
    async (by) => {
      const args = ['assess', '-', '--point', '--format', 'jsonl', '-o', at('lines.jsonl')];
      const { signal } = await ended(args, (child) => {
        child.stdin?.write('{"version": 1, "workload": {"volume": "5k"}, "tasks": [{"type": "faq-chat"}]}\n');
        whenBegun(() => child.kill(by));
      });
      expect(signal).toBe(by);
      expect(beside()).toEqual([]);
    },
  );

  test('while a file is written: it is there whole, and nothing beside it', async () => {
    // The signal comes between writing and renaming.
    writeFileSync(
      at('interrupt.cjs'),
      `const fs = require('node:fs'); const { renameSync } = fs;
       fs.renameSync = (...names) => { process.kill(process.pid, 'SIGINT'); const end = Date.now() + 200; while (Date.now() < end); renameSync(...names); };
       require('node:module').syncBuiltinESMExports();`,
    );
    const args = ['pricing', 'list', '--as-of', '2026-11-20', '--format', 'json', '-o', at('list.json')];
    const { signal, err } = await ended(args, () => undefined, { NODE_OPTIONS: `--require=${at('interrupt.cjs')}` });
    expect({ signal, err }).toEqual({ signal: 'SIGINT', err: '' });
    expect(JSON.parse(readFileSync(at('list.json'), 'utf8'))).toHaveProperty('snapshots');
    expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  const script = spawnSync('script', ['--version'], { encoding: 'utf8' });
  const hasPty = script.status === 0 && script.stdout.includes('util-linux');
  test.skipIf(!hasPty)(
    `on a terminal leaves the cursor at the beginning of the line of progress${hasPty ? '' : ' (needs script of util-linux)'}`,
    async () => {
      const line = `"${process.execPath}" "${main}" sweep scenarios/support-chatbot.yaml --vary workload.volume=1k..10M:log:2000`;
      const child = spawn('script', ['-qefc', line, '/dev/null'], { cwd: root });
      let shown = '';
      let sent = false;
      child.stdout.on('data', (text) => {
        shown += text;
        if (!sent && shown.includes('cells decided')) {
          sent = true;
          child.stdin.write('\u0003');
        }
      });
      await new Promise((resolve) => child.on('close', resolve));
      // The cursor stands where the line of progress begins: the shell writes over it.
      expect(shown.replaceAll(escapeCode, 'ESC')).toMatch(/cells decidedESC\[K\r(?:\^C)?$/);
    },
  );
});

test('a line of progress is shown on terminals alone, and ends where it began', () => {
  const { io, err } = recordingIo();
  let now = 0;
  const shownOn = (isTTY: boolean): string[] => {
    err.length = 0;
    now = 0;
    const progress = progressOn(
      { ...io, now: () => now, stderr: { ...io.stderr, isTTY } },
      false,
      (done) => `${done} done`,
    );
    progress.tick(1);
    now = 2000;
    progress.tick(2);
    progress.end();
    return [...err];
  };
  expect(shownOn(false)).toEqual([]);
  expect(shownOn(true)).toEqual([`2 done${escapeCode}[K\r`, `${escapeCode}[K`]);
});
