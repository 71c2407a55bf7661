// Writes the JSON Schemas of what users write, and of what they get, from the schemas in src/, and docs/scenario.md from them and the
// newest tables. Run it after every change of them.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { scenarioDoc } from './scenario-doc.mjs';
import { importSources, tableFiles } from './sources.mjs';

const sources = await importSources([
  'src/workload/issues',
  'src/workload/fields',
  'src/tables/load',
  'src/tables/query',
  'src/decide/decision',
  'src/report/check',
]);
const newest = readdirSync('pricing')
  .filter((name) => /^\d{4}-/.test(name))
  .sort()
  .at(-1);
const { tables } = sources.loadTables([newest, 'catalog'].flatMap(tableFiles));
const scenario = sources.scenarioJsonSchema(sources.tiersInWords(tables));
const schemas = {
  scenario: () => scenario,
  snapshot: sources.snapshotJsonSchema,
  'price-book': sources.priceBookJsonSchema,
  result: sources.resultJsonSchema,
  comparison: sources.comparisonJsonSchema,
  check: sources.checkJsonSchema,
};
for (const [name, schema] of Object.entries(schemas))
  writeFileSync(`schema/${name}.json`, `${JSON.stringify(schema(), null, 2)}\n`);

const fields = sources.fieldsOf(scenario, readFileSync('docs/scenario-examples.yaml', 'utf8'));
writeFileSync('docs/scenario.md', scenarioDoc(fields, tables));
