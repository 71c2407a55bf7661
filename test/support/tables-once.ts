import { createHash } from 'node:crypto';
import * as load from '../../src/tables/load.js';

export * from '../../src/tables/load.js';

const known = new Map<string, ReturnType<typeof load.loadTables>>();

/** Stands for `tables/load.js` in tests: tables that are whole are parsed once a worker, not once by every command. */
export const loadTables: typeof load.loadTables = (files, base) => {
  if (base !== undefined) return load.loadTables(files, base);
  const texts = createHash('sha1');
  for (const { file, text } of files) texts.update(`${file}\n${text}\n`);
  const key = texts.digest('hex');
  const found = known.get(key) ?? load.loadTables(files);
  known.set(key, found);
  return { ...found, problems: [...found.problems] };
};
