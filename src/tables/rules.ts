import { groupsTogether } from './column.js';
import type { ApiRow, DateText } from './columns.js';
import { priceColumns, schemas } from './columns.js';
import type { Around, Complaint, ParsedTables } from './parse.js';
import { guideRules, leverRules, playbookRules } from './row-facts.js';
import type { RowsByTable, TableName, Tables } from './tables.js';

/** `us?` and `no:eea` are about `us` and `eea`. */
export const bareWord = (word: string): string => word.replace(/^no:/, '').replace(/\?$/, '');

/** Required words of one subject in conditions of regimes: `agreement:baa`, `org:dpia`. */
export function wordsAsked({ regimes }: Pick<Tables, 'regimes'>, subject: string): Set<string> {
  const found = regimes.flatMap(({ condition }) => [...condition.matchAll(/([a-z]+):([a-z0-9-]+)/g)]);
  return new Set(found.flatMap(([, before, word]) => (before === subject && word !== undefined ? [word] : [])));
}

/** Claims of providers: regions, certificates, agreements and options. */
export type ProviderWords = 'regions' | 'certs' | 'agreements' | 'options';

/** Known words of one column of providers, and those that regimes require. */
export function knownWords(
  column: ProviderWords,
  { regions, providers, regimes, columnCache }: Tables,
): ReadonlySet<string> {
  return columnCache.of(['words', column, regions, providers, regimes], () => {
    const places = column === 'regions' ? regions.flatMap(({ tokens }) => tokens) : [];
    const had = [...places, ...providers.flatMap((provider) => provider[column])].map(bareWord);
    return new Set([...had, ...wordsAsked({ regimes }, column.slice(0, -1))].filter((word) => word !== ''));
  });
}

/** What a claim says of a subject: `us` of `region:us`; '' of others. */
export const nameIn = (token: string, subject: string): string =>
  token.startsWith(`${subject}:`) ? token.slice(subject.length + 1) : '';

/** Regions, with those that are one of them by another name or lie in it. */
export function regionsWithin(
  regions: readonly string[],
  { impliedTokens }: Pick<Tables, 'impliedTokens'>,
): Set<string> {
  const all = new Set(regions);
  for (const { token, impliedBy } of impliedTokens)
    if (all.has(nameIn(token, 'region'))) for (const each of impliedBy) all.add(nameIn(each, 'region'));
  return all;
}

type Complaints = Iterable<Complaint>;
type RowIn<Table extends TableName> = RowsByTable[Table][number];
type Rules = { [Table in TableName]?: (row: RowIn<Table>, around: Around) => Complaints };

/** Rounding of one decimal place in published indexes. */
const rounding = 0.05 + 1e-9;
/** Multipliers are kept to four places: their mean may be off by that. */
const meanTolerance = 1e-3;

const complaint = (header: string, code: string, message: string): Complaint => ({ header, code, message });

/** low <= likely <= high, where they are known. */
function* ordered(header: string, ...values: (number | null)[]): Complaints {
  const known = values.filter((value) => value !== null);
  if (known.some((value, at) => at > 0 && value < (known[at - 1] as number)))
    yield complaint(header, 'range-order', `must not fall: ${known.join(', ')}`);
}

/** All of them or none. */
function* together(what: string, header: string, ...values: unknown[]): Complaints {
  const filled = values.filter((value) => value !== null).length;
  if (filled > 0 && filled < values.length)
    yield complaint(header, 'incomplete', `${what} need each other: give all or none`);
}

/** What is sold in a snapshot was released by its month. */
function* released(
  header: string,
  name: string | null,
  rows: readonly { released?: DateText | null }[],
  date: DateText | '',
): Complaints {
  const [earliest] = rows.flatMap((row) => row.released ?? []).sort();
  if (date !== '' && earliest !== undefined && earliest.slice(0, 7) > date.slice(0, 7))
    yield complaint(
      header,
      'later-than-snapshot',
      `${name} was released in ${earliest}, after the snapshot of ${date}`,
    );
}

const sameCard = ({ rows, date }: Around, name: string | null): Complaints =>
  released(
    'accelerator',
    name,
    rows.accelerators.filter(({ accelerator }) => accelerator === name),
    date,
  );

const groups = groupsTogether(schemas.api);
/** Columns that need each other. */
function* neighbors(row: ApiRow): Complaints {
  for (const { words, columns } of groups) {
    const values = columns.map(({ field }) => (row as Record<string, unknown>)[field]);
    const orNull = values.map((value) => (Array.isArray(value) && value.length === 0 ? null : value));
    yield* together(words, columns[0]?.header ?? '', ...orNull);
  }
}

const parameter = ({ low, likely, high }: RowIn<'owning'>) => ordered('likely', low, likely, high);

/** What must hold within a row, beyond what its cells say alone. */
const rules: Rules = {
  *api(row, { rows, date }) {
    const { family, openWeights, until, effectiveFrom, furtherTiers, tierAboveInputTokens: above } = row;
    yield* neighbors(row);
    if (until === null && row.nextInputUsdPerMTok !== null)
      yield complaint('until', 'incomplete', 'next prices need the last day of those before');
    yield* ordered('further_tiers', above, ...furtherTiers.map((step) => step.above));
    if (furtherTiers.length > 0 && above === null)
      yield complaint('further_tiers', 'incomplete', 'further steps need a first one');
    if (date !== '' && effectiveFrom !== null && effectiveFrom > date) {
      const message = `${effectiveFrom} is after the snapshot of ${date}, which cannot know of it`;
      yield complaint('effective_from', 'later-than-snapshot', message);
    }
    const named = [...rows.models, ...rows.capability].filter((one) => one.family === family);
    yield* released('family', family, named, date);
    const free = { input_usd_per_mtok: row.inputUsdPerMTok, output_usd_per_mtok: row.outputUsdPerMTok };
    const [header] = Object.entries(free).find(([, usd]) => usd === 0) ?? [];
    const message = 'is 0, so these tokens are free; leave the row out if the price is not known';
    if (header !== undefined) yield { ...complaint(header, 'zero-price', message), severity: 'warning' };
    if (rows.capability.some((one) => one.family === family && one.openWeights !== openWeights))
      yield complaint('open_weights', 'contradiction', `capability.csv says otherwise of ${family}`);
  },
  *rental(row, around) {
    const [first] = priceColumns.rental;
    yield* sameCard(around, row.accelerator);
    if (priceColumns.rental.every(({ field }) => row[field] === null))
      yield complaint(first?.header ?? '', 'no-price', 'the row has no price at all');
    if (row.soldIn.length > 0 && row.gpuCount !== 1)
      yield complaint('sold_in', 'contradiction', 'only rows priced per GPU (gpu_count 1) are sold in groups');
  },
  *hosting(row, around) {
    yield* sameCard(around, row.accelerator);
    yield* ordered('cold_start_s_high', row.coldStartLowS, row.coldStartHighS);
    yield* together('accelerator and gpu_count', 'gpu_count', row.accelerator, row.gpuCount);
  },
  *models(row) {
    if (row.paramsActiveB > row.paramsTotalB)
      yield complaint('params_active_b', 'range-order', 'more than params_total_b');
    const { layers, kvElemsPerTokenFull, kvElemsPerTokenWindowed, stateElemsPerSeq } = row;
    const cache = [layers, kvElemsPerTokenFull, kvElemsPerTokenWindowed, stateElemsPerSeq];
    yield* together('the figures of the cache', 'kv_elems_per_token_full', ...cache);
    yield* together('the numbers of experts', 'experts_total', row.expertsTotal, row.expertsActive);
  },
  accelerators: (row) => ordered('list_price_usd', row.listPriceLowUsd, row.listPriceUsd, row.listPriceHighUsd),
  *capability({ mode, index, indexLow, indexHigh, indexThinking, indexStandard, tier: own }, { rows }) {
    yield* ordered('index', indexLow, index, indexHigh);
    if ((mode === 'thinking' ? indexThinking : indexStandard) !== index)
      yield complaint('index', 'contradiction', `must be the index of the mode ${mode}`);
    const isOther = ({ tier, fromIndex }: RowIn<'tiers'>) =>
      tier <= own ? index < fromIndex - rounding : index > fromIndex + rounding;
    if (rows.tiers.some(isOther))
      yield complaint('tier', 'contradiction', `an index of ${index} is of another tier in tiers.csv`);
  },
  *quantization(row) {
    yield* ordered('loss_likely', row.lossLow, row.lossLikely, row.lossHigh);
    yield* ordered('up_to_b', row.aboveB, row.upToB);
    if (row.appliesTo === 'weights' && (row.bitsPerWeight === null || row.compute === null))
      yield complaint('bits_per_weight', 'incomplete', 'a scheme for weights needs bits_per_weight and compute');
  },
  *providers({ regions, certs, agreements, options }) {
    for (const [header, tokens] of Object.entries({ regions, certs, agreements, options })) {
      const bare = tokens.map(bareWord);
      // A token that is there, conditional or absent can be only one of them.
      for (const token of bare.filter((each, at) => bare.indexOf(each) !== at))
        yield complaint(header, 'contradiction', `speaks twice of "${token}"`);
    }
  },
  *services(row, { rows, cell }) {
    yield* ordered('ttft_p50_high_ms', row.ttftP50LowMs, row.ttftP50HighMs);
    yield* ordered('tokens_per_second_high', row.tokensPerSecondLow, row.tokensPerSecondHigh);
    const terms = rows.providers.find(({ provider }) => provider === row.provider);
    if (!terms) return;
    const opposite: Record<string, string> = { yes: 'no', no: 'yes' };
    const trains = cell('trains_on_data');
    yield* disagree('offers_baa', 'baa', cell('offers_baa'), terms.agreements);
    yield* disagree('zero_data_retention', 'zdr', cell('zero_data_retention'), terms.options);
    yield* disagree('trains_on_data', 'no-training', opposite[trains] ?? trains, terms.options);
  },
  *provisionedThroughput(row) {
    const { minUnitsGlobal, stepGlobal, minUnitsRegional, stepRegional } = row;
    yield* wholeSteps('min_units_global', minUnitsGlobal, stepGlobal);
    yield* wholeSteps('min_units_regional', minUnitsRegional, stepRegional);
    const cells = [row.longAboveTokens, row.longInputWeight, row.longOutputWeight];
    const message = 'weights of long prompts need long_above_tokens, long_input_weight and long_output_weight';
    if (new Set(cells.map((one) => one === null)).size > 1) yield complaint('long_above_tokens', 'incomplete', message);
  },
  owning: parameter,
  latency: parameter,
  assumptions: parameter,
  tasks: (row) => ordered('min_index_likely', row.minIndexLow, row.minIndexLikely, row.minIndexHigh),
  *regimes({ condition }) {
    const message = `"${condition}" is not tokens joined by & and |, with brackets`;
    if (!isExpression(condition)) yield complaint('condition', 'bad-expression', message);
  },
  guides: guideRules,
  levers: leverRules,
  playbook: playbookRules,
  *profiles({ multipliers }) {
    const mean = multipliers.reduce((sum, each) => sum + each, 0) / multipliers.length;
    if (Math.abs(mean - 1) > meanTolerance)
      yield complaint('multipliers', 'bad-profile', `their mean is ${mean}, not 1`);
  },
};

/** The smallest purchase is a number of steps. */
function* wholeSteps(header: string, least: number, step: number): Complaints {
  if (least % step !== 0) yield complaint(header, 'contradiction', `${least} is no multiple of the step of ${step}`);
}

/** Contradictions on a provider's API terms: providers.csv must repeat services.csv. */
function* disagree(header: string, token: string, answer: string, tokens: readonly string[]): Complaints {
  const written = answer === 'yes' ? token : answer === 'no' ? `no:${token}` : `${token}?`;
  if (answer !== '' && !tokens.includes(written))
    yield complaint(header, 'contradiction', `providers.csv does not say "${written}"`);
}

/** Tokens with their kind, joined by `&` and `|`, with brackets; or empty. */
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
  const [file, rule] = [parsed[table], rules[table]];
  if (!file || !rule) return [];
  return (file.rows as RowIn<Table>[]).flatMap((row) =>
    [...rule(row, { rows, date, cell: (header) => file.cell(row.row, header) })].map((complaint) => ({
      row: row.row,
      complaint,
    })),
  );
}
