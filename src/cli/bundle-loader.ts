import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Script } from 'node:vm';
import type { CodeCache } from './code-cache.js';

/** Loads a file beside this one, as `require` does. */
export type Load = <Exports>(id: string) => Exports;

type Compiled = { name: string; source: Buffer; script: Script; earlierMs: number };

/** So much more processor time than the process that kept the code: this one has compiled functions which that had no use for. */
const muchLonger = 1.25;

/** `require` for the files in a folder, with the code that earlier processes compiled; at its end this one keeps its own. */
export function bundleLoader(folder: string, require: NodeJS.Require, cache: CodeCache): Load {
  const loaded = new Map<string, { exports: unknown }>();
  const compiled: Compiled[] = [];
  const load = <Exports>(id: string): Exports => {
    if (!id.startsWith('./')) return require(id);
    const file = path.join(folder, id);
    const known = loaded.get(file);
    if (known) return known.exports as Exports;
    const module = { exports: {} };
    loaded.set(file, module);
    const one = compile(file, cache);
    compiled.push(one);
    one.script.runInThisContext()(module.exports, load, module, file, folder);
    return module.exports as Exports;
  };
  process.once('exit', () => keep(compiled, cache));
  return load;
}

/** The function that a CommonJS module is to Node. */
function compile(file: string, cache: CodeCache): Compiled {
  const name = path.basename(file, '.js');
  const source = readFileSync(file);
  const kept = cache.read(name, source);
  // The build writes nothing but ASCII.
  const text = `(function (exports, require, module, __filename, __dirname) {${source.toString('latin1')}\n})`;
  const script = new Script(text, { filename: file, ...(kept && { cachedData: kept.data }) });
  const isFresh = kept === null || script.cachedDataRejected === true;
  return { name, source, script, earlierMs: isFresh ? 0 : kept.processorMs };
}

/** At the end of the process: functions are compiled when they are first called. */
function keep(compiled: readonly Compiled[], cache: CodeCache): void {
  const processorMs = process.cpuUsage().user / 1000;
  for (const { name, source, script, earlierMs } of compiled)
    if (processorMs > muchLonger * earlierMs)
      cache.write(name, source, { data: script.createCachedData(), processorMs });
}
