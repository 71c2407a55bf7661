import fc from 'fast-check';
import { odd } from '../fuzz/values.js';

/** What stands at a place, the so-manieth of all there are, becomes something else. */
export type Edit = { at: number; how: 'replace' | 'remove' | 'rename' | 'copy' | 'add'; value: unknown };
const scalars = [...odd.fields, 'é'.repeat(201), '9'.repeat(201)];
const value = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom<unknown>(...scalars) },
  { weight: 2, arbitrary: fc.record({ low: fc.constantFrom(...scalars), high: fc.constantFrom(...scalars) }) },
  { weight: 1, arbitrary: fc.record({ mean: fc.constantFrom(...scalars), cv: fc.constantFrom(...scalars) }) },
  { weight: 1, arbitrary: fc.array(fc.constantFrom(...scalars), { maxLength: 3 }) },
  { weight: 1, arbitrary: fc.array(fc.constantFrom(0, 1), { minLength: 23, maxLength: 25 }) },
  { weight: 1, arbitrary: fc.constant({}) },
);
export const edit: fc.Arbitrary<Edit> = fc.record({
  at: fc.nat(),
  how: fc.constantFrom('replace', 'replace', 'replace', 'remove', 'rename', 'copy', 'add'),
  value,
});

type Container = Record<string, unknown> | unknown[];

/** The document with an edit, made in place. */
export function applied(document: unknown, { at, how, value: wanted }: Edit): unknown {
  const places: [Container, string | number][] = [];
  const walk = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    for (const key of Object.keys(node)) {
      places.push([node as Container, Array.isArray(node) ? Number(key) : key]);
      walk((node as Record<string, unknown>)[key]);
    }
  };
  walk(document);
  const [holder, key] = places[at % Math.max(1, places.length)] ?? [];
  if (holder === undefined || key === undefined) return document;
  if (Array.isArray(holder)) {
    if (how === 'replace' || how === 'rename') holder[Number(key)] = wanted;
    else if (how === 'remove') holder.splice(Number(key), 1);
    else holder.push(structuredClone(how === 'copy' ? holder[Number(key)] : wanted));
    return document;
  }
  if (how === 'replace') holder[key] = wanted;
  else if (how === 'add') holder[`${key}s`] = wanted;
  else {
    const old = holder[key];
    if (how !== 'copy') delete holder[key];
    if (how !== 'remove') holder[`${key}Of`] = old;
  }
  return document;
}
