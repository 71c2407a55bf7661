import fc from 'fast-check';
import { kinds } from '../../../src/tables/column.js';
import { type Block, maybe, oneOf, oneWay, seldom, someFields, someOf, type Turn } from './draws.js';
import type { Names } from './names.js';

/** Where data rules stand. Of the scenario they are mild, so that most scenarios can be served. */
export type DataPlace = 'all' | 'part';

/** How sensitive data are, and how far they may go: each word once, then some as they come. */
const pairs: readonly Block[] = [
  { sensitivity: 'public', boundary: 'anywhere' },
  { sensitivity: 'internal', boundary: 'under-contract' },
  { sensitivity: 'pii', boundary: 'own-account' },
  { sensitivity: 'regulated', boundary: 'own-premises' },
  { sensitivity: 'device-only', boundary: 'device' },
  { sensitivity: 'regulated', boundary: 'under-contract' },
  { sensitivity: 'public', boundary: 'under-contract' },
  { sensitivity: 'public' },
  { sensitivity: 'pii' },
  // Of a task alone, the strictest boundary is allowed whatever the scenario says.
  { boundary: 'device' },
];
const mild: readonly Block[] = [
  { sensitivity: 'public' },
  { sensitivity: 'public', boundary: 'anywhere' },
  { sensitivity: 'internal' },
  { sensitivity: 'internal', boundary: 'under-contract' },
  { sensitivity: 'internal', boundary: 'own-account' },
  { sensitivity: 'pii' },
  { sensitivity: 'pii', boundary: 'under-contract' },
  { sensitivity: 'regulated' },
  {},
];

/** Rules for data: words that belong together come together. */
export function dataRules(names: Names, turn: Turn, place: DataPlace = 'part'): fc.Arbitrary<Block | undefined> {
  const { regimes, agreements, providers, claims } = names;
  const ownRegime = someFields({
    name: fc.constantFrom('company policy', 'law of the land'),
    requires: maybe(turn, requirement(claims)),
    only: maybe(turn, someOf(turn, kinds, kinds.length)),
  });
  const agreed = fc.tuple(fc.constantFrom(...agreements), fc.constantFrom(...providers));
  const signed = fc.oneof(
    fc.subarray([...agreements], { minLength: 1 }),
    agreed.map(([agreement, provider]) => [`${agreement}:${provider}`]),
  );
  return fc
    .tuple(
      turn === null && place === 'all' ? fc.constantFrom(...mild, ...mild, ...pairs) : oneOf(turn, pairs),
      maybe(turn, regimeAndKind(regimes, turn), 0.12),
      someFields({
        ownRegimes: maybe(turn, fc.array(ownRegime, { minLength: 1, maxLength: 2 }), 0.04),
        residency: maybe(turn, someOf(turn, names.residencies), 0.12),
        ownRoom: maybe(turn, oneOf(turn, ['us', 'eea', 'fr']), 0.06),
        agreements: maybe(
          turn,
          oneWay(turn, [
            signed,
            someFields({
              signed: maybe(turn, signed),
              canSign: maybe(turn, fc.subarray([...agreements], { minLength: Math.ceil(agreements.length / 2) })),
            }).map((map) => map ?? {}),
          ]),
          0.08,
        ),
        declared: maybe(turn, someOf(turn, names.declared, names.declared.length), 0.12),
      }),
    )
    .map(([pair, law, more]) => {
      const rules = { ...pair, ...law, ...more };
      return Object.keys(rules).length === 0 ? undefined : rules;
    });
}

/** A regime with a kind of data that it speaks of, sometimes a second regime. */
function regimeAndKind(regimes: Names['regimes'], turn: Turn): fc.Arbitrary<Block> {
  const regime = fc.constantFrom(...regimes);
  return fc.tuple(regime, seldom(0.15, regime), maybe(turn, fc.constant(true))).map(([first, second, hasKind]) => ({
    regimes: [...new Set([first.regime, ...(second === undefined ? [] : [second.regime])])],
    ...(hasKind && { kinds: [first.kind] }),
  }));
}

/** What a place must have, as an expression. */
const requirement = (claims: readonly string[]): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.subarray([...claims], { minLength: 2, maxLength: 6 }),
      fc.constantFrom(...claims),
      seldom(0.2, fc.constant(true)),
    )
    .map(([any, one, both]) => (both ? `(${any.join(' | ')}) & ${one}` : any.join(' | ')));
