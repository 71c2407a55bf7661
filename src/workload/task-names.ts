/**
 * The name of every task, in order: as given, else its type, with `-2`, `-3` … where that is taken. Paths, plan ids and
 * `--set` all use these.
 */
export function taskNames(tasks: readonly { name?: string | undefined; type: string }[]): string[] {
  const taken = new Set(tasks.flatMap(({ name }) => (name === undefined ? [] : [name])));
  return tasks.map(({ name, type }) => {
    if (name !== undefined) return name;
    let free = type;
    for (let number = 2; taken.has(free); number++) free = `${type}-${number}`;
    taken.add(free);
    return free;
  });
}
