import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { main } from '../support/cli-process.js';
import { firstLines } from '../support/kept-output.js';
import { cliHere } from '../support/recording-io.js';
import { newFolder } from '../support/temporary-folder.js';

const folder = newFolder();

const scenario = 'scenarios/support-chatbot.yaml';
const day = ['--as-of', '2026-11-20', '-q'];
const sweep = (...args: string[]): string[] => ['sweep', scenario, ...day, ...args];
const vary = (...axes: string[]): string[] => axes.flatMap((axis) => ['--vary', axis]);

describe('what is printed', () => {
  const one = vary('workload.volume=1k..10M:log:9');
  const two = vary('workload.volume=1k..10M:log:5', 'data.sensitivity=public,regulated,device-only');
  const three = vary('workload.volume=10k,10M', 'data.boundary=anywhere,device', 'data.sensitivity=public,regulated');
  test.each([
    { name: 'one-axis.txt', args: one },
    { name: 'two-axes.txt', args: two },
    { name: 'three-axes.txt', args: three },
    { name: 'two-axes.json', args: [...two, '--format', 'json'] },
    { name: 'two-axes.jsonl', args: [...two, '--format', 'jsonl'] },
  ])('$name', async ({ name, args }) => {
    const { code, out, err } = await cliHere(sweep(...args));
    // Cells that fit nothing, or are no scenario, are cells like others.
    expect({ code, err }).toEqual({ code: 0, err: '' });
    if (name.endsWith('.txt')) for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    await expect(firstLines(40)(out)).toMatchFileSnapshot(`../golden/sweep/${name}`);
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

describe('docs/scale.md', () => {
  const document = readFileSync('docs/scale.md', 'utf8');
  const block = (mark: string): string => document.split(`<!-- ${mark} -->`)[1]?.split(/```\w*\n?/)[1] ?? '';
  const isThere = (name: string): boolean => spawnSync('sh', ['-c', `command -v ${name}`]).status === 0;

  test('its lines for parallel answer every scenario as one run does', async ({ skip }) => {
    if (!isThere('parallel')) skip('parallel is not on this machine');
    const here = mkdtempSync(path.join(folder, 'scale-'));
    const lines = [1, 2, 3, 4, 5, 6].map((thousands) => {
      const tasks = [{ name: 'faq', type: 'faq-chat', tokens: { input: 900, output: 200 } }];
      return JSON.stringify({ version: 1, name: `n${thousands}`, workload: { volume: `${thousands}k/day` }, tasks });
    });
    writeFileSync(path.join(here, 'scenarios.jsonl'), `${lines.join('\n')}\n`);
    writeFileSync(path.join(here, 'deploy-advisor'), `#!/bin/sh\nexec "${process.execPath}" "${main}" "$@"\n`);
    chmodSync(path.join(here, 'deploy-advisor'), 0o755);
    const env = { ...process.env, PATH: `${here}${path.delimiter}${process.env.PATH}` };
    const { status } = spawnSync('sh', ['-e', '-c', block('run: parallel')], { cwd: here, env, encoding: 'utf8' });
    expect(status).toBe(0);
    const args = ['assess', '-', '--format', 'jsonl', '--point', '-q', '--as-of', '2026-11-20'];
    const alone = await cliHere(args, { input: lines.join('\n') });
    expect(alone.out.split('\n')).toHaveLength(7);
    expect(readFileSync(path.join(here, 'results.jsonl'), 'utf8')).toBe(alone.out);
  });

  test('its script for Slurm is one that a shell reads', () => {
    const { status, stderr } = spawnSync('bash', ['-n'], { input: block('check: slurm'), encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(block('check: slurm')).toContain('deploy-advisor assess - --format jsonl');
  });

  test('its Job gives each pod a part of its own', () => {
    const { apiVersion, kind, spec } = parseYaml(block('check: kubernetes'));
    const { completionMode, completions, template } = spec;
    expect({ apiVersion, kind, completionMode }).toEqual({
      apiVersion: 'batch/v1',
      kind: 'Job',
      completionMode: 'Indexed',
    });
    // Each pod takes one part of as many as there are pods.
    const [script] = template.spec.containers[0].args;
    expect(script).toContain(`split --number=l/$((JOB_COMPLETION_INDEX + 1))/${completions} `);
    expect(script).toContain('deploy-advisor assess - --format jsonl');
  });
});
