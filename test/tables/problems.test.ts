import { expect, test } from 'vitest';
import { z } from 'zod';
import { loadTables } from '../../src/tables/load.js';
import type { TableFile } from '../../src/tables/parse.js';
import { casesIn } from '../support/cases.js';
import { shipped, shippedFiles } from '../support/load.js';

const cases = casesIn('problems', {
  edits: {
    ...{ why: z.string(), file: z.string(), problems: z.array(z.string()) },
    edits: z.array(z.tuple([z.string(), z.string()])),
  },
  prices: { why: z.string(), value: z.string(), code: z.string() },
  cells: {
    name: z.string(),
    line: z.number(),
    header: z.string(),
    value: z.string(),
    code: z.string(),
    told: z.string().optional(),
  },
  snapshots: { text: z.string(), line: z.number(), path: z.string(), code: z.string() },
});

const files = shippedFiles();

/** The shipped files with one of them changed, and a snapshot.yaml that does not mind. */
function changed(name: string, change: (text: string) => string): TableFile[] {
  return files.map(({ file, text }) => {
    if (file.endsWith(`/${name}`)) return { file, text: change(text) };
    if (file.endsWith('/snapshot.yaml')) return { file, text: text.slice(0, text.indexOf('files:')) };
    return { file, text };
  });
}

const base = await shipped();
function found(name: string, change: (text: string) => string): string[] {
  // What is not changed is read once.
  const some = changed(name, change).filter(({ file }) => file.includes('/2026-08-21/') || file.endsWith(`/${name}`));
  const { tables, problems } = loadTables(some, base);
  if (problems.some(({ severity }) => severity === 'error')) expect(tables).toBeNull();
  return problems.map(({ file, line, path, code }) => `${file}:${line ?? ''} ${path} ${code}`);
}

/** Changes one cell; line 1 is the header. No cell before it may hold a comma. */
function cell(line: number, header: string, value: string | ((old: string) => string)): (text: string) => string {
  return (text) => {
    const lines = text.split('\n');
    const at = (lines[0] ?? '').split(',').indexOf(header);
    const cells = (lines[line - 1] ?? '').split(',');
    expect(at).toBeGreaterThanOrEqual(0);
    cells[at] = typeof value === 'string' ? value : value(cells[at] ?? '');
    lines[line - 1] = cells.join(',');
    return lines.join('\n');
  };
}

const api = 'pricing/2026-08-21/api.csv';

test.each(cases.prices)('a price that is $why is refused where it stands', ({ value, code }) => {
  expect(found('api.csv', cell(7, 'input_usd_per_mtok', value))).toEqual([`${api}:7 input_usd_per_mtok ${code}`]);
});

test('a problem stands at its cell, behind cells in quotes too, or at the beginning of its row', () => {
  const placed = (change: (text: string) => string) =>
    loadTables(changed('api.csv', change)).problems.map(({ line, column, code, excerpt }) => ({
      ...{ line, column, code },
      at: excerpt?.slice((column ?? 0) - 1, (column ?? 0) + 3),
    }));
  expect(placed(cell(7, 'input_usd_per_mtok', 'odd!'))).toMatchObject([{ line: 7, code: 'not-a-number', at: 'odd!' }]);
  const quoted = (text: string): string => {
    const lines = text.split('\n');
    const cells = (lines[6] ?? '').split(',');
    lines[6] = [`"${cells[0]}"`, ...cells.slice(1)].join(',');
    return cell(7, 'endpoint_kind', 'odd!')(lines.join('\n'));
  };
  expect(placed(quoted)).toMatchObject([{ line: 7, code: 'unknown-value', at: 'odd!' }]);
  const short = (text: string) => text.replace(/^(?:.*\n){6}/, (rows) => `${rows}one,cell\n`);
  expect(placed(short)[0]).toMatchObject({ line: 7, column: 1, code: 'wrong-cell-count', at: 'one,' });
  const twice = (text: string) => text.replace('model_id', 'provider');
  expect(placed(twice).filter(({ code }) => code === 'duplicate-column')).toMatchObject([{ line: 1, column: 1 }]);
  expect(placed(() => '')).toMatchObject([{ line: 1, column: 1, code: 'empty-file' }]);
});

test('a price of 0 is a warning: it is read, and said', () => {
  expect(found('api.csv', cell(7, 'input_usd_per_mtok', '0'))).toEqual([`${api}:7 input_usd_per_mtok zero-price`]);
  expect(loadTables(changed('api.csv', cell(7, 'input_usd_per_mtok', '0'))).tables?.api[5]?.inputUsdPerMTok).toBe(0);
});

// The problem stands in the column of the cell, or in the one named.
test.each(cases.cells)(
  '$name line $line: $header = $value is $code',
  ({ name, line, header, value, code, told = header }) => {
    const folder = /^(?:api|rental|hosting)/.test(name) ? '2026-08-21' : 'catalog';
    expect(found(name, cell(line, header, value))).toContain(`pricing/${folder}/${name}:${line} ${told} ${code}`);
  },
);

test('a limit of a tier that a row of capability contradicts is told there', () => {
  const { problems } = loadTables(changed('tiers.csv', cell(3, 'from_index', '90')));
  expect(problems[0]).toMatchObject({ file: 'pricing/catalog/capability.csv', line: 2, path: 'tier' });
  expect(problems[0]?.code).toBe('contradiction');
});

test.each(cases.edits)('$why', ({ file, edits, problems }) => {
  const edited = (text: string) => edits.reduce((now, [from, to]) => now.replace(new RegExp(from, 'm'), to), text);
  expect(found(file, edited)).toEqual(problems);
});

test('the second row with a key is refused, and names the first', () => {
  const twice = changed('tiers.csv', (text) => `${text}${text.split('\n')[2]}\n`);
  const { problems } = loadTables(twice);
  expect(problems).toMatchObject([
    { code: 'duplicate-key', file: 'pricing/catalog/tiers.csv', line: 6, message: '2 stands already in line 3' },
  ]);
});

test('a parameter is named in one file only', () => {
  const name = 'hoursPerMonth';
  const add = (text: string): string => `${text}${name},1,1,1,hours,yes,a test,low,\n`;
  const line = files.find(({ file }) => file.endsWith('/latency.csv'))?.text.split('\n').length ?? 0;
  expect(found('latency.csv', add)).toEqual([`pricing/catalog/latency.csv:${line} name duplicate-key`]);
});

test('a parameter named by another must exist, and not lead back', () => {
  const add = (text: string): string =>
    `${text}loopA,,=loopB,,x,yes,a test,low,,\nloopB,,=loopA,,x,yes,a test,low,,\nlost,,=nowhere,,x,yes,a test,low,,\nhalf,,1,2,x,no,a test,low,,\n`;
  const last = (files.find(({ file }) => file.endsWith('/assumptions.csv'))?.text.split('\n').length ?? 0) - 1;
  const problems = found('assumptions.csv', add);
  expect(problems).toContain(`pricing/catalog/assumptions.csv:${last + 2} likely circular-reference`);
  expect(problems).toContain(`pricing/catalog/assumptions.csv:${last + 3} likely unknown-reference`);
  expect(problems).toContain(`pricing/catalog/assumptions.csv:${last + 4} low missing-value`);
});

test('a quote left open is refused', () => {
  expect(found('tiers.csv', (text) => text.replace(/,([^,\n]*)\n$/, ',"$1\n'))[0]).toMatch(
    /^pricing\/catalog\/tiers\.csv:\d+ {2}bad-csv$/,
  );
});

test.each(['\n', '\r', '\r\n'])(
  'lines are counted as an editor counts them after a line break within quotes (%j)',
  (lineBreak) => {
    const [header, first = '', ...rest] = (files.find(({ file }) => file.endsWith('/tiers.csv'))?.text ?? '')
      .trim()
      .split('\n');
    const broken = `${first.replace(/,[^,]*$/, '')},"two${lineBreak}lines"`;
    const text = [header, broken, ...rest.slice(0, -1), `${rest.at(-1)},extra`].join('\n');
    expect(found('tiers.csv', () => text)).toEqual(['pricing/catalog/tiers.csv:6  wrong-cell-count']);
    expect(found('tiers.csv', () => text.replace(',extra', ',"extra'))).toEqual([
      'pricing/catalog/tiers.csv:6  bad-csv',
    ]);
  },
);

test('files saved by a spreadsheet read the same: byte-order mark, carriage returns, quotes, blank lines', async () => {
  const saved = files
    .filter(({ file }) => !file.endsWith('.yaml'))
    .map(({ file, text }) => ({ file, text: `\uFEFF${text.replaceAll('\n', '\r\n')}\r\n` }));
  const manifest = {
    file: 'snapshot.yaml',
    text: "date: 2026-08-21\nsources: ['a test']\nunrated: [hy4, mimo-v2.5, muse-glimmer-30b]\n",
  };
  const { tables, problems } = loadTables([...saved, manifest]);
  expect(problems).toEqual([]);
  expect(tables?.api).toEqual((await shipped()).tables.api);
  expect(tables?.profiles).toEqual((await shipped()).tables.profiles);
  const bad = saved.map((each) =>
    each.file.endsWith('/tiers.csv') ? { ...each, text: each.text.replace('2,general', '7,general') } : each,
  );
  expect(loadTables([...bad, manifest]).problems).toMatchObject([{ line: 3, path: 'tier', code: 'unknown-value' }]);
});

test('all problems are reported at once, sorted by file and line', () => {
  const lines = (text: string): string => cell(9, 'open_weights', 'maybe')(cell(4, 'input_usd_per_mtok', 'x')(text));
  expect(found('api.csv', lines)).toEqual([
    `${api}:4 input_usd_per_mtok not-a-number`,
    `${api}:9 open_weights unknown-value`,
  ]);
});

test('an edited release is found by its checksum and row count', () => {
  const edited = files.map(({ file, text }) =>
    file === api ? { file, text: text.trimEnd().split('\n').slice(0, -1).join('\n').concat('\n') } : { file, text },
  );
  expect(loadTables(edited).problems.map(({ file, code }) => `${file} ${code}`)).toEqual([
    `${api} row-count`,
    `${api} hash-mismatch`,
  ]);
});

test.each(cases.snapshots)('snapshot.yaml with a mistake names its line ($text)', ({ text, line, path, code }) => {
  const broken = files.map((each) => (each.file.endsWith('/snapshot.yaml') ? { ...each, text } : each));
  const { tables, problems } = loadTables(broken);
  expect(tables).toBeNull();
  expect(problems.find((problem) => problem.code === code)).toMatchObject({ line, path });
});

test('without a base every file is needed; each missing one is named', () => {
  const few = files.filter(({ file }) => !/\/(hosting|tiers)\.csv$/.test(file));
  expect(
    loadTables(few)
      .problems.filter(({ code }) => code === 'missing-file')
      .map(({ file }) => file),
  ).toEqual(['pricing/2026-08-21/hosting.csv', 'pricing/2026-08-21/snapshot.yaml', 'pricing/2026-08-21/tiers.csv']);
});

test('a snapshot of one’s own stands on the shipped catalog', async () => {
  const base = await shipped();
  const head = (name: string): string => files.find(({ file }) => file.endsWith(`/${name}`))?.text.split('\n')[0] ?? '';
  const row = 'openai,first-party,gpt-4o,gpt-4o,no,2,8'.padEnd(39) + ','.repeat(19);
  const own: TableFile[] = [
    { file: 'mine/snapshot.yaml', text: "date: 2026-09-01\nsources: ['our contract']\nnotes: ['negotiated']\n" },
    { file: 'mine/api.csv', text: `${head('api.csv')}\n${row.trimEnd()}our contract,high,agreed in June\n` },
    { file: 'mine/rental.csv', text: `${head('rental.csv')}\n` },
    { file: 'mine/hosting.csv', text: `${head('hosting.csv')}\n` },
  ];
  const { tables, prose, problems } = loadTables(own, base);
  expect(problems).toEqual([]);
  expect(tables?.api).toMatchObject([{ row: 0, provider: 'openai', inputUsdPerMTok: 2, batchInputUsdPerMTok: null }]);
  expect(tables?.models).toEqual(base.tables.models);
  expect(tables?.snapshot).toMatchObject({ date: '2026-09-01', notes: ['negotiated'] });
  expect(tables?.snapshot.sha256).not.toBe(base.tables.snapshot.sha256);
  expect(prose?.({ table: 'api', row: 0 })).toEqual({
    source: 'our contract',
    date: '2026-09-01',
    note: 'agreed in June',
  });
  expect(prose?.({ table: 'tiers', row: 0 })).toEqual(base.prose({ table: 'tiers', row: 0 }));
});

test('a parameter file of one’s own must not lack a name the program asks for', async () => {
  const base = await shipped();
  const own = files
    .filter(({ file }) => /2026-08-21\/|\/latency\.csv$/.test(file))
    .map(({ file, text }) =>
      file.endsWith('/latency.csv') ? { file, text: text.replace(/^rttOnDevice,.*\n/m, '') } : { file, text },
    );
  expect(loadTables(own, base).problems.map(({ code, message }) => `${code}: ${message}`)).toEqual([
    'missing-parameter: lacks the parameter "rttOnDevice"',
  ]);
});
