// Writes schema/scenario.json from src/scenario/schema.ts. Run it after every change of the scenario.
import { writeFile } from 'node:fs/promises';
import { build } from 'esbuild';

const { outputFiles } = await build({
  entryPoints: ['src/scenario/json-schema.ts'],
  bundle: true,
  format: 'esm',
  platform: 'node',
  write: false,
});
const code = Buffer.from(outputFiles[0].contents).toString('base64');
const { scenarioJsonSchema } = await import(`data:text/javascript;base64,${code}`);
await writeFile('schema/scenario.json', `${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`);
