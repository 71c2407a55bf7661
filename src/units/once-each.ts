/** Entries that say the same once, where the first of them stands: what is read several times is found to be wrong as often. */
export const onceEach = <T>(entries: readonly T[]): T[] => [
  ...new Map(entries.map((entry) => [JSON.stringify(entry), entry])).values(),
];
