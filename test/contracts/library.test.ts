import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import type * as Library from '../../src/index.js';
import { root } from '../support/cli-process.js';
import { asOf } from '../support/committed.js';
import { cliHere } from '../support/recording-io.js';

/** What is shipped, as `import 'deploy-advisor'` finds it. */
let library: typeof Library;
beforeAll(async () => {
  library = await import(pathToFileURL(path.join(root, 'dist/lib/index.js')).href);
  // A megabyte, read beside other work.
}, 60_000);

test.each(['loadTables', 'quote', 'compare'])('%s is there for whoever imports it', (name) => {
  expect(library).toHaveProperty(name, expect.any(Function));
});

describe('the library answers what the commands answer', () => {
  const file = 'scenarios/question-routing.yaml';

  async function read() {
    const tables = await library.loadShippedTables();
    const text = readFileSync(path.join(root, file), 'utf8');
    const { scenario, problems } = library.readScenario(text, { file, tables });
    if (scenario === null) throw new Error(JSON.stringify(problems));
    return { scenario, tables, options: { asOf, prose: await library.loadProse(), tool: library.tool } };
  }

  test('assess', async () => {
    const { scenario, tables, options } = await read();
    const said = library.json(library.assess(scenario, tables, { ...options, point: true }));
    expect(said).toBe((await cliHere(['assess', file, '--point', '--format', 'json', '--as-of', asOf])).out);
  });

  test('breakEven', async () => {
    const { scenario, tables, options } = await read();
    const { out } = await cliHere(['breakeven', file, '--axis', 'apiPrice', '--format', 'json', '--as-of', asOf]);
    expect(JSON.parse(out).breakEven.length).toBeGreaterThan(0);
    expect(library.breakEven(scenario, tables, { ...options, axis: 'apiPrice' })).toEqual(JSON.parse(out));
  });

  test('predictCapacity', async () => {
    const { tables } = await read();
    const asked = { model: 'qwen3-8b', accelerator: 'l4-24gb', inputTokens: 1500, outputTokens: 500, rate: '2/s' };
    const { capacity, problems } = library.predictCapacity(tables, asked);
    const { out } = await cliHere(
      'capacity --model qwen3-8b --accelerator l4-24gb --input 1500 --output 500 --rate 2/s -f json',
    );
    expect(problems).toEqual([]);
    expect(JSON.parse(JSON.stringify(capacity?.answer))).toEqual(
      Object.fromEntries(Object.keys(capacity?.answer ?? {}).map((key) => [key, JSON.parse(out)[key]])),
    );
    expect(library.predictCapacity(tables, { ...asked, model: 'qwen3-8' })).toMatchObject({
      capacity: null,
      problems: [{ code: 'no-such-model' }],
    });
  });

  test('exportPlan', async () => {
    const { scenario, tables, options } = await read();
    const { files, problems } = library.exportPlan(scenario, tables, 'litellm', options);
    expect(problems).toEqual([]);
    expect(files?.map(({ text }) => text).join('')).toBe(
      (await cliHere(['export', file, '--target', 'litellm', '--as-of', asOf])).out,
    );
    expect(library.exportPlan(scenario, tables, 'vllm', options)).toMatchObject({
      files: null,
      problems: [{ code: 'nothing-to-export' }],
    });
  });

  test('importUsage', async () => {
    const { tables } = await read();
    const name = 'usage.csv';
    const text =
      'date,model,requests,input_tokens,output_tokens\n2026-11-01,gpt-5-mini,10,1000,500\n2026-11-02,gpt-5-mini,20,3000,100\n';
    const { imported, problems } = await library.importUsage([{ name, text }], tables, { asOf });
    const { out } = await cliHere(['import', '-', '--as-of', asOf], { input: text });
    expect(imported?.text).toBe(out.replaceAll('<stdin>', name));
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    const broken = await library.importUsage([{ name, text: 'nothing\n' }], tables, { asOf });
    expect(broken).toMatchObject({ imported: null, problems: [{ file: name }] });
  });
});
