import { axisNames } from '../../analyses/break-even/answer.js';
import { ruleForms } from '../../analyses/check/rules.js';
import { kinds } from '../../tables/kinds.js';
import type { Tables } from '../../tables/tables.js';
import { scenarioShape } from '../../workload/json-schema.js';
import { capacityParameters } from '../capacity-predictor.js';
import type { CommandEntry } from '../command-entry.js';
import type { CommandTree, Offer, TreeNode } from './tree.js';

/**
 * Names to complete: those of the tables given, and of the command line. Only such as no shell reads anything into, but for
 * < and > at an end, which scripts quote.
 */
export function namesOf(tables: Tables, snapshots: readonly string[]): CommandTree['names'] {
  const assumed = tables.assumptions.map(({ name }) => `assumptions.${name}=`);
  const answers = tables.guides.guides.flatMap(({ id, inputs }) => inputs.map(({ name }) => `${id}.${name}=`));
  return {
    snapshots: [...snapshots].reverse(),
    models: plain([...tables.api.map(({ modelId }) => modelId), ...tables.api.map(({ family }) => family)]),
    families: plain(tables.models.map(({ family }) => family)),
    model_makers: plain(tables.models.map(({ vendor }) => vendor)),
    accelerators: plain(tables.accelerators.map(({ accelerator }) => accelerator)),
    hardware_makers: plain(tables.accelerators.map(({ vendor }) => vendor)),
    providers: plain(tables.providers.map(({ provider }) => provider)),
    engines: plain(tables.engines.map(({ engine }) => engine)),
    quantizations: plain(tables.quantization.map(({ scheme }) => scheme)),
    places: [...kinds],
    axes: plain(axisNames),
    settings: plain([...settable(scenarioShape()).map((path) => `${path}=`), ...assumed]),
    capacity_settings: plain(capacityParameters.map((name) => `${name}=`)),
    guide_answers: plain(answers),
    rules: [...new Set(ruleForms.map((form) => form.replace(/(?<=[<>]).*/, '')))].sort(),
  };
}

const plain = (names: readonly string[]): string[] =>
  [...new Set(names)].filter((name) => /^[\w.:+/=@-]+$/.test(name)).sort();

type Schema = { properties?: Record<string, Schema> };

/** Paths of a scenario that take a value, but for those in lists, which have names of the user's. */
function settable({ properties = {} }: Schema, path: readonly string[] = []): string[] {
  return Object.entries(properties)
    .filter(
      ([key]) => path.length > 0 || !['version', 'name', 'expect', 'prices', 'existing', 'assumptions'].includes(key),
    )
    .flatMap(([key, inner]) =>
      inner.properties ? settable(inner, [...path, key]) : 'items' in inner ? [] : [[...path, key].join('.')],
    );
}

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

/** Shells that can be told how to complete the command line. */
export const shells = ['bash', 'zsh', 'fish'] as const;

/** All that can be completed: the commands, and what groups of them are. */
export type AllCommands = { commands: readonly CommandEntry[]; groups: Readonly<Record<string, string>> };
