import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { bundleLoader } from './bundle-loader.js';
import { codeCache } from './code-cache.js';
import { engineFlags, keepAllCode } from './engine-flags.js';

/** Loads the command line and runs it. The build makes CommonJS of this, which has `require`. */
export async function start(argv: readonly string[]): Promise<void> {
  for (const flag of engineFlags(process.versions.v8)) setFlagsFromString(flag);
  const cache = codeCache(process.env);
  if (cache !== null) setFlagsFromString(keepAllCode);
  const folder = path.dirname(fileURLToPath(import.meta.url));
  const load = cache === null ? require : bundleLoader(folder, require, cache);
  const { runHere } = load('./command-line.js') as typeof import('./command-line.js');
  await runHere(argv);
}
