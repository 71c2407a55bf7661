import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { cliHere, refused } from '../support/recording-io.js';
import { newFolder } from '../support/temporary-folder.js';

const folder = newFolder();
const inside = (name: string): string => path.join(folder, name);

const chatbot = 'scenarios/support-chatbot.yaml';
/** Ids name plans without a decision, which takes seconds. */
const api = 'open-model-api/novita/qwen/qwen3-4b-fp8';
const rented = 'self-hosted-cloud/aws/qwen3-4b@fp8/g6.xlarge/us-east-1/on-demand';
/** Two places of the team's own: two files for each target about machines. */
const guides = 'scenarios/five-guides.yaml';
const two = `summaries=${rented};copy=${rented.replace('qwen3-4b', 'qwen3-8b')}`;
const run = (...args: string[]) => cliHere(['export', ...args, '--as-of', '2026-11-20']);

test('one file goes to standard output or to a file, the same by option and by argument', async () => {
  const { code, out, err } = await run(chatbot, '--target', 'litellm', '--option', api);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toMatch(/^# LiteLLM proxy configuration: /);
  expect((await run(chatbot, 'litellm', '--option', api)).out).toBe(out);
  const written = await run(chatbot, '--target', 'litellm', '--option', api, '-o', inside('proxy.yaml'));
  expect({ ...written, text: readFileSync(inside('proxy.yaml'), 'utf8') }).toEqual({
    code: 0,
    out: '',
    err: '',
    text: out,
  });
});

test('a target is needed, once and by a name that there is', async () => {
  expect(await run(chatbot, '--option', api)).toMatchObject(refused('--target vllm|litellm|'));
  expect(await run(chatbot, 'vllm', '--target', 'litellm')).toMatchObject(refused('both name a target'));
  expect(await run(chatbot, '--target', 'terraform')).toMatchObject({ code: 2, out: '' });
});

test('where the plan has nothing for a target, or there is no plan, it ends with 3 or 2 and writes nothing', async () => {
  const nothing = await run(chatbot, '--target', 'vllm', '--option', api, '-o', inside('none'));
  expect(nothing).toMatchObject({ code: 3, out: '' });
  expect(nothing.err).toContain(`it has ${api}`);
  const unknown = await run(chatbot, '--target', 'vllm', '--option', 'cloud-api/nobody/nothing', '-o', inside('none'));
  expect(unknown).toMatchObject({ code: 2, out: '' });
  const infeasible = await run('scenarios/device-case-files.yaml', '--target', 'litellm', '-o', inside('none'));
  expect(infeasible).toMatchObject({ code: 3, out: '' });
  expect(existsSync(inside('none'))).toBe(false);
});

test('several files need a folder; what is there is written over only when asked', async () => {
  for (const asked of [
    [chatbot, '--target', 'all', '--option', rented],
    [guides, '--target', 'vllm', '--option', two],
  ])
    expect(await run(...asked)).toMatchObject({ code: 2, out: '', err: expect.stringContaining('-o <folder>') });
  const target = inside('new/deploy');
  const first = await run(chatbot, '--target', 'compose', '--option', rented, '-o', `${target}/`);
  expect(first).toEqual({ code: 0, out: '', err: '' });
  const [name = ''] = readdirSync(target);
  const before = readFileSync(path.join(target, name), 'utf8');
  writeFileSync(path.join(target, name), 'mine');
  const again = await run(chatbot, '--target', 'compose', '--option', rented, '-o', target);
  expect(again).toMatchObject(refused('--force writes over it'));
  expect(readFileSync(path.join(target, name), 'utf8')).toBe('mine');
  expect(await run(chatbot, '--target', 'compose', '--option', rented, '-o', target, '--force')).toMatchObject({
    code: 0,
  });
  expect(readFileSync(path.join(target, name), 'utf8')).toBe(before);
  expect(readdirSync(target)).toEqual([name]);
});

test('all files or none: where one cannot be written, nothing is', async () => {
  const target = inside('half');
  mkdirSync(path.join(target, 'copy.vllm.sh'), { recursive: true });
  const { code, err } = await run(guides, '--target', 'vllm', '--option', two, '-o', target);
  expect(code).toBe(2);
  expect(err).toContain('it is a folder');
  expect(readdirSync(target)).toEqual(['copy.vllm.sh']);
});

test('all of a plan in a folder, with a list of what it holds', async () => {
  const target = inside('all');
  const { code, err } = await run(chatbot, '--target', 'all', '--option', rented, '-o', target, '--point');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const names = readdirSync(target);
  const listed = [...readFileSync(path.join(target, 'README.md'), 'utf8').matchAll(/^- `([^`]+)`/gm)].map(
    ([, name]) => name,
  );
  expect(names.filter((name) => name !== 'README.md').sort()).toEqual(listed.sort());
  expect(names).toEqual(
    expect.arrayContaining(['litellm.yaml', 'support.vllm.sh', 'support.kubernetes.yaml', 'decision.md', 'focus.csv']),
  );
});

test('a plan that breaks rules says so in every file, and no chain crosses the data boundary', async () => {
  const own = 'on-prem/own-room/gemma-4-e4b@mxfp4-ptq/1xrtx-5080-16gb/us/bought';
  const outside = 'cloud-api/anthropic/claude-opus-5';
  const plan = `customer-files.base=${own};customer-files.peak=${outside};analysis=${outside}`;
  const broken = 'boundary for customer-files, data would go to anthropic';
  for (const target of ['litellm', 'portkey', 'envoy', 'kubernetes']) {
    const { code, out, err } = await run('scenarios/regulated-hybrid.yaml', target, '--option', plan);
    expect({ target, code, err }).toMatchObject({ target, code: 0, err: expect.stringContaining(broken) });
    expect(out).not.toContain('customer-files-peak');
    // JSON has no place to say it.
    if (target !== 'portkey') expect(out).toContain(`# a rule that it does not meet: ${broken}`);
    if (target === 'litellm') {
      expect(out).toContain('a rule keeps each task from the second place');
      expect(out).not.toMatch(/fallbacks:$|rpm:/m);
    }
  }
});
