import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import type * as Library from '../../src/index.js';
import { cli, root } from '../support/cli-process.js';
import { asOf } from '../support/committed.js';

/** What is shipped, as `import 'deploy-advisor'` finds it. */
let library: typeof Library;
beforeAll(async () => {
  library = await import(pathToFileURL(path.join(root, 'dist/lib/index.js')).href);
});

test.each(['readScenario', 'loadTables', 'assess', 'breakEven', 'quote', 'predictCapacity', 'compare'] as const)(
  '%s is there for whoever imports it',
  (name) => {
    expect(library).toHaveProperty(name, expect.any(Function));
  },
);

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
    expect(said).toBe(cli(['assess', file, '--point', '--format', 'json', '--as-of', asOf]).out);
  });

  test('breakEven', async () => {
    const { scenario, tables, options } = await read();
    const { out } = cli(['breakeven', file, '--axis', 'apiPrice', '--format', 'json', '--as-of', asOf]);
    expect(JSON.parse(out).breakEven.length).toBeGreaterThan(0);
    expect(library.breakEven(scenario, tables, { ...options, axis: 'apiPrice' })).toEqual(JSON.parse(out));
  });
});
