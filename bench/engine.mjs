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

/** What an empty Node takes on the quiet machine that bars in milliseconds are stated for. */
const quietMs = 45;

/** How many times as long as on that machine things take here, at least 1: the fastest of some empty processes says so. */
export function slowness(runs = 15) {
  const millis = Array.from({ length: runs }, () => {
    const start = performance.now();
    spawnSync(process.execPath, ['-e', '0']);
    return performance.now() - start;
  });
  const emptyMs = Math.min(...millis);
  return { emptyMs, times: Math.max(1, emptyMs / quietMs) };
}
