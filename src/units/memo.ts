/** Whether two values are equal by content: lists, sets, maps, columns and plain objects. */
export function isSame(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (ArrayBuffer.isView(one) || Array.isArray(one)) return isSameList(one as ArrayLike<unknown>, other);
  if (one instanceof Set || one instanceof Map) {
    const isAlike = one instanceof Set ? other instanceof Set : other instanceof Map;
    return isAlike && isSameList([...one], [...(other as Iterable<unknown>)]);
  }
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => isSame(one[key as keyof typeof one], other[key as keyof typeof other]))
  );
}

function isSameList(one: ArrayLike<unknown>, other: object): boolean {
  const { length } = other as ArrayLike<unknown>;
  if (one.length !== length) return false;
  for (let at = 0; at < length; at++) if (!isSame(one[at], (other as ArrayLike<unknown>)[at])) return false;
  return true;
}

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
