import type { CommandEntry, FileKind, NameList, Offered, OptionEntry } from '../command-entry.js';

/**
 * What may stand at a place of the command line: words, lists of names, kinds of files; nothing where it is free text.
 * `joined`: several of them, with commas between.
 */
export type Offer = {
  words: readonly string[];
  lists: readonly NameList[];
  files: readonly FileKind[];
  joined?: true;
};
export type TreeOption = {
  /** `--format`, or both `-f` and it. */
  names: readonly string[];
  help: string;
  repeatable: boolean;
  /** null: the option takes no value; `several`: every word after it is one, up to the next option. */
  value: { name: string; several: boolean; offer: Offer } | null;
};
export type TreeNode = {
  /** Words of the command, single-spaced; empty for the program. */
  path: string;
  children: readonly { word: string; help: string }[];
  options: readonly TreeOption[];
  arguments: readonly { name: string; several: boolean; offer: Offer }[];
};
/** All that the scripts of shells are made of. */
export type CommandTree = {
  program: string;
  version: string;
  nodes: readonly TreeNode[];
  names: Readonly<Record<NameList, readonly string[]>>;
};

/** What is offered for a text of which only the name in brackets is known. */
const placeholders: Readonly<Record<string, readonly Offered[]>> = {
  file: ['files'],
  'file|url': ['files'],
  'rows.csv': ['files'],
  actuals: ['files'],
  part: ['files'],
  result: ['documents'],
  scenario: ['documents'],
  folder: ['folders'],
  'date|folder': ['snapshots', 'folders'],
};
const fileKinds: readonly Offered[] = ['files', 'documents', 'folders'];
const isFileKind = (offered: Offered): offered is FileKind => fileKinds.includes(offered);
const isList = (offered: Offered): offered is NameList => !fileKinds.includes(offered);

/** The command line as a tree, from the entries that commander gets. */
export function commandTree(
  program: { name: string; version: string },
  entries: readonly CommandEntry[],
  groups: Readonly<Record<string, string>>,
  names: CommandTree['names'],
): CommandTree {
  const paths = entries.flatMap(({ words }) => words.map((_, index) => words.slice(0, index + 1).join(' ')));
  const entryAt = (path: string) => entries.find(({ words }) => words.join(' ') === path);
  const childrenOf = (path: string) =>
    [...new Set(paths)]
      .filter((each) => each.lastIndexOf(' ') === (path === '' ? -1 : path.length) && each.startsWith(path))
      .map((each) => {
        const word = each.split(' ').at(-1) ?? '';
        return { word, help: entryAt(each)?.summary ?? groups[word] ?? '' };
      });
  const nodes = ['', ...new Set(paths)].map((path): TreeNode => {
    const entry = entryAt(path);
    return {
      path,
      children: childrenOf(path),
      options: [...(entry?.options ?? []).map(treeOption), help, ...(path === '' ? [version] : [])],
      arguments: (entry?.arguments ?? []).map((argument) => ({
        name: bare(argument.name),
        several: argument.name.includes('...'),
        offer: offerOf(argument, argument.name),
      })),
    };
  });
  const [root, ...below] = nodes as [TreeNode, ...TreeNode[]];
  const asked = root.children.map(({ word }) => word);
  const forHelp: TreeNode = {
    path: 'help',
    children: [],
    options: [],
    arguments: [{ name: 'command', several: false, offer: { words: asked, lists: [], files: [] } }],
  };
  const children = [...root.children, { word: 'help', help: 'print help for a command' }];
  return { program: program.name, version: program.version, nodes: [{ ...root, children }, ...below, forHelp], names };
}

const flag = (names: string[], help: string): TreeOption => ({ names, help, repeatable: false, value: null });
const help = flag(['-h', '--help'], 'print help');
const version = flag(['-V', '--version'], 'print the version');

const bare = (name: string): string => name.replace(/[<>[\]]|\.\.\./g, '');

function treeOption(option: OptionEntry): TreeOption {
  const [flags = '', value] = option.flags.split(/ (?=[<[])/);
  return {
    names: flags.split(', '),
    help: option.help,
    repeatable: option.repeatable === true,
    value:
      value === undefined ? null : { name: bare(value), several: value.includes('...'), offer: offerOf(option, value) },
  };
}

type Said = Pick<OptionEntry, 'choices' | 'offers' | 'words'>;

function offerOf(said: Said, placeholder: string): Offer {
  const offered = said.offers ?? (said.choices ? [] : (placeholders[bare(placeholder)] ?? []));
  return {
    words: said.choices ?? said.words ?? [],
    lists: offered.filter(isList),
    files: offered.filter(isFileKind),
    ...(bare(placeholder) === 'list' && { joined: true }),
  };
}
