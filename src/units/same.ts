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
