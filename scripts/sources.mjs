import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../', import.meta.url));

/**
 * Everything that some modules export. Node cannot run the sources themselves, so they are bundled into a file that
 * lives for the length of an import.
 *
 * @param {string[]} modules paths from the root, without ending
 */
export async function importSources(modules) {
  const folder = mkdtempSync(join(tmpdir(), 'deploy-advisor-sources-'));
  try {
    const outfile = join(folder, 'sources.mjs');
    await build({
      stdin: {
        contents: modules.map((name) => `export * from './${name}.js';`).join('\n'),
        resolveDir: root,
      },
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      outfile,
      // yaml is CommonJS inside and asks for node: modules by require.
      banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
      logLevel: 'warning',
      loader: { '.tsv': 'text' },
    });
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Texts of the tables in a folder of pricing/.
 *
 * @param {string} folder
 */
export const tableFiles = (folder) =>
  readdirSync(join(root, 'pricing', folder))
    .filter((name) => /\.(csv|yaml)$/.test(name))
    .map((name) => ({
      file: `pricing/${folder}/${name}`,
      text: readFileSync(join(root, 'pricing', folder, name), 'utf8'),
    }));
