import { suggestion } from '../units/suggest.js';

const mostNamed = 6;

/** What may have been meant: the names that hold what was asked, the shortest first, else the nearest there is. */
export function nearNames(
  asked: string,
  names: readonly string[],
  allBy: ((plain: string) => string) | null = null,
): string | null {
  const plain = asked.toLowerCase().replaceAll('*', '');
  const holding = names
    .filter((name) => plain !== '' && name.toLowerCase().includes(plain))
    .sort((a, b) => a.length - b.length);
  if (holding.length === 0) return suggestion(asked, names, 'known');
  const listed = allBy === null ? '' : `; ${allBy(plain)}`;
  const more = holding.length > mostNamed ? `, … (${holding.length}${listed})` : '';
  return `did you mean ${holding.slice(0, mostNamed).join(', ')}${more}?`;
}
