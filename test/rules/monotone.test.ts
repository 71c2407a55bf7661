import { beforeAll, expect, test } from 'vitest';
import { emptyOption, type Option } from '../../src/places/option.js';
import { agreements, boundary, regimes, residency, retention } from '../../src/rules/data.js';
import { mayRun } from '../../src/rules/rule.js';
import type { Tables } from '../../src/tables/tables.js';
import { resolve } from '../../src/workload/resolve.js';
import { boundaries } from '../../src/workload/workload.js';
import { shippedTables } from '../support/load.js';
import { readAny } from '../support/random-scenarios.js';
import { long } from '../support/sample.js';
import { asOf } from '../support/scenario.js';

let tables: Tables;
let places: Option[];
beforeAll(async () => {
  tables = await shippedTables();
  const reaches = { 'managed-hosting': 'under-contract', 'serverless-gpu': 'under-contract' } as const;
  const hosted = tables.providers.flatMap(({ provider, kinds }) =>
    kinds.map((kind): Option => {
      const reach =
        kind === 'self-hosted-cloud' ? 'own-account' : (reaches[kind as keyof typeof reaches] ?? 'anywhere');
      return { ...emptyOption(kind), provider, reach };
    }),
  );
  const own: Option = { ...emptyOption('on-prem'), purchase: 'bought', region: 'us' };
  places = [
    ...hosted,
    { ...emptyOption('self-hosted-cloud'), provider: 'vast', reach: 'own-account', marketplace: true },
    { ...own, provider: 'own-room', reach: 'own-premises' },
    { ...own, provider: 'colocation', reach: 'own-account' },
    { ...emptyOption('edge'), provider: 'device', reach: 'device' },
  ];
});

type Data = Record<string, unknown>;

const known = new Map<string, Set<string> | null>();

/** What may serve such data, found once. */
function served(data: Data): Set<string> | null {
  const key = JSON.stringify(data);
  const found = known.has(key) ? (known.get(key) ?? null) : servedNow(data);
  known.set(key, found);
  return found;
}

/** Providers and kinds that the rules for data let serve it; null: such data cannot be asked for. */
function servedNow(data: Data): Set<string> | null {
  const read = readAny({ workload: { volume: 1000 }, tasks: [{ type: 'faq-chat' }], data }, tables, []);
  if (read === null) return null;
  const context = { workload: resolve(read, tables, asOf), tables };
  const [taskPart] = context.workload.taskParts;
  if (taskPart === undefined) throw new Error('no task part');
  const passes = (option: Option) =>
    [boundary, agreements, regimes, residency, retention].every((gate) =>
      mayRun(gate.check(option, taskPart, context, null)),
    );
  return new Set(places.filter(passes).map(({ kind, provider, marketplace }) => `${kind}/${provider}/${marketplace}`));
}

/** What may serve the stricter data and may not serve the looser. */
function lost(looser: Data, stricter: Data): string[] {
  const [wide, narrow] = [served(looser), served(stricter)];
  return wide === null || narrow === null ? [] : [...narrow].filter((place) => !wide.has(place));
}

const agreed = [
  undefined,
  [],
  ['baa:azure'],
  ['dpa'],
  ['scc'],
  ['itar:aws'],
  { signed: ['baa:aws'], canSign: ['glba', 'cjis', 'ferpa'] },
  { signed: [], canSign: ['baa', 'dpa:openai'] },
];
const levels = ['public', 'internal', 'pii', 'regulated', 'device-only'];

test('what may serve stricter data may serve looser data, whatever is signed, bounded and regulated', () => {
  const named = [...new Set(tables.regimes.map(({ regime }) => regime))].filter((regime) => regime !== 'none');
  const broken: string[] = [];
  let [asked, rounds] = [0, 0];
  for (const list of agreed)
    for (const limit of [undefined, ...boundaries])
      for (const regime of [undefined, ...named]) {
        // A step that no length of these lists is a multiple of meets every entry of each.
        if (!long && rounds++ % 7 !== 0) continue;
        const at = (sensitivity: string): Data => ({
          sensitivity,
          ...(list !== undefined && { agreements: list }),
          ...(limit !== undefined && { boundary: limit }),
          ...(regime !== undefined && { regimes: [regime] }),
        });
        const { regimes: _, ...unregulated } = at('pii');
        const pairs = [
          ...levels.slice(1).map((level, index) => [at(levels[index] as string), at(level)] as const),
          // Under a regime they are no looser than personal data of none.
          [unregulated, at('regulated')] as const,
        ];
        for (const [looser, stricter] of pairs) {
          asked += served(looser) === null || served(stricter) === null ? 0 : 1;
          for (const place of lost(looser, stricter))
            broken.push(`${place}: ${JSON.stringify(stricter)} and not ${JSON.stringify(looser)}`);
        }
      }
  expect(broken).toEqual([]);
  expect(asked).toBeGreaterThan(500);
});

test('a narrower boundary lets nothing more through', () => {
  for (const sensitivity of levels)
    for (const [index, limit] of boundaries.slice(1).entries())
      expect(lost({ sensitivity, boundary: limit }, { sensitivity, boundary: boundaries[index] })).toEqual([]);
});

test.each<[string, Data, Data]>([
  ['FedRAMP High', { regimes: ['fedramp-moderate'] }, { regimes: ['fedramp-high'] }],
  [
    'no operator under foreign access',
    { regimes: ['schrems-ii'] },
    { regimes: ['schrems-ii'], kinds: ['personal-eea-strict'] },
  ],
  ['special categories', { regimes: ['gdpr'] }, { regimes: ['gdpr'], kinds: ['special-category'] }],
  ['one more regime', { regimes: ['gdpr'] }, { regimes: ['gdpr', 'hipaa'] }],
  ['data in the EU under GDPR', { regimes: ['gdpr'] }, { regimes: ['gdpr'], residency: ['eea'] }],
])('%s: who meets the stricter regime meets the looser one', (_, looser, stricter) => {
  const base = { sensitivity: 'regulated', declared: ['agency-ato', 'art9-ground', 'dpia', 'tia'] };
  expect(lost({ ...base, ...looser }, { ...base, ...stricter })).toEqual([]);
  expect(served({ ...base, ...stricter })?.size).toBeGreaterThan(0);
});
