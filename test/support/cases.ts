import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';

/** Tables of cases, by their names: `test/fixtures/cases/<file>.yaml`. Keys that a row may not have, and empty tables, are refused. */
export function casesIn<Tables extends Record<string, z.ZodRawShape>>(
  file: string,
  tables: Tables,
): { [Name in keyof Tables]: z.infer<z.ZodObject<Tables[Name], z.core.$strict>>[] } {
  const text = readFileSync(new URL(`../fixtures/cases/${file}.yaml`, import.meta.url), 'utf8');
  const shape = Object.entries(tables).map(([name, row]) => [name, z.array(z.strictObject(row)).min(1)]);
  return z.strictObject(Object.fromEntries(shape)).parse(parse(text)) as never;
}
