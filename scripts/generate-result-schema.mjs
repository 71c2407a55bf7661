// Writes schema/result.json from src/report/result-schema.ts. Run it after every change of the result's shape.
import { writeFile } from 'node:fs/promises';
import { build } from 'esbuild';

const { outputFiles } = await build({
  entryPoints: ['src/report/result-schema.ts'],
  bundle: true,
  format: 'esm',
  platform: 'node',
  write: false,
});
const code = Buffer.from(outputFiles[0].contents).toString('base64');
const { resultJsonSchema } = await import(`data:text/javascript;base64,${code}`);
await writeFile('schema/result.json', `${JSON.stringify(resultJsonSchema(), null, 2)}\n`);
