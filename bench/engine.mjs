import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** Parts of the sources that the built package does not export, bundled as they are there: `export { … } from './src/…'`. */
export async function fromSources(exports) {
  const root = fileURLToPath(new URL('../', import.meta.url));
  const outfile = `${root}dist/lib/bench-${process.pid}.mjs`;
  await build({
    stdin: { contents: exports, resolveDir: root },
    bundle: true,
    loader: { '.tsv': 'text' },
    format: 'esm',
    platform: 'node',
    outfile,
    define: { DEPLOY_ADVISOR_VERSION: '"bench"' },
    banner: { js: "import{createRequire as __req}from'node:module';const require=__req(import.meta.url);" },
    logLevel: 'warning',
  });
  const parts = await import(outfile);
  rmSync(outfile);
  return parts;
}

/** What an empty Node takes here, ms: the fastest of some, as another program on the machine only adds to it. */
export function emptyNodeMs(runs = 15) {
  const millis = Array.from({ length: runs }, () => {
    const start = performance.now();
    spawnSync(process.execPath, ['-e', '0']);
    return performance.now() - start;
  });
  return Math.min(...millis);
}
