import { groupsTogether } from './column.js';
import { schemas } from './columns.js';
import { guideRules } from './guide-facts.js';
import type { Around, Complaint, ParsedTables } from './parse.js';
import { priceColumns } from './price-columns.js';
import { leverRules, playbookRules } from './row-facts.js';
import type { ApiRow, DateText } from './rows.js';
import type { RowsByTable, TableName } from './tables.js';

export type Rules = { [Table in TableName]?: ((row: RowsByTable[Table][number], around: Around) => Complaint[])[] };

/** Rounding of one decimal place in published indexes. */
const rounding = 0.05 + 1e-9;
/** Multipliers are kept to four places: their mean may be off by that. */
const meanTolerance = 1e-3;

function complain(wrong: boolean, header: string, code: string, message: string): Complaint[] {
  return wrong ? [{ header, code, message }] : [];
}

/** low <= likely <= high, where they are known. */
function ordered(header: string, ...values: (number | null)[]): Complaint[] {
  const known = values.filter((value) => value !== null);
  const wrong = known.some((value, at) => at > 0 && value < (known[at - 1] as number));
  return complain(wrong, header, 'range-order', `must not fall: ${known.join(', ')}`);
}

/** All of them or none. */
function together(what: string, header: string, ...values: unknown[]): Complaint[] {
  const filled = values.filter((value) => value !== null).length;
  return complain(
    filled > 0 && filled < values.length,
    header,
    'incomplete',
    `${what} need each other: give all or none`,
  );
}

/** A thing that is sold in a snapshot was released in or before its month; `dates` are of the same thing, by table. */
function released(
  header: string,
  name: string | null,
  dates: readonly (DateText | null | undefined)[],
  date: DateText | '',
): Complaint[] {
  const earliest = dates.filter((each) => typeof each === 'string').sort()[0];
  return complain(
    date !== '' && earliest !== undefined && earliest.slice(0, 7) > date.slice(0, 7),
    header,
    'later-than-snapshot',
    `${name} was released in ${earliest}, after the snapshot of ${date}`,
  );
}

const accelerator = [
  (row: { accelerator: string | null }, { rows, date }: Around) =>
    released(
      'accelerator',
      row.accelerator,
      rows.accelerators.filter((each) => each.accelerator === row.accelerator).map((each) => each.released),
      date,
    ),
];

const groups = groupsTogether(schemas.api);
/** Columns that need each other. */
const neighbors = (row: ApiRow): Complaint[] =>
  groups.flatMap(({ words, columns }) =>
    together(
      words,
      columns[0]?.header ?? '',
      ...columns.map(({ field }) => {
        const value = (row as Record<string, unknown>)[field];
        return Array.isArray(value) && value.length === 0 ? null : value;
      }),
    ),
  );

const parameter = [
  ({ low, likely, high }: { low: number; likely: number; high: number }) => ordered('likely', low, likely, high),
];

/** What must hold within a row, beyond what its cells say alone. */
export const rules: Rules = {
  api: [
    neighbors,
    (row) =>
      complain(
        row.until === null && row.nextInputUsdPerMTok !== null,
        'until',
        'incomplete',
        'next prices need the last day of those before',
      ),
    (row) => ordered('further_tiers', row.tierAboveInputTokens, ...row.furtherTiers.map(({ above }) => above)),
    (row) =>
      complain(
        row.furtherTiers.length > 0 && row.tierAboveInputTokens === null,
        'further_tiers',
        'incomplete',
        'further steps need a first one',
      ),
    (row, { date }) =>
      complain(
        date !== '' && row.effectiveFrom !== null && row.effectiveFrom > date,
        'effective_from',
        'later-than-snapshot',
        `${row.effectiveFrom} is after the snapshot of ${date}, which cannot know of it`,
      ),
    ({ family }, { rows, date }) =>
      released(
        'family',
        family,
        [...rows.models, ...rows.capability].filter((row) => row.family === family).map((row) => row.released),
        date,
      ),
    (row) =>
      row.inputUsdPerMTok === 0 || row.outputUsdPerMTok === 0
        ? [
            {
              header: row.inputUsdPerMTok === 0 ? 'input_usd_per_mtok' : 'output_usd_per_mtok',
              code: 'zero-price',
              message: 'is 0, so these tokens are free; leave the row out if the price is not known',
              severity: 'warning',
            },
          ]
        : [],
    ({ family, openWeights }, { rows }) =>
      complain(
        rows.capability.some((row) => row.family === family && row.openWeights !== openWeights),
        'open_weights',
        'contradiction',
        `capability.csv says otherwise of ${family}`,
      ),
  ],
  rental: [
    ...accelerator,
    (row) =>
      complain(
        priceColumns.rental.every(({ field }) => row[field] === null),
        priceColumns.rental[0]?.header ?? '',
        'no-price',
        'the row has no price at all',
      ),
    (row) =>
      complain(
        row.soldIn.length > 0 && row.gpuCount !== 1,
        'sold_in',
        'contradiction',
        'only rows priced per GPU (gpu_count 1) are sold in groups',
      ),
  ],
  hosting: [
    ...accelerator,
    (row) => ordered('cold_start_s_high', row.coldStartLowS, row.coldStartHighS),
    (row) => together('accelerator and gpu_count', 'gpu_count', row.accelerator, row.gpuCount),
  ],
  models: [
    (row) =>
      complain(row.paramsActiveB > row.paramsTotalB, 'params_active_b', 'range-order', 'more than params_total_b'),
    (row) =>
      together(
        'the figures of the cache',
        'kv_elems_per_token_full',
        row.layers,
        row.kvElemsPerTokenFull,
        row.kvElemsPerTokenWindowed,
        row.stateElemsPerSeq,
      ),
    (row) => together('the numbers of experts', 'experts_total', row.expertsTotal, row.expertsActive),
  ],
  accelerators: [(row) => ordered('list_price_usd', row.listPriceLowUsd, row.listPriceUsd, row.listPriceHighUsd)],
  capability: [
    (row) => ordered('index', row.indexLow, row.index, row.indexHigh),
    (row) =>
      complain(
        (row.mode === 'thinking' ? row.indexThinking : row.indexStandard) !== row.index,
        'index',
        'contradiction',
        `must be the index of the mode ${row.mode}`,
      ),
    (row, { rows }) =>
      complain(
        rows.tiers.some(({ tier, fromIndex }) =>
          tier <= row.tier ? row.index < fromIndex - rounding : row.index > fromIndex + rounding,
        ),
        'tier',
        'contradiction',
        `an index of ${row.index} is of another tier in tiers.csv`,
      ),
  ],
  quantization: [
    (row) => ordered('loss_likely', row.lossLow, row.lossLikely, row.lossHigh),
    (row) => ordered('up_to_b', row.aboveB, row.upToB),
    (row) =>
      complain(
        row.appliesTo === 'weights' && (row.bitsPerWeight === null || row.compute === null),
        'bits_per_weight',
        'incomplete',
        'a scheme for weights needs bits_per_weight and compute',
      ),
  ],
  providers: [
    ({ regions, certs, agreements, options }) => [
      ...twice('regions', regions),
      ...twice('certs', certs),
      ...twice('agreements', agreements),
      ...twice('options', options),
    ],
  ],
  services: [
    (row) => ordered('ttft_p50_high_ms', row.ttftP50LowMs, row.ttftP50HighMs),
    (row) => ordered('tokens_per_second_high', row.tokensPerSecondLow, row.tokensPerSecondHigh),
    ({ provider }, { rows, cell }) => {
      const terms = rows.providers.find((row) => row.provider === provider);
      if (!terms) return [];
      const opposite: Record<string, string> = { yes: 'no', no: 'yes' };
      const trains = cell('trains_on_data');
      return [
        ...disagree('offers_baa', 'baa', cell('offers_baa'), terms.agreements),
        ...disagree('zero_data_retention', 'zdr', cell('zero_data_retention'), terms.options),
        ...disagree('trains_on_data', 'no-training', opposite[trains] ?? trains, terms.options),
      ];
    },
  ],
  provisionedThroughput: [
    ({ minUnitsGlobal, stepGlobal, minUnitsRegional, stepRegional }) => [
      ...wholeSteps('min_units_global', minUnitsGlobal, stepGlobal),
      ...wholeSteps('min_units_regional', minUnitsRegional, stepRegional),
    ],
    ({ longAboveTokens, longInputWeight, longOutputWeight }) =>
      complain(
        new Set([longAboveTokens, longInputWeight, longOutputWeight].map((cell) => cell === null)).size > 1,
        'long_above_tokens',
        'incomplete',
        'weights of long prompts need long_above_tokens, long_input_weight and long_output_weight',
      ),
  ],
  owning: parameter,
  latency: parameter,
  assumptions: parameter,
  tasks: [(row) => ordered('min_index_likely', row.minIndexLow, row.minIndexLikely, row.minIndexHigh)],
  regimes: [
    ({ condition }) =>
      complain(
        !isExpression(condition),
        'condition',
        'bad-expression',
        `"${condition}" is not tokens joined by & and |, with brackets`,
      ),
  ],
  guides: guideRules,
  levers: leverRules,
  playbook: playbookRules,
  profiles: [
    ({ multipliers }) => {
      const mean = multipliers.reduce((sum, each) => sum + each, 0) / multipliers.length;
      return complain(Math.abs(mean - 1) > meanTolerance, 'multipliers', 'bad-profile', `their mean is ${mean}, not 1`);
    },
  ],
};

/** The smallest purchase is a number of steps. */
const wholeSteps = (header: string, least: number, step: number): Complaint[] =>
  complain(least % step !== 0, header, 'contradiction', `${least} is no multiple of the step of ${step}`);

/** A token that is there, conditional or absent can be only one of them. */
function twice(header: string, tokens: readonly string[]): Complaint[] {
  const bare = tokens.map((token) => token.replace(/^no:/, '').replace(/\?$/, ''));
  return bare
    .filter((token, at) => bare.indexOf(token) !== at)
    .map((token) => ({ header, code: 'contradiction', message: `speaks twice of "${token}"` }));
}

/** Both tables speak of the same terms of a provider's API; where services.csv says something, providers.csv repeats it. */
function disagree(header: string, token: string, answer: string, tokens: readonly string[]): Complaint[] {
  if (answer === '') return [];
  const written = answer === 'yes' ? token : answer === 'no' ? `no:${token}` : `${token}?`;
  return complain(!tokens.includes(written), header, 'contradiction', `providers.csv does not say "${written}"`);
}

/** Tokens with their kind, joined by `&` and `|`, in any brackets; or nothing at all. */
export function isExpression(condition: string): boolean {
  if (condition === '') return true;
  let rest = condition
    .replaceAll(/\s+/g, '')
    .replaceAll(/(agreement|cert|operator|option|org|reach|region):[a-z0-9-]+/g, 'x');
  for (let before = ''; before !== rest; ) {
    before = rest;
    rest = rest.replaceAll('(x)', 'x').replaceAll('x&x', 'x').replaceAll('x|x', 'x');
  }
  return rest === 'x';
}

/** Every complaint about the rows of one table. */
export function judge<Table extends TableName>(
  table: Table,
  parsed: ParsedTables,
  rows: RowsByTable,
  date: DateText,
): { row: number; complaint: Complaint }[] {
  const file = parsed[table];
  if (!file) return [];
  return (file.rows as RowsByTable[Table][number][]).flatMap((row) =>
    (rules[table] ?? []).flatMap((rule) =>
      rule(row, { rows, date, cell: (header) => file.cell(row.row, header) }).map((complaint) => ({
        row: row.row,
        complaint,
      })),
    ),
  );
}
