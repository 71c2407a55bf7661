/**
 * Builds a draft snapshot from price lists inside npm packages (refresh-sources.json; docs/refresh.md):
 *
 *     node scripts/refresh.mjs --into drafts/2026-12-10 --date 2026-12-10 [--packages <folder>]
 *
 * Every list is read by its importer; files of others are parsed, never run. A price that two lists say which do not copy
 * each other is of high confidence, any other of medium. Rental and hosting rows are those of the newest snapshot with their
 * own dates. review.txt names what moved, what is new, what is gone and where lists differ: a person decides.
 *
 * --packages: packages that are unpacked already, each in a folder of its name; else they are fetched by `npm pack`.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import JSON5 from 'json5';
import { importSources, tableFiles } from './sources.mjs';

const root = fileURLToPath(new URL('../', import.meta.url));
const movedByPercent = 10;

const { values } = parseArgs({
  options: {
    into: { type: 'string' },
    date: { type: 'string' },
    packages: { type: 'string' },
  },
});
if (!values.into || !/^\d{4}-\d{2}-\d{2}$/.test(values.date ?? '')) {
  console.error('usage: node scripts/refresh.mjs --into <folder> --date <YYYY-MM-DD> [--packages <folder>]');
  process.exit(2);
}

const engine = await importSources([
  'src/tables/importers/import-prices',
  'src/tables/importers/format',
  'src/tables/load',
  'src/tables/parse',
  'src/tables/columns',
  'src/tables/diff',
]);
const { importPrices, loadTables, readNames, csvRecords, snapshotFiles, diffSnapshots } = engine;
const newest = readdirSync(join(root, 'pricing'))
  .filter((name) => /^\d{4}-\d{2}-\d{2}$/.test(name))
  .sort()
  .at(-1);
const base = loadTables([...tableFiles(newest), ...tableFiles('catalog')]);
const { names } = readNames('names.csv', readFileSync(join(root, 'pricing/import/names.csv'), 'utf8'));

/** Offers of those alone who sell something in the newest snapshot. */
const known = [...new Set(base.tables.api.map(({ provider }) => provider))];

const sources = JSON.parse(readFileSync(new URL('refresh-sources.json', import.meta.url), 'utf8'));
const lists = [];
for (const source of sources) {
  const folder = values.packages ? join(resolve(values.packages), source.package) : fetched(source.package);
  if (!existsSync(join(folder, source.path))) {
    console.error(`${source.package}: no ${source.path}; left out`);
    continue;
  }
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const text = source.reads === 'pi-ai' ? fromPiAi(join(folder, source.path)) : fromProgram(folder, source);
  const name = `npm ${source.package} ${version}`;
  const { imported, problems } = importPrices({
    ...{ format: 'genai-prices', file: source.path, text, source: name, date: values.date, providers: known, names },
    base: { tables: base.tables, prose: base.prose },
  });
  for (const { message } of problems) console.error(`${name}: ${message}`);
  if (imported === null) continue;
  const { text: api } = imported.files.find((file) => file.name === 'api.csv');
  lists.push({ ...source, name, rows: rowsOf(api), counts: imported.notCarried });
  console.error(`${name}: ${imported.rows.api} rows`);
}
if (lists.length === 0) process.exit(1);

const { rows, disagreements } = merged(lists);
write(rows, disagreements);

/** A package of npm, unpacked into a folder for the while. */
function fetched(name) {
  const folder = mkdtempSync(join(tmpdir(), 'deploy-advisor-refresh-'));
  const packed = execFileSync('npm', ['pack', name, '--silent'], { cwd: folder, encoding: 'utf8' }).trim();
  execFileSync('tar', ['xzf', packed.split('\n').at(-1)], { cwd: folder });
  return join(folder, 'package');
}

/** pi-ai keeps one file a provider, models by API and id: as genai-prices would have it. */
function fromPiAi(folder) {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json') && !name.startsWith('.'));
  const providers = files.map((file) => {
    const apis = Object.values(JSON.parse(readFileSync(join(folder, file), 'utf8')));
    const models = apis.flatMap(Object.values).map(({ id, cost = {}, contextWindow }) => {
      const { tiers = [] } = cost;
      const priced = (side) => ({
        ...{ base: cost[side], tiers: tiers.map((tier) => ({ start: tier.inputTokensAbove, price: tier[side] })) },
      });
      const prices = {
        ...{ input_mtok: priced('input'), output_mtok: priced('output') },
        ...{ cache_read_mtok: cost.cacheRead, cache_write_mtok: cost.cacheWrite },
      };
      return [id, { id, prices, context_window: contextWindow }];
    });
    return { id: file.replace(/\.json$/, ''), models: Object.values(Object.fromEntries(models)) };
  });
  return JSON.stringify(providers);
}

/** The list or map that begins with some text inside a program, up to its closing bracket, as JSON. */
function fromProgram(folder, { path, begins, package: name }) {
  const program = readFileSync(join(folder, path), 'latin1');
  const at = program.indexOf(begins);
  if (at < 0) throw new Error(`${name}: ${path} has no "${begins}": look how the list begins now`);
  const from = at + begins.search(/[[{]/);
  let [depth, quote, plain] = [0, '', ''];
  for (let to = from; to < program.length; to++) {
    const letter = program[to];
    if (quote === '' && /^(!0|!1|void 0)/.test(program.slice(to, to + 6))) {
      // How minifiers write true, false and nothing.
      plain += letter === 'v' ? 'null' : program[to + 1] === '0' ? 'true' : 'false';
      to += letter === 'v' ? 5 : 1;
      continue;
    }
    if (quote === '' && letter === '`') {
      const end = program.indexOf('`', to + 1);
      plain += JSON.stringify(program.slice(to + 1, end));
      to = end;
      continue;
    }
    plain += letter;
    if (quote !== '') {
      if (letter === '\\') plain += program[++to];
      else if (letter === quote) quote = '';
    } else if (letter === '"' || letter === "'") quote = letter;
    else if (letter === '[' || letter === '{') depth++;
    else if ((letter === ']' || letter === '}') && --depth === 0)
      return JSON.stringify(JSON5.parse(Buffer.from(plain, 'latin1').toString('utf8')));
  }
  throw new Error(`${name}: the list in ${path} has no end`);
}

function rowsOf(csv) {
  const [head, ...records] = csvRecords(csv).records;
  return records.map(({ cells }) => new Map(head.cells.map((header, at) => [header, cells[at] ?? ''])));
}

/** One row an offer: that of the first list which has it, and what the others say of it. */
function merged(lists) {
  const found = new Map();
  const disagreements = [];
  for (const { rows, list, name } of lists)
    for (const row of rows) {
      const key = `${row.get('provider')} ${row.get('family')} ${row.get('model_id').toLowerCase()}`;
      const first = found.get(key);
      if (first === undefined) {
        found.set(key, { row: new Map(row), list });
        continue;
      }
      const prices = (one) => `${one.get('input_usd_per_mtok')}/${one.get('output_usd_per_mtok')}`;
      if (prices(first.row) !== prices(row)) {
        const text = `${name} ${prices(row)}`;
        disagreements.push(`${row.get('provider')} ${row.get('model_id')}: ${prices(first.row)}, ${text}`);
        first.row.set('note', [first.row.get('note'), `differs: ${text}`].filter(Boolean).join('; '));
      } else if (first.list !== list) {
        first.row.set('confidence', 'high').set('source', `${first.row.get('source')} + ${row.get('source')}`);
      }
      for (const [header, cell] of row) if (!first.row.get(header)) first.row.set(header, cell);
    }
  return { rows: [...found.values()].map(({ row }) => row), disagreements };
}

function write(api, disagreements) {
  const old = Object.fromEntries(tableFiles(newest).map(({ file, text }) => [file.split('/').at(-1), text]));
  const rows = { api, rental: rowsOf(old['rental.csv']), hosting: rowsOf(old['hosting.csv']) };
  const source = lists.map(({ name }) => name).join('; ');
  const unrated = [...new Set(api.map((row) => row.get('family')))].filter((one) => !base.tables.capabilityOf.has(one));
  const content = { date: values.date, source, rows, notCarried: [], figuresLeft: [], unrated: unrated.sort() };
  const files = snapshotFiles(content);
  const written = files.map(({ name, text }) => ({ file: join(values.into, name), text }));
  const draft = loadTables(written, { tables: base.tables, prose: base.prose });
  const errors = draft.problems.filter(({ severity }) => severity === 'error');
  for (const { file, line, message } of errors) console.error(`${file}:${line} ${message}`);
  if (draft.tables === null) process.exit(1);
  const diff = diffSnapshots(base.tables, draft.tables);
  const told = (offer) => `${offer.provider} ${offer.name}`;
  const review = [
    `Draft of ${values.date} against ${newest}. Look at each line; docs/refresh.md says how.`,
    ...section(
      `Moved by more than ${movedByPercent} %`,
      diff.changed
        .filter(({ percent }) => percent === null || Math.abs(percent) > movedByPercent)
        .map((one) => `${told(one)} ${one.price}: ${one.from} -> ${one.to}`),
    ),
    ...section('Lists differ', disagreements),
    ...section('New', diff.added.filter(({ table }) => table === 'api').map(told)),
    ...section('Gone from every list (a list that never had it proves nothing)', diff.removed.map(told)),
    ...section(
      'Announced changes that have come due: search for what became of them',
      base.tables.api
        .filter(({ until, retires }) => [until, retires].some((day) => day !== null && day <= values.date))
        .map(({ provider, modelId, until, retires }) => `${provider} ${modelId}: ${until ?? retires}`),
    ),
    ...section('Families without a capability', unrated),
    '',
  ];
  mkdirSync(values.into, { recursive: true });
  for (const { file, text } of written) writeFileSync(file, text);
  writeFileSync(join(values.into, 'review.txt'), review.join('\n'));
  console.error(`${values.into}: ${api.length} API rows; read review.txt`);
}

function section(title, lines) {
  return ['', `${title}: ${lines.length}`, ...lines.map((line) => `  ${line}`)];
}
