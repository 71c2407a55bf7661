// Writes the JSON Schemas of what users write, and of what they get, from the schemas in src/. Run it after every change of them.
import { writeFileSync } from 'node:fs';
import { importSources } from './sources.mjs';

const sources = await importSources([
  'src/workload/json-schema',
  'src/tables/load',
  'src/decide/decision',
  'src/report/check-json',
]);
const schemas = {
  scenario: sources.scenarioJsonSchema,
  snapshot: sources.snapshotJsonSchema,
  'price-book': sources.priceBookJsonSchema,
  result: sources.resultJsonSchema,
  comparison: sources.comparisonJsonSchema,
  check: sources.checkJsonSchema,
};
for (const [name, schema] of Object.entries(schemas))
  writeFileSync(`schema/${name}.json`, `${JSON.stringify(schema(), null, 2)}\n`);
