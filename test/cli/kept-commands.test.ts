import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { commands } from '../../src/cli/command-line.js';
import { cliBeside, root } from '../support/cli-process.js';
import { eachLine, firstLines, type Keep, lasting, planAndCosts, spoken } from '../support/kept-output.js';

/** What the built command answers to 57 command lines, kept in `test/golden/commands/`: every command at least once. */

type Case = {
  /** The golden is called so. */
  name: string;
  /** What is typed after `deploy-advisor`; `scenarios/` and `test/` are there, and nothing else. */
  line: string;
  /** Standard input. */
  input?: string;
  /** Command lines that are run first, and not kept. */
  before?: readonly string[];
  /** What of standard output is kept; default: all. */
  keep?: Keep;
  /** What is kept of each file that it writes; default: six lines. */
  keepFiles?: Keep;
};

/** The day all is judged by. */
const day = '--as-of 2026-11-20';
const point = `--point ${day}`;
const json = `--point --format json ${day}`;
const chatbot = 'scenarios/support-chatbot.yaml';
const legal = 'scenarios/legal-rag.yaml';

const lines = (...texts: readonly unknown[]): string => `${texts.map((text) => JSON.stringify(text)).join('\n')}\n`;
const oneTask = (name: string, volume: string) => ({
  version: 1,
  name,
  workload: { volume },
  tasks: [{ name: 'answers', type: 'faq-chat', tokens: { input: 1500, output: 500 } }],
});
const usage = `date,model,requests,input_tokens,cached_tokens,output_tokens,cost
2026-08-01,gpt-4o-mini,1000,1500000,0,500000,0.53
2026-08-02,gpt-4o-mini,1200,1800000,0,600000,0.63
`;
const request = (id: number, method: string, params: object) => ({ jsonrpc: '2.0', id, method, params });
const agent = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1' } };

const cases: readonly Case[] = [
  // Decisions alone, as a user reads them.
  { name: 'assess-support-chatbot', line: `assess ${chatbot} ${point}` },
  { name: 'assess-legal-rag', line: `assess ${legal} ${point}` },
  { name: 'assess-nightly-calls', line: `assess scenarios/nightly-calls.yaml ${point}` },
  { name: 'assess-small-team-documents', line: `assess scenarios/small-team-documents.yaml ${point}` },
  { name: 'assess-tuned-phone-line', line: `assess scenarios/tuned-phone-line.yaml ${point}` },
  { name: 'assess-evening-peaks', line: `assess scenarios/evening-peaks.yaml ${point}` },
  { name: 'assess-support-escalation', line: `assess scenarios/support-escalation.yaml ${point}` },
  { name: 'assess-device-case-files', line: `assess scenarios/device-case-files.yaml ${point}` },
  // As JSON, of which the plan and its costs are kept.
  { name: 'assess-voice-assistant', line: `assess scenarios/voice-assistant.yaml ${json}`, keep: planAndCosts },
  { name: 'assess-deal-review', line: `assess scenarios/deal-review.yaml ${json}`, keep: planAndCosts },
  { name: 'assess-million-requests', line: `assess scenarios/million-requests.yaml ${json}`, keep: planAndCosts },
  { name: 'assess-post-screening', line: `assess scenarios/post-screening.yaml ${json}`, keep: planAndCosts },
  { name: 'assess-growth-in-stages', line: `assess scenarios/growth-in-stages.yaml ${json}`, keep: planAndCosts },
  { name: 'assess-reports-in-bursts', line: `assess scenarios/reports-in-bursts.yaml ${json}`, keep: planAndCosts },
  { name: 'assess-ecommerce-assistant', line: `assess scenarios/ecommerce-assistant.yaml ${json}`, keep: planAndCosts },
  {
    name: 'assess-support-chatbot-by-cost',
    line: `assess ${chatbot} --set preferences.objective=cost ${json}`,
    keep: planAndCosts,
  },
  {
    name: 'assess-legal-rag-by-cost',
    line: `assess ${legal} --set preferences.objective=cost ${json}`,
    keep: planAndCosts,
  },
  {
    name: 'assess-tuned-phone-line-by-cost',
    line: `assess scenarios/tuned-phone-line.yaml --set preferences.objective=cost ${json}`,
    keep: planAndCosts,
  },
  {
    name: 'assess-small-team-documents-by-cost',
    line: `assess scenarios/small-team-documents.yaml --set preferences.objective=cost ${point}`,
    keep: firstLines(30),
  },
  // In other formats, with other prices and inputs.
  {
    name: 'assess-markdown',
    line: `assess scenarios/clinic-notes.yaml --format markdown ${point}`,
    keep: firstLines(40),
  },
  { name: 'assess-csv', line: `assess ${chatbot} --format csv ${point}`, keep: firstLines(12) },
  {
    name: 'assess-jsonl',
    line: `assess - --format jsonl ${point}`,
    input: lines(oneTask('Small', '100 requests/day'), oneTask('Large', '2M requests/day')),
    keep: eachLine(planAndCosts),
  },
  {
    name: 'assess-price-book',
    line: `assess ${chatbot} --price-book test/fixtures/price-book/contract.yaml ${point}`,
    keep: firstLines(30),
  },
  { name: 'assess-seven-mistakes', line: `assess test/fixtures/scenario/seven-mistakes.yaml ${point}` },
  // With simulations: seconds each.
  { name: 'assess-in-full', line: `assess ${chatbot} ${day}` },
  { name: 'assess-levers', line: `assess scenarios/deal-review.yaml --levers ${day}` },
  { name: 'breakeven', line: `breakeven ${chatbot} ${day}`, keep: firstLines(40) },
  {
    name: 'breakeven-months',
    line: `breakeven scenarios/small-team-documents.yaml --axis months --format csv ${day}`,
  },
  { name: 'compare-prices', line: `compare ${chatbot} --pricing 2025-09-30 --pricing 2026-08-21 ${point}` },
  { name: 'check-met', line: `check ${chatbot} scenarios/clinic-notes.yaml --format markdown ${point}` },
  { name: 'check-not-met', line: `check ${chatbot} --set workload.volume=5M/day --format github ${point}` },
  { name: 'check-rule', line: `check ${chatbot} --fail-on "stale>30d" --format junit ${point}` },
  {
    name: 'sweep',
    line: `sweep ${chatbot} --vary workload.volume=1k,1M --vary data.sensitivity=public,regulated -q ${day}`,
  },
  {
    name: 'backtest',
    line: `backtest ${chatbot} scenarios/actuals/support-chatbot.csv --option cloud-api/openai/gpt-4o-mini ${day}`,
  },
  { name: 'init', line: 'init --from support-chatbot -o first.yaml', keepFiles: firstLines(40) },
  { name: 'import', line: `import - ${day}`, input: usage },
  { name: 'explain', line: `explain ${chatbot} self-hosted-cloud people.run --depth 4 ${day}`, keep: firstLines(40) },
  // All targets but one, which is for a plan of another scenario.
  { name: 'export-all', line: `export ${legal} all -o deploy ${point}`, keepFiles: firstLines(16) },
  { name: 'export-ollama', line: `export scenarios/owned-laptop.yaml ollama ${point}` },
  { name: 'export-nothing', line: `export ${chatbot} --target kubernetes ${point}` },
  { name: 'pricing-validate', line: 'pricing validate', keep: firstLines(20) },
  { name: 'pricing-list', line: `pricing list ${day}`, keep: firstLines(20) },
  {
    name: 'pricing-show',
    line: `pricing show --kind api --provider openai --sort output ${day}`,
    keep: firstLines(30),
  },
  { name: 'pricing-diff', line: 'pricing diff 2025-09-30 2026-08-21', keep: firstLines(30) },
  {
    name: 'pricing-quote',
    line: 'pricing quote --provider openai --model gpt-4o-mini --input 2000 --output 500 --requests 1M/month',
  },
  ...['litellm', 'genai-prices', 'skypilot'].map((tool) => ({
    name: `pricing-import-${tool}`,
    line: `pricing import ${tool} test/fixtures/import/${tool === 'skypilot' ? 'aws/vms.csv' : `${tool}.json`} -o ours --date 2026-08-21`,
  })),
  { name: 'guides', line: `guides scenarios/five-guides.yaml ${day}` },
  { name: 'capacity', line: `capacity --model qwen3-8b --accelerator h100-sxm-80gb --input 1500 --output 500 ${day}` },
  { name: 'capacity-best', line: `capacity --model qwen3-8b --best --input 1500 --output 500 --users 300 ${day}` },
  { name: 'models', line: `models --min-index 60 --sort params --format csv ${day}`, keep: firstLines(12) },
  { name: 'hardware', line: `hardware --rentable --sort price ${day}`, keep: firstLines(30) },
  {
    name: 'mcp',
    line: 'mcp',
    input: lines(
      request(1, 'initialize', agent),
      { jsonrpc: '2.0', method: 'notifications/initialized' },
      request(2, 'tools/call', { name: 'prices', arguments: { model: 'gpt-4o-mini', asOf: '2026-11-20' } }),
    ),
    keep: eachLine(spoken),
  },
  { name: 'completion', line: 'completion bash', keep: firstLines(12) },
  { name: 'help', line: 'help breakeven', keep: firstLines(40) },
  { name: 'schema', line: 'schema scenario --short', keep: firstLines(30) },
];

/** Words as a shell would pass them on. */
const words = (line: string): string[] =>
  [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');

/** How many cases run now: at most two, as small machines have two cores. */
let running = 0;
const waiting: (() => void)[] = [];
async function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
  while (running >= 2) await new Promise<void>((resolve) => waiting.push(resolve));
  running += 1;
  try {
    return await work();
  } finally {
    running -= 1;
    waiting.shift()?.();
  }
}

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(path.join(folder, name)).isFile() && !/^(?:scenarios|test)\//.test(name))
    .sort();

const section = (title: string, text: string): string =>
  text === '' ? '' : `--- ${title}\n${text.endsWith('\n') ? text : `${text}\n`}`;

/** The command line, the exit code, what was printed and what was written, from a folder of its own. */
async function keptOf({
  line,
  input = '',
  before = [],
  keep = lasting,
  keepFiles = firstLines(6),
}: Case): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'deploy-advisor-kept-'));
  try {
    for (const name of ['scenarios', 'test']) symlinkSync(path.join(root, name), path.join(folder, name));
    for (const first of before)
      expect(await cliBeside(words(first), { cwd: folder })).toMatchObject({ code: 0, err: '' });
    const there = filesIn(folder);
    const { code, out, err } = await cliBeside(words(line), { cwd: folder, input });
    const text = [
      `$ deploy-advisor ${line}\nexit ${code}\n`,
      section('stdout', out === '' ? '' : keep(out)),
      section('stderr', lasting(err)),
      ...filesIn(folder)
        .filter((name) => !there.includes(name))
        .map((name) => section(name, keepFiles(readFileSync(path.join(folder, name), 'utf8')).trimStart())),
    ].join('');
    for (const place of [root, folder, tmpdir(), homedir()]) expect(text).not.toContain(place);
    return text;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test('57 command lines are kept, and of each command one', () => {
  const names = cases.map(({ name }) => name);
  expect(new Set(names).size).toBe(57);
  expect(names.length).toBe(57);
  const without = commands
    .map(({ words }) => words.join(' '))
    .filter((command) => !cases.some(({ line }) => `${line} `.startsWith(`${command} `)));
  expect(without).toEqual([]);
  const goldens = readdirSync(new URL('../golden/commands/', import.meta.url));
  expect(goldens.filter((file) => !names.includes(file.replace(/\.txt$/, '')))).toEqual([]);
});

describe.concurrent('deploy-advisor', () => {
  test.for(cases)('$name', async (one, { expect }) => {
    const text = await inTurn(() => keptOf(one));
    await expect(text).toMatchFileSnapshot(`../golden/commands/${one.name}.txt`);
  });
});
