import { createHash } from 'node:crypto';
import { vi } from 'vitest';

type Load = typeof import('../../src/tables/load.js');

/** Tables that are whole are parsed once a worker, not once by every command that a test calls in its process. */
vi.mock('../../src/tables/load.js', async (original) => {
  const load = await original<Load>();
  const kept = globalThis as { tablesByText?: Map<string, ReturnType<Load['loadTables']>> };
  kept.tablesByText ??= new Map();
  const known = kept.tablesByText;
  const loadTables: Load['loadTables'] = (files, base) => {
    if (base !== undefined) return load.loadTables(files, base);
    const texts = createHash('sha1');
    for (const { file, text } of files) texts.update(`${file}\n${text}\n`);
    const key = texts.digest('hex');
    const found = known.get(key) ?? load.loadTables(files);
    known.set(key, found);
    return { ...found, problems: [...found.problems] };
  };
  return { ...load, loadTables };
});
