import { plainText } from './plain-text.js';

/** Pieces of Markdown as code hosts render it: what a scenario names stays text, whatever it holds. */

/** What Markdown and HTML would take for theirs, and what calls people or issues. */
const special = /[&<>|\\`*_~[\]@#]/g;
/**
 * Hosts look for people, issues and addresses in the text that is left when entities are read: a tag between the sign and
 * what is beside it hides both.
 */
const calling = /&#64;|&#35;|(?<=:)\/\/|(?<=\bwww)\.|(?<=\bGH)-(?=\d)/gi;

export const text = (plain: string): string =>
  plainText(plain)
    .replace(special, (character) => `&#${character.charCodeAt(0)};`)
    .replace(calling, '<span>$&</span>');

/** Names of users' own: in code, nobody is called by them. */
export const code = (plain: string): string => `<code>${text(plain)}</code>`;

/** A table; columns of `numbers` are set right. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  numbers: readonly number[] = [],
): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, at) => (numbers.includes(at) ? '---:' : '---'))), ...rows.map(line)];
}

export const list = (items: readonly string[]): string[] =>
  items.length === 0 ? [] : [...items.map((item) => `- ${item}`), ''];
