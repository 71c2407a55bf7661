import { doubtTexts } from '../capacity/doubts.js';
import type { CapacityAnswer } from '../capacity/predict-capacity.js';
import type { Percentiles } from '../capacity/queue/percentiles.js';
import type { CapacityPrice, CapacityQuestion, PricedCapacity } from '../cost/capacity-cost.js';
import { csvText } from './csv-text.js';
import { grid } from './grid.js';
import { jsonText } from './json-text.js';
import { counted, grouped } from './number-text.js';
import { ageText, type PriceDate } from './price-date.js';
import { wrap } from './wrap.js';

export type Shown = { prices: PriceDate; question: CapacityQuestion; found: PricedCapacity };
export type ShownRanking = { prices: PriceDate; question: CapacityQuestion; ranked: readonly PricedCapacity[] };

const width = 80;
const indent = 11;
const giga = 1e9;

/** A figure with as many digits as it can bear: two or three. */
const short = (value: number): string =>
  value >= 1000 ? grouped(Number(value.toPrecision(3))) : String(Number(value.toPrecision(value >= 100 ? 3 : 2)));
const time = (seconds: number): string => (seconds >= 1 ? `${short(seconds)} s` : `${short(seconds * 1000)} ms`);
const between = (value: number, band: { low: number; high: number } | null): string =>
  band === null ? '' : ` (${short(value * band.low)} to ${short(value * band.high)})`;
const usd = (value: number): string => `$${value >= 100 ? grouped(Math.round(value)) : value.toPrecision(3)}`;
const busy = (share: number): string => `${Math.round(share * 100)} %`;

/** One machine: what fits, what it carries, what users see, what it costs, and how sure that is. */
export function capacityTable({ prices, question, found }: Shown): string {
  const { measured } = question;
  const { answer } = found;
  const head = `${measured.modelFamily} ${found.scheme} on ${found.count}x ${found.accelerator}, ${found.engine}`;
  const dated = `prices ${prices.snapshot} (${ageText(prices)})`;
  const title =
    head.length + dated.length + 2 <= width ? `${head.padEnd(width - dated.length)}${dated}` : `${head}\n${dated}`;
  const rows: [string, string[]][] = [
    ['requests', [`${grouped(measured.promptTokens)} tokens in, ${grouped(measured.outputTokens)} out`]],
    ['fit', fitLines(answer, found)],
    ...(answer.fits ? carried(answer) : []),
    ...fleetLines(answer, question),
    ...(found.price === null ? [] : ([['cost', [costLine(found.price, found.count)]]] as [string, string[]][])),
    ['sure', sureLines(answer)],
  ];
  return `${title}\n${rows.map(([name, lines]) => block(name, lines)).join('')}`;
}

function block(name: string, lines: readonly string[]): string {
  const wrapped = lines.flatMap((line) =>
    wrap(line, width - indent).map((part, at) => (at === 0 ? part : `  ${part}`)),
  );
  const own = name.length < indent;
  const head = own ? '' : `${name}\n`;
  return `${head}${wrapped.map((line, at) => `${(own && at === 0 ? name : '').padEnd(indent)}${line}\n`).join('')}`;
}

function fitLines({ memory, fits }: CapacityAnswer, { cacheBits }: PricedCapacity): string[] {
  const gb = (bytes: number) => `${short(bytes / giga)} GB`;
  const weights = `${gb(memory.weightBytes)} of weights in ${gb(memory.usableBytes)} usable`;
  if (!fits) return [`does not fit: ${weights}, and ${gb(memory.sequenceBytes)} for one request's cache`];
  const longest =
    memory.longestSequences === memory.sequences ? '' : `, ${grouped(memory.longestSequences)} at their longest`;
  return [
    weights,
    `room for the cache of ${grouped(memory.sequences)} requests in flight${longest} (${short(memory.sequenceBytes / 1e6)} MB each, ${cacheBits} bit)`,
  ];
}

function carried({ alone, saturation, held, heldBy, bands }: CapacityAnswer): [string, string[]][] {
  const { requestsPerS, outputTokensPerS, totalTokensPerS, batch, limitedBy } = saturation;
  const limit = { memory: 'the memory', engine: "the engine's limit of sequences" }[limitedBy] ?? limitedBy;
  const more = heldBy.slice(2, 5).map((rate, at) => `${at + 2}: ${short(rate)}`);
  return [
    [
      'alone',
      [
        `first token ${time(alone.ttftS)}${bandTime(alone.ttftS, bands.ttft)}, then ${short(alone.tokensPerS)} tokens/s${between(alone.tokensPerS, bands.single)}; prefill ${short(alone.prefillTokensPerS)} tokens/s`,
      ],
    ],
    [
      'full',
      [
        `${short(requestsPerS)} requests/s, ${short(outputTokensPerS)} output tokens/s${between(outputTokensPerS, bands.throughput)}, ${short(totalTokensPerS)} in all; ${short(batch)} in flight, limited by ${limit}`,
      ],
    ],
    [
      'holds',
      [
        `${short(held.requestsPerS)} requests/s a replica, ${short(held.outputTokensPerS)} output tokens/s, limited by the ${held.limitedBy}${more.length > 0 ? `; replicas ${more.join(', ')}` : ''}`,
      ],
    ],
  ];
}

const bandTime = (seconds: number, band: { low: number; high: number } | null): string =>
  band === null ? '' : ` (${time(seconds * band.low)} to ${time(seconds * band.high)})`;

function fleetLines({ fleet, unmet }: CapacityAnswer, { load, targets }: CapacityQuestion): [string, string[]][] {
  if (load === null) return [];
  const asked = load.is === 'rate' ? `${short(load.ratePerS)}/s` : counted(load.users, 'user');
  if (fleet === null) return [[`at ${asked}`, [`not carried: ${unmet}`]]];
  const { serving, installed, latency, utilization, ratePerS } = fleet;
  const spare = installed > serving ? ` and ${installed - serving} spare` : '';
  const percentiles = ({ p50, p95, p99 }: Percentiles) => `p50 ${time(p50)}, p95 ${time(p95)}, p99 ${time(p99)}`;
  const goal = (of: string) => {
    const target = targets.find((each) => each.of === of);
    return target === undefined ? '' : `; asked p95 ${time(target.limitS)}`;
  };
  const rate = load.is === 'users' ? `, ${short(ratePerS)} requests/s` : '';
  return [
    [
      `at ${asked}`,
      [
        `${counted(serving, 'replica')}${spare}, ${busy(utilization)} busy${rate}, ${short(latency.inFlight)} in flight on each`,
      ],
    ],
    ['', [`TTFT ${percentiles(latency.ttftS)}${goal('ttft')}`]],
    ['', [`TPOT ${percentiles(latency.tpotS)}${goal('tpot')}`]],
    ['', [`whole ${percentiles(latency.requestS)}${goal('request')}`]],
  ];
}

function costLine({ rent, replicas, usdPerMTok, usdPerMOutputTok }: CapacityPrice, count: number): string {
  const { row, machines, gpusPerMachine, usdPerHour } = rent;
  const what = `${counted(machines, 'machine')} of ${gpusPerMachine} GPUs (${counted(replicas, 'replica')} of ${count}) at ${row.provider} ${row.instanceType}, ${row.region}, on demand`;
  return `${usd(usdPerHour)}/hour: ${what}; ${usd(usdPerMTok)} per 1M tokens, ${usd(usdPerMOutputTok)} per 1M output tokens while it carries that`;
}

function sureLines({ bands, doubts, own }: CapacityAnswer): string[] {
  const lines: string[] = [];
  if (own !== null)
    lines.push(
      `calibrated with ${counted(own.measurements, 'measurement')} of your own: decode x ${short(own.correction.decode)}, prefill x ${short(own.correction.prefill)}, first token x ${short(own.correction.firstToken)}; median error ${Math.round(own.errorPct.before)} % before, ${Math.round(own.errorPct.after)} % after`,
    );
  if (bands.throughput !== null)
    lines.push(
      `brackets hold 80 % of ${own === null ? 'published measurements that the prediction had not seen' : 'what is left'}: capacity --accuracy`,
    );
  for (const doubt of doubts) lines.push(`wider, as ${doubtTexts[doubt]}`);
  if (own === null) lines.push('measure on your own machine and give --calibrate-with to narrow them');
  return lines;
}

const number = (title: string) => ({ title, number: true as const });
const firstRows = 25;

/** All hardware for a model and a load, the cheapest first. */
export function rankedTable({ prices, question, ranked }: ShownRanking, detail: boolean): string {
  const { measured, load } = question;
  const asked =
    load === null
      ? 'one replica as full as it may be'
      : load.is === 'rate'
        ? `${short(load.ratePerS)} requests/s`
        : counted(load.users, 'user');
  const columns = [
    { title: 'hardware' },
    number('cards'),
    number('replicas'),
    number('busy'),
    number('out tok/s'),
    number('TTFT p95'),
    number('TPOT p95'),
    number('USD/h'),
    number('USD/1M'),
    { title: 'at' },
  ];
  const shown = detail ? ranked : ranked.slice(0, firstRows);
  const rows = shown.map(({ accelerator, count, answer, price }) => {
    const { fleet, held } = answer;
    return [
      accelerator,
      String(count),
      fleet === null
        ? '1'
        : fleet.installed === fleet.serving
          ? String(fleet.serving)
          : `${fleet.serving}+${fleet.installed - fleet.serving}`,
      fleet === null ? '-' : busy(fleet.utilization),
      short(held.outputTokensPerS),
      fleet === null ? '-' : time(fleet.latency.ttftS.p95),
      fleet === null ? '-' : time(fleet.latency.tpotS.p95),
      price === null ? '?' : price.rent.usdPerHour.toFixed(2),
      price === null ? '?' : price.usdPerMTok.toPrecision(3),
      price?.rent.row.provider ?? '-',
    ];
  });
  const more = ranked.length > shown.length ? `${ranked.length - shown.length} more: --detail\n` : '';
  return [
    `${measured.modelFamily}, ${grouped(measured.promptTokens)} tokens in, ${grouped(measured.outputTokens)} out, ${asked}; prices ${prices.snapshot} (${ageText(prices)})\n`,
    rows.length === 0 ? 'no hardware in the tables carries it\n' : grid(columns, rows),
    `${more}cards = of one replica; out tok/s = what one holds; USD/1M = per 1M tokens in and out, rented on\ndemand; ? = no rental price. Predicted, within the bands of capacity --accuracy\n`,
  ].join('\n');
}

/** The whole answer as JSON; null where there is none. */
export function capacityJson({ prices, question, found }: Shown): string {
  return jsonText({ schemaVersion: '1.0.0', prices, question: asked(question), ...plain(found) });
}

export const rankedJson = ({ prices, question, ranked }: ShownRanking): string =>
  jsonText({ schemaVersion: '1.0.0', prices, question: asked(question), hardware: ranked.map(plain) });

export function rankedCsv({ ranked }: ShownRanking): string {
  const cell = (value: number | null | undefined) =>
    value === null || value === undefined ? '' : String(Number(value.toPrecision(6)));
  return csvText(
    [
      'accelerator',
      'cards',
      'scheme',
      'replicas',
      'installed',
      'utilization',
      'held_requests_per_s',
      'held_output_tokens_per_s',
      'ttft_ms_p95',
      'tpot_ms_p95',
      'usd_per_hour',
      'usd_per_1m_tokens',
      'provider',
      'instance',
    ],
    ranked.map(({ accelerator, count, scheme, answer: { fleet, held }, price }) => [
      accelerator,
      String(count),
      scheme,
      cell(fleet?.serving),
      cell(fleet?.installed),
      cell(fleet?.utilization),
      cell(held.requestsPerS),
      cell(held.outputTokensPerS),
      cell(fleet && fleet.latency.ttftS.p95 * 1000),
      cell(fleet && fleet.latency.tpotS.p95 * 1000),
      cell(price?.rent.usdPerHour),
      cell(price?.usdPerMTok),
      price?.rent.row.provider ?? '',
      price?.rent.row.instanceType ?? '',
    ]),
  );
}

const asked = ({ measured, load, targets, spread, rule }: CapacityQuestion) => ({
  model: measured.modelFamily,
  inputTokens: measured.promptTokens,
  outputTokens: measured.outputTokens,
  prefixHitRate: measured.prefixHitRate,
  load,
  targets,
  spread,
  rule,
});

function plain({
  accelerator,
  count,
  scheme,
  engine,
  maxSequences,
  cacheBits,
  answer,
  price,
  warnings,
}: PricedCapacity) {
  return {
    accelerator,
    count,
    scheme,
    engine,
    maxSequences,
    cacheBits,
    ...answer,
    price: price && {
      usdPerHour: price.rent.usdPerHour,
      machines: price.rent.machines,
      gpusPerMachine: price.rent.gpusPerMachine,
      replicas: price.replicas,
      ratePerS: price.ratePerS,
      usdPerMTok: price.usdPerMTok,
      usdPerMOutputTok: price.usdPerMOutputTok,
      provider: price.rent.row.provider,
      instance: price.rent.row.instanceType,
      region: price.rent.row.region,
    },
    warnings,
  };
}
