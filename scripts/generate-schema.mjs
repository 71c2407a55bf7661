// Writes the JSON Schemas of what users write, and of what they get, from the zod schemas. Run it after every change of them.
import { writeFile } from 'node:fs/promises';
import { build } from 'esbuild';

await write('scenario', 'scenarioJsonSchema', 'src/workload/json-schema.ts');
await write('snapshot', 'snapshotJsonSchema', 'src/tables/load.ts');
await write('price-book', 'priceBookJsonSchema', 'src/workload/json-schema.ts');
await write('result', 'resultJsonSchema', 'src/decide/decision.ts');
await write('comparison', 'comparisonJsonSchema', 'src/report/check-json.ts');
await write('check', 'checkJsonSchema', 'src/report/check-json.ts');

/** @param {string} name @param {string} schema @param {string} module */
async function write(name, schema, module) {
  const { outputFiles } = await build({
    entryPoints: [module],
    bundle: true,
    format: 'esm',
    platform: 'node',
    write: false,
  });
  const code = Buffer.from(outputFiles[0].contents).toString('base64');
  const made = await import(`data:text/javascript;base64,${code}`);
  await writeFile(`schema/${name}.json`, `${JSON.stringify(made[schema](), null, 2)}\n`);
}
