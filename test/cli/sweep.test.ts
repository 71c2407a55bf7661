import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, describe, expect, test } from 'vitest';
import { cli, main, root } from '../support/cli-process.js';
import { withoutHashes } from '../support/golden-text.js';
import { cliHere } from '../support/recording-io.js';

const folder = mkdtempSync(path.join(tmpdir(), 'deploy-advisor-sweep-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string): string => path.join(folder, name);
const text = (name: string): string => readFileSync(at(name), 'utf8');

const scenario = 'scenarios/support-chatbot.yaml';
const day = ['--as-of', '2026-11-20', '-q'];
const sweep = (...args: string[]): string[] => ['sweep', scenario, ...day, ...args];
const vary = (...axes: string[]): string[] => axes.flatMap((axis) => ['--vary', axis]);

test('a file that cannot be begun is told by the name that was given', async () => {
  const file = at('missing/x.csv');
  const { code, err } = await cliHere(sweep(...vary('workload.volume=1k,2k'), '-f', 'csv', '-o', file));
  expect(code).toBe(2);
  expect(err).toContain(`${file}  error  not-writable`);
  expect(err).toContain('cannot write this file: its folder does not exist');
  expect(err).not.toContain('.partial');
});

describe('what is printed', () => {
  const one = vary('workload.volume=1k..10M:log:9');
  const two = vary('workload.volume=1k..10M:log:5', 'data.sensitivity=public,regulated,device-only');
  const three = vary('workload.volume=10k,10M', 'data.boundary=anywhere,device', 'data.sensitivity=public,regulated');
  test.each([
    { name: 'one-axis.txt', args: one },
    { name: 'two-axes.txt', args: two },
    { name: 'three-axes.txt', args: three },
    { name: 'three-axes.csv', args: [...three, '--format', 'csv'] },
    { name: 'two-axes.json', args: [...two, '--format', 'json'] },
    { name: 'two-axes.jsonl', args: [...two, '--format', 'jsonl'] },
  ])('$name', async ({ name, args }) => {
    const { code, out, err } = await cliHere(sweep(...args));
    // Cells that fit nothing, or are no scenario, are cells like others.
    expect({ code, err }).toEqual({ code: 0, err: '' });
    if (name.endsWith('.txt')) for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    await expect(withoutHashes(out)).toMatchFileSnapshot(`../golden/sweep/${name}`);
  });

  test('a span of months has whole ones between its ends', async () => {
    const { code, out, err } = await cliHere(sweep(...vary('workload.horizon=1..36:linear:4'), '--format', 'csv'));
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const rows: Record<string, string>[] = parse(out, { columns: true });
    expect(rows.map((row) => row['workload.horizon'])).toEqual(['1', '13', '24', '36']);
  });

  test('csv and jsonl have the same cells, and --set takes their values', async () => {
    const [csv, jsonl] = await Promise.all(
      ['csv', 'jsonl'].map(async (format) => (await cliHere(sweep(...two, '-f', format))).out),
    );
    const rows: Record<string, string>[] = parse(csv ?? '', { columns: true });
    const lines = (jsonl ?? '')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(rows).toHaveLength(15);
    expect(rows.map(({ plan, monthlyCost }) => [plan, Number(monthlyCost)])).toEqual(
      lines.map((line) => [line.plan ?? '', line.monthlyCost ?? 0]),
    );
    const row = lines.find(({ values }) => values['data.sensitivity'] === 'regulated');
    const set = Object.entries(row.values).flatMap(([key, value]) => ['--set', `${key}=${value}`]);
    const { out } = await cliHere(['assess', scenario, ...day, ...set, '--point', '--format', 'json']);
    const { plan, monthlyCost, firstMonthCost, peakMonthCost, upfrontCost, fteNeeded, shape } =
      JSON.parse(out).recommendation;
    expect(row).toMatchObject({ plan, monthlyCost, firstMonthCost, peakMonthCost, upfrontCost, fteNeeded, shape });
  });
});

describe('what is refused', () => {
  test('nothing that varies', async () => {
    const { code, out, err } = await cliHere(sweep());
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('--vary workload.volume=1k..10M:log:25');
  });

  test('every value that is wrong, before anything is decided', async () => {
    const args = vary('workload.volume=-5,10k', 'data.sensitivity=publik,pii', 'tasks.nope.share=1,2', 'nope.x=1,2');
    const { code, out, err } = await cliHere(sweep(...args, '-o', at('refused.csv')));
    expect({ code, out }).toEqual({ code: 2, out: '' });
    const told = err.split('\n').filter((line) => line.startsWith('--vary:'));
    expect(told.map((line) => line.replace(/ {2}error.*/, ''))).toEqual([
      '--vary:1:17',
      '--vary:1:18',
      '--vary:1:7',
      '--vary:1:1',
    ]);
    expect(err).toContain('did you mean `public`?');
    expect(existsSync(at('refused.csv.partial'))).toBe(false);
  });

  test('in JSON where that is the format', async () => {
    const { code, out } = await cliHere(sweep(...vary('workload.volume=3..1:log:4'), '-f', 'json'));
    expect(code).toBe(2);
    expect(JSON.parse(out).errors).toMatchObject([{ code: 'bad-vary', file: '--vary', line: 1, column: 17 }]);
  });

  test('what is wrong with the scenario too, at once', async () => {
    const { code, err } = await cliHere(sweep('--set', 'workload.horizon=x', ...vary('workload.volume=3..1:log:4')));
    expect(code).toBe(2);
    expect(err).toContain('--set:1:18');
    expect(err).toContain('--vary:1:17');
  });

  test('a value that another axis sets right is not', async () => {
    // The file says internal, which goes no further than under contract; public data may.
    const args = vary('data.boundary=anywhere,device', 'data.sensitivity=public,device-only');
    const { code, out } = await cliHere(sweep(...args, '-f', 'csv'));
    expect(code).toBe(0);
    const rows: Record<string, string>[] = parse(out, { columns: true });
    const invalid = rows.filter(({ status }) => status === 'invalid');
    expect(invalid.length).toBeGreaterThan(0);
    expect(invalid.length).toBeLessThan(rows.length);
    for (const { reason } of invalid) expect(reason).toContain('data.boundary');
  });

  test('more cells than a run may have', async () => {
    const { code, err } = await cliHere(
      sweep('--set', 'assumptions.sweepCells=10', ...vary('workload.volume=1..9:9', 'workload.turns=1,2')),
    );
    expect(code).toBe(2);
    expect(err).toContain('18 cells are more than 10');
    expect(err).toContain('--shard');
  });

  test.each(['0/3', '4/3', '1/0', '1', 'a/b', '1/3/4'])('--shard %s', async (shard) => {
    const { code, err } = await cliHere(sweep(...vary('workload.volume=1,2'), '--shard', shard));
    expect(code).toBe(2);
    expect(err).toContain('1/8');
  });
});

describe('the same bytes', () => {
  const apis = ['--set', 'preferences.only=[cloud-api, open-model-api]'];
  // Blocks of 25.
  const axes = vary(
    'workload.volume=1k..1M:log:25',
    'data.sensitivity=public,internal,pii',
    'tasks.support.tokens.output=200,500',
  );
  const args = sweep(...axes, ...apis, '-f', 'csv');
  const whole = (): string => {
    if (!existsSync(at('whole.csv')))
      expect(cli([...args, '-o', at('whole.csv')])).toEqual({ code: 0, out: '', err: '' });
    return text('whole.csv');
  };

  test('whatever the number of threads', () => {
    const { code, out } = cli([...args, '--jobs', '1']);
    expect(code).toBe(0);
    expect(out).toBe(whole());
    expect(out.split('\n')).toHaveLength(152);
    expect(existsSync(at('whole.csv.partial'))).toBe(false);
  });

  test('of shards put together', async () => {
    const parts = [1, 2, 3].map((i) => at(`part-${i}`));
    for (const [i, part] of parts.entries()) {
      const shard = [...args, '--shard', `${i + 1}/3`, '-o', part];
      expect(i === 0 ? cli(shard) : await cliHere(shard)).toEqual({ code: 0, out: '', err: '' });
    }
    expect((await cliHere(['sweep', 'merge', ...parts.toReversed()])).out).toBe(whole());
    expect((await cliHere(['sweep', 'merge', ...parts, '-o', at('merged.csv')])).code).toBe(0);
    expect(text('merged.csv')).toBe(whole());
    const table = await cliHere(['sweep', 'merge', ...parts, '-f', 'table']);
    expect(table.out).toMatch(/: 150\s+cells/);
    const { code, out, err } = await cliHere(['sweep', 'merge', at('part-1'), at('part-3'), at('part-9')]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('missing: shard 2/3');
    expect(err).toContain('no such file');
  });

  test.each(['SIGKILL', 'SIGINT'] as const)(
    'after %s, a torn last line, and the same command again',
    async (signal) => {
      whole();
      const out = at(`${signal}.csv`);
      const again = [...args.filter((arg) => arg !== '-q'), '-o', out, '--jobs', '1'];
      const child = spawn(process.execPath, [main, ...again], { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] });
      let err = '';
      child.stderr.on('data', (chunk) => {
        err += chunk;
      });
      const ended = new Promise<NodeJS.Signals | null>((resolve) => child.on('close', (_, by) => resolve(by)));
      while (!existsSync(`${out}.partial`) || readFileSync(`${out}.partial`, 'utf8').split('\n').length < 3)
        await new Promise((resume) => setTimeout(resume, 2));
      child.kill(signal);
      expect(await ended).toBe(signal);
      expect(existsSync(out)).toBe(false);
      if (signal !== 'SIGKILL') expect(err).toMatch(/^stopped after \d+ of 150 cells; the same command goes on$/m);
      const left = readFileSync(`${out}.partial`, 'utf8');
      writeFileSync(`${out}.partial`, `${left}{"from":9,"cells":[{"val`);
      const ended2 = cli(again);
      expect(ended2.code).toBe(0);
      expect(ended2.err).toMatch(/^going on after \d+ of 150 cells$/m);
      expect(readFileSync(out, 'utf8')).toBe(whole());
      expect(existsSync(`${out}.partial`)).toBe(false);
    },
  );

  test('what another sweep left is not gone on from', async () => {
    const out = at('other.csv');
    writeFileSync(`${out}.partial`, readFileSync(at('part-1'), 'utf8').split('\n').slice(0, 2).join('\n').concat('\n'));
    const { code, err } = await cliHere([...args, '-o', out]);
    expect(code).toBe(2);
    expect(err).toContain('shard 1/3, not 1/1');
    const changed = await cliHere([...args, '--set', 'workload.turns=2', '--shard', '1/3', '-o', out]);
    expect(changed.err).toContain('other --set');
    expect(existsSync(out)).toBe(false);
  });

  test('a price book and tables read from a folder reach every thread', async () => {
    const book = at('book.yaml');
    writeFileSync(book, 'version: 1\nname: ours\ndiscounts: [{provider: novita, percent: 50}]\n');
    const plain = sweep(...vary('workload.volume=1k..1M:log:60'), ...apis, '-f', 'csv');
    const asked = [...plain, '--price-book', book];
    const [one, both] = ['1', '2'].map((jobs) => cli([...asked, '--jobs', jobs]));
    expect(one?.err).toBe('');
    expect(both).toEqual(one);
    expect(one?.out).not.toBe((await cliHere(plain)).out);
  });
});

describe('docs/scale.md', () => {
  const document = readFileSync('docs/scale.md', 'utf8');
  const linesFor = (name: string): string =>
    document.split(`<!-- run: ${name} -->\n\`\`\`sh\n`)[1]?.split('```')[0] ?? '';
  const isThere = (name: string): boolean => spawnSync('sh', ['-c', `command -v ${name}`]).status === 0;

  test.for(['parallel', 'xargs'])('its lines for %s make one sweep of the shards', (name, { skip }) => {
    if (!isThere(name)) skip(`${name} is not on this machine`);
    const here = mkdtempSync(path.join(folder, 'scale-'));
    copyFileSync(scenario, path.join(here, 'scenario.yaml'));
    writeFileSync(path.join(here, 'deploy-advisor'), `#!/bin/sh\nexec "${process.execPath}" "${main}" "$@"\n`);
    chmodSync(path.join(here, 'deploy-advisor'), 0o755);
    const lines = linesFor(name);
    expect(lines).toContain(`| ${name} `);
    const env = { ...process.env, PATH: `${here}${path.delimiter}${process.env.PATH}` };
    const { status, stderr } = spawnSync('sh', ['-e', '-c', lines], { cwd: here, env, encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const args = [...lines.matchAll(/--vary (\S+)/g)].flatMap(([, axis]) => ['--vary', axis as string]);
    expect(readFileSync(path.join(here, 'sweep.csv'), 'utf8')).toBe(
      cli(['sweep', path.join(here, 'scenario.yaml'), ...day, ...args, '-f', 'csv']).out,
    );
  });
});
