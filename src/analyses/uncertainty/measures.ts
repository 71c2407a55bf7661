import type { Measure, TornadoRow } from '../../decide/decision.js';
import { usdWords } from '../../units/format.js';

const shown = 3;

/** The inputs most worth knowing better: by what that is worth before choosing, then by how far they move the bill. */
export function measuresOf(tornado: readonly TornadoRow[]): Measure[] {
  return tornado
    .filter(({ swing, worth }) => worth > 0 || (swing ?? 0) > 0)
    .toSorted((a, b) => b.worth - a.worth || (b.swing ?? 0) - (a.swing ?? 0))
    .slice(0, shown)
    .map(({ parameter, worth, swing }, i) => ({
      parameter,
      worth,
      swing,
      text: `measure ${inWords(parameter)}${i === 0 ? ' first' : ''}: ${
        worth > 0 ? `worth up to ${usdWords(worth)} a month` : `it moves the bill by ${usdWords(swing ?? 0)} a month`
      }`,
    }));
}

/** `tasks.faq.tokens.output` as `output tokens of faq`. */
export function inWords(path: string): string {
  const task = /^tasks\.(.+?)\.(tokens\.)?([A-Za-z]+)$/.exec(path);
  if (task !== null) {
    const [, name, tokens, key = ''] = task;
    return `${tokens === undefined ? words(key) : `${words(key)}${/Prefix|Rate/.test(key) ? '' : ' tokens'}`} of ${name}`;
  }
  return words(path.replace(/^(?:workload|assumptions)\./, ''));
}

/** `ownPrefixCacheHit` as `own prefix cache hit`; a name of a model or a card stays. */
const words = (key: string): string =>
  / of /.test(key)
    ? key
    : key
        .replace(/^fte(?=[A-Z])/, 'peopleFor')
        .replace(/^setupEffort/, 'setUpOf')
        .replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
