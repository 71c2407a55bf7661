/** A value made on first use. */
export function madeOnce<Value>(make: () => Value): () => Value {
  let made: { value: Value } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** Keeps what was made of an object for as long as that object is there. */
export function perObject<Key extends object, Value>(make: (key: Key) => Value): (key: Key) => Value {
  const known = new WeakMap<Key, { value: Value }>();
  return (key) => {
    let found = known.get(key);
    if (found === undefined) {
      found = { value: make(key) };
      known.set(key, found);
    }
    return found.value;
  };
}

/** A cache of the last `most` keys: the same key gives the same object. */
export function recent<Value>(most: number): (key: string, make: () => Value) => Value {
  const known = new Map<string, { value: Value }>();
  return (key, make) => {
    const found = known.get(key) ?? { value: make() };
    known.delete(key);
    known.set(key, found);
    if (known.size > most) known.delete(known.keys().next().value as string);
    return found.value;
  };
}

/** Caches the last answer, as successive callers often need the same. */
export function remembering<Value>(f: (x: number) => Value): (x: number) => Value {
  let last: { x: number; y: Value } | null = null;
  return (x) => {
    if (last === null || last.x !== x) last = { x, y: f(x) };
    return last.y;
  };
}

/** Distinct entries at their first place: what is read several times fails as often. */
export const onceEach = <T>(entries: readonly T[]): T[] => [
  ...new Map(entries.map((entry) => [JSON.stringify(entry), entry])).values(),
];

/** Keeps every answer, by its argument. */
export function memoized<Key, Value>(f: (key: Key) => Value): (key: Key) => Value {
  const known = new Map<Key, Value>();
  return (key) => {
    if (!known.has(key)) known.set(key, f(key));
    return known.get(key) as Value;
  };
}
