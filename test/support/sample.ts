/** Whether everything is checked that a sample stands for otherwise: `npm run test:long`. */
export const long = process.env.LONG_TESTS === 'yes';

/**
 * So many of a list: groups take turns, so that each is there before another is twice. Which of a group come first is as
 * good as random and depends on nothing but their names, so that one more in the list moves few others. In a long run all.
 */
export function sampled<Item>(
  list: readonly Item[],
  count: number,
  { group, name }: { group: (item: Item) => string; name: (item: Item) => string },
): Item[] {
  if (long || list.length <= count) return [...list];
  const turns = new Map<string, number>();
  return list
    .map((item) => ({ item, by: hashed(name(item)) }))
    .sort((a, b) => a.by - b.by)
    .map(({ item, by }) => {
      const turn = turns.get(group(item)) ?? 0;
      turns.set(group(item), turn + 1);
      return { item, turn, by };
    })
    .sort((a, b) => a.turn - b.turn || a.by - b.by)
    .slice(0, count)
    .map(({ item }) => item);
}

/** FNV-1a with a final mix. */
function hashed(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}
