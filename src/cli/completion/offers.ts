import type { CommandTree, Offer, TreeNode } from './tree.js';

/** An offer as words of a script: plain words, `@list`, `%kind` of files; first a comma where several are joined by it. */
export const offerText = ({ words, lists, files, joined }: Offer): string =>
  [...(joined ? [','] : []), ...words, ...lists.map((list) => `@${list}`), ...files.map((kind) => `%${kind}`)].join(
    ' ',
  );

/** Names of an option's values: `assess -f`, `assess --format`. */
export const optionKeys = (tree: CommandTree): { key: string; offer: Offer }[] =>
  tree.nodes.flatMap(({ path, options }) =>
    options.flatMap(({ names, value }) =>
      value === null ? [] : names.map((name) => ({ key: `${path} ${name}`, offer: value.offer })),
    ),
  );

/** Options that take every word up to the next option, as `optionKeys`. */
export const severalKeys = (tree: CommandTree): string[] =>
  tree.nodes.flatMap(({ path, options }) =>
    options.flatMap(({ names, value }) => (value?.several ? names.map((name) => `${path} ${name}`) : [])),
  );

/** Every path that can be gone down to, as `parent/word`, and where that leads. */
export const steps = (tree: CommandTree): { step: string; path: string }[] =>
  tree.nodes.flatMap(({ path, children }) =>
    children.map(({ word }) => ({
      step: `${path}/${word}`,
      path: [path, word].filter((part) => part !== '').join(' '),
    })),
  );

/** What may stand as an argument, by its position; `several` holds for all further ones too. */
export const positions = ({ arguments: all }: TreeNode): { at: number; several: boolean; offer: Offer }[] =>
  all.map(({ several, offer }, at) => ({ at, several, offer }));

/** The same text for several keys once, in the order of the first. */
export function together(entries: readonly { key: string; text: string }[]): { keys: string[]; text: string }[] {
  const keysOf = new Map<string, string[]>();
  for (const { key, text } of entries) keysOf.set(text, [...(keysOf.get(text) ?? []), key]);
  return [...keysOf].map(([text, keys]) => ({ text, keys }));
}

/** First lines of every script. */
export const heading = ({ program, version }: CommandTree, shell: string): string =>
  `${shell} completion for ${program} ${version}; after an update, print it anew: ${program} completion ${shell}`;
