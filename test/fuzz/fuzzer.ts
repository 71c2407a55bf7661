import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { loadTables } from '../../src/tables/load.js';
import type { TableFile } from '../../src/tables/parse.js';
import type { Tables } from '../../src/tables/tables.js';
import { tablesWith } from '../support/scenario.js';
import { documentCases, type FuzzCase, lot, tableCases } from './cases.js';
import { type Against, type Depth, type Outcome, tryPriceBook, tryScenario, tryTables } from './properties.js';

/** What is fuzzed: scenarios, price books, the files of pricing/. */
export const kinds = ['scenario', 'book', 'table'] as const;
export type Kind = (typeof kinds)[number];
export type Fuzzer = {
  caseAt(kind: Kind, index: number): FuzzCase;
  /** @throws Error what is wrong with the program */
  attempt(kind: Kind, one: FuzzCase, depth: Depth): Outcome;
  /** CPU time the case at an index may take, in ms: reading and one decision must be quick. */
  mostCpuMs(kind: Kind, index: number): number;
};

const newest = '2026-08-21';

/** Cases that follow from a seed and their index, and what is held against them. `root`: folder of the repository, with a slash. */
export function fuzzer(root: string, seed: number): Fuzzer {
  const read = (file: string): TableFile => ({ file, text: readFileSync(root + file, 'utf8') });
  const below = (folder: string, ending: RegExp): TableFile[] =>
    readdirSync(root + folder)
      .filter((name) => ending.test(name))
      .map((name) => read(`${folder}/${name}`));

  const scenarios = [...below('scenarios', /\.yaml$/), ...below('test/fixtures/scenario', /\.yaml$/)];
  const books = below('test/fixtures/price-book', /\.yaml$/);
  const good = books.filter(({ file }) => file.endsWith('/contract.yaml'));
  const tables = [newest, 'catalog'].flatMap((folder) =>
    // Corrections name rows that a few of the rows do not have.
    below(`pricing/${folder}`, /(?<!corrections)\.(csv|yaml)$/),
  );
  const base = loadTables(tables);
  if (base.tables === null || base.prose === null) throw new Error('the shipped tables cannot be read');
  const shipped = { tables: base.tables, prose: base.prose };
  const schema = JSON.parse(readFileSync(`${root}schema/result.json`, 'utf8')) as object;
  const whole: Against = { ...shipped, validate: new Ajv2020({ strict: true }).compile(schema), asOf: '2026-11-20' };
  // A few models, machines and APIs, so that a decision takes milliseconds where it takes seconds otherwise.
  const against: Against = { ...whole, decidedBy: tinyOf(shipped.tables) };

  // A snapshot of a few of the rows, so that a mutant takes milliseconds; what it lacks comes from the shipped tables.
  const small = tables.map((one) => (one.file.includes(`/${newest}/`) ? { ...one, text: fewRows(one) } : one));
  const snapshot = small.filter(({ file }) => file.includes(`/${newest}/`));
  const decided = ['support-chatbot', 'device-keyboard', 'legal-rag'].map(
    (name) => scenarios.find(({ file }) => file.endsWith(`/${name}.yaml`))?.text ?? '',
  );

  const made = new Map<string, FuzzCase[]>();
  const lotOf = (kind: Kind, number: number): FuzzCase[] => {
    const known = made.get(`${kind} ${number}`);
    if (known) return known;
    const cases =
      kind === 'table'
        ? tableCases(small, seed, number).map((one) => ({ ...one, set: [] }))
        : documentCases(kind === 'book' ? [...books, ...good, ...good, ...good] : scenarios, seed, number);
    made.clear();
    made.set(`${kind} ${number}`, cases);
    return cases;
  };

  return {
    mostCpuMs: (kind, index) => (['read', 'point'].includes(depthAt(kind, index)) ? 5000 : 60_000),
    caseAt: (kind, index) => lotOf(kind, Math.floor(index / lot))[index % lot] as FuzzCase,
    attempt(kind, one, depth) {
      if (kind === 'scenario') return tryScenario(one, depth === 'whole' ? whole : against, depth);
      if (kind === 'book') return tryPriceBook(one, decided[0] ?? '', against);
      const files = [...snapshot.filter(({ file }) => file !== one.file), one];
      return tryTables(files, shipped, depth === 'read' ? [] : decided, { ...against, lessOf: tinyOf });
    },
  };
}

/** How much is asked of the case at an index: all are read, some decided, a few with everything that follows. */
export function depthAt(kind: Kind, index: number): Depth {
  if (kind === 'table') return index % 100 === 0 ? 'crossings' : 'read';
  if (index % 20_000 === 0) return 'whole';
  if (index % 5000 === 0) return 'full';
  if (index % 1000 === 0) return 'crossings';
  return index % 200 === 0 ? 'point' : 'read';
}

const cards = new Set(['l4-24gb', 'apple-m3-max-64gb', 'apple-a17-pro-8gb', 'snapdragon-8-gen-3-12gb']);
const hosts = new Set(['aws', 'azure', 'modal']);

/** A few models, machines and APIs of the tables, so that a decision takes milliseconds where it takes seconds otherwise. */
function tinyOf(tables: Tables): Tables {
  const models = tables.models.filter(({ row }) => row % 16 === 1);
  const accelerators = tables.accelerators.filter(({ accelerator }) => cards.has(accelerator));
  return tablesWith(tables, {
    models,
    modelOf: new Map(models.map((model) => [model.family, model])),
    accelerators,
    api: tables.api.filter(({ row }) => row % 6 === 0),
    rental: tables.rental.filter(({ provider, accelerator }) => hosts.has(provider) && cards.has(accelerator)),
    hosting: tables.hosting.filter(({ provider }) => hosts.has(provider)),
  });
}

function fewRows({ file, text }: TableFile): string {
  // Files and hashes are those of a release.
  if (file.endsWith('.yaml')) return text.slice(0, text.indexOf('files:'));
  const [head, ...rows] = text.split('\n');
  const every = file.endsWith('api.csv') ? 3 : 20;
  return [head, ...rows.filter((row, index) => row !== '' && index % every === 0), ''].join('\n');
}
