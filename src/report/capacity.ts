import type { CapacityAnswer } from '../calibration/predict.js';
import { type MeasuredPoint, publisherOf } from '../capacity/measurement.js';
import { doubtTexts } from '../capacity/model-work.js';
import type { Percentiles } from '../capacity/queue/percentiles.js';
import type { CapacityPrice, CapacityQuestion, PricedCapacity } from '../cost/capacity-cost.js';
import { type Document, paragraphs, title } from './document.js';
import { counted, decimal, grouped } from './numbers.js';
import { jsonText } from './printable.js';
import { ageText, type PriceDate } from './sheets.js';
import { renderText } from './text.js';

const usualWidth = 80;
const labelWidth = 11;
/** Columns below which nothing can be laid out. */
const narrowest = 30;
type Part = [name: string, texts: string[]];

const between = (value: number, band: { low: number; high: number } | null, show = short): string =>
  band === null ? '' : ` (${show(value * band.low)} to ${show(value * band.high)})`;
const size = (bytes: number): string => (bytes >= 1e9 ? `${short(bytes / 1e9)} GB` : `${short(bytes / 1e6)} MB`);
const usd = (value: number): string =>
  value < least ? `<$${least}` : `$${value >= 100 ? grouped(Math.round(value)) : value.toPrecision(3)}`;
/** USD below which a price says nothing. */
const least = 1e-4;

/**
 * One machine: fit, load, latency, cost, and accuracy.
 *
 * @param columns of the terminal; lines have at most 80
 */
export function capacityTable(
  { prices, question, found, measured: points }: Shown,
  columns: number = usualWidth,
): string {
  const width = Math.max(narrowest, Math.min(usualWidth, columns));
  const { measured } = question;
  const { answer } = found;
  const head = `${measured.modelFamily} ${found.scheme} on ${found.count}x ${found.accelerator}, ${found.engine}`;
  const asked = `${counted(measured.promptTokens, 'token')} in, ${grouped(measured.outputTokens)} out${levers(question)}`;
  const parts: Part[] = [
    ['requests', [asked]],
    ['fit', fitLines(answer, found)],
    ...(answer.fits ? carried(answer, question) : []),
    ...(answer.fits ? fleetLines(answer, question) : []),
    ...(points.length === 0 ? [] : [['measured', points.map(measuredLine)] satisfies Part]),
    ...(found.price === null ? [] : [['cost', [costLine(found.price, found.count)]] satisfies Part]),
    ['sure', sureLines(found)],
  ];
  const document: Document = [
    title(head, `prices ${prices.snapshot} (${ageText(prices)})`),
    ...parts.flatMap(([name, texts]) => paragraphs(name, texts, { indent: labelWidth, hang: 2 })),
  ];
  return renderText(document, { color: false, width });
}

/** What makes requests cheaper than their tokens say. */
function levers({ measured: { prefixHitRate }, speculation }: CapacityQuestion): string {
  const hit = prefixHitRate === null ? '' : `, ${asWritten(prefixHitRate)} of the prompt cached`;
  if (speculation === null) return hit;
  const { tokens, acceptance } = speculation;
  return `${hit}, drafts of ${counted(tokens, 'token')} accepted at ${asWritten(acceptance)}`;
}

/** A share as written: all digits without binary rounding errors. */
const asWritten = (share: number): string => `${decimal(Number((share * 100).toPrecision(9)))} %`;

function fitLines({ memory, fits }: CapacityAnswer, { cacheBits }: PricedCapacity): string[] {
  const weights = `${size(memory.weightBytes)} of weights in ${size(memory.usableBytes)} usable`;
  if (!fits) {
    const verdict = memory.longest.high < 1 ? 'does not fit' : 'may not fit: measure';
    return [`${verdict}: ${weights}; one request's cache takes ${size(memory.longestSequenceBytes)}`];
  }
  const longest =
    memory.longestSequences === memory.sequences ? '' : `, ${grouped(memory.longestSequences)} at their longest`;
  return [
    weights,
    `${grouped(roundTo(memory.cacheTokens.likely))} tokens of cache (${grouped(roundTo(memory.cacheTokens.low))} to ${grouped(roundTo(memory.cacheTokens.high))}${memory.longest.low < 1 ? ': it may not fit: measure' : ''})`,
    `room for the cache of ${counted(memory.sequences, 'request')} in flight${longest} (${size(memory.sequenceBytes)} each, ${cacheBits} bit)`,
  ];
}

function carried(
  { alone, saturation, held, heldBy, bands }: CapacityAnswer,
  { measured: { promptTokens, outputTokens, prefixHitRate }, rule }: CapacityQuestion,
): Part[] {
  const { requestsPerS, outputTokensPerS, totalTokensPerS, batch, limitedBy } = saturation;
  const limit = { memory: 'the memory', engine: "the engine's limit of sequences" }[limitedBy] ?? limitedBy;
  const kept =
    held.limitedBy === 'targets' ? 'the targets' : `the highest load allowed, ${busy(rule.highestLoad)} of full`;
  const more = heldBy.slice(2, 5).map((rate, at) => `${at === 0 ? '2 replicas' : at + 2}: ${short(rate)}`);
  const first = `first token ${time(alone.ttftS)}${between(alone.ttftS, bands.ttft, time)}`;
  const written = `, then ${short(alone.tokensPerS)} tokens/s${between(alone.tokensPerS, bands.single)}`;
  const readAnew = prefixHitRate === null ? '' : ' of those not cached';
  const read = `; prefill ${short(alone.prefillTokensPerS)} tokens/s${readAnew}`;
  const writes = (rate: string) => (outputTokens === 0 ? '' : `, ${rate}`);
  return [
    ['alone', [`${first}${outputTokens > 1 ? written : ''}${promptTokens > 0 ? read : ''}`]],
    [
      'full',
      [
        `${short(requestsPerS)} requests/s${writes(`${short(outputTokensPerS)} output tokens/s${between(outputTokensPerS, bands.throughput)}`)}, ${short(totalTokensPerS)} tokens/s in all; ${short(batch)} in flight, limited by ${limit}`,
      ],
    ],
    [
      'holds',
      [
        `${short(held.requestsPerS)} requests/s a replica${writes(`${short(held.outputTokensPerS)} output tokens/s`)}, limited by ${kept}`,
        ...(held.requestsPerS === 0 ? [] : [`${more.join(', ')} requests/s`]),
      ],
    ],
  ];
}

/** Three significant digits. */
const roundTo = (value: number): number => Number(value.toPrecision(3));

function fleetLines({ fleet, unmet }: CapacityAnswer, question: CapacityQuestion): Part[] {
  const load = loadText(question);
  if (load === null) return [];
  if (fleet === null) return [[`at ${load}`, [`not carried: ${unmet}`]]];
  const { targets, measured } = question;
  const { serving, installed, latency, utilization, ratePerS } = fleet;
  const spare = installed > serving ? ` and ${grouped(installed - serving)} spare` : '';
  const line = (name: string, { p50, p95, p99 }: Percentiles, of: string): Part => {
    const target = targets.find((each) => each.of === of);
    const goal = target === undefined ? '' : `; asked p95 ${time(target.limitS)}`;
    return ['', [`${name} p50 ${time(p50)}, p95 ${time(p95)}, p99 ${time(p99)}${goal}`]];
  };
  const rate = question.load?.is === 'users' ? `, ${short(ratePerS)} requests/s` : '';
  const each = `${short(latency.inFlight)} in flight${serving > 1 ? ' on each' : ''}`;
  return [
    [`at ${load}`, [`${counted(serving, 'replica')}${spare}, ${busy(utilization)} busy${rate}, ${each}`]],
    line('TTFT', latency.ttftS, 'ttft'),
    ...(measured.outputTokens > 1 ? [line('TPOT', latency.tpotS, 'tpot')] : []),
    line('whole', latency.requestS, 'request'),
  ];
}

function costLine({ rent, replicas, usdPerMTok, usdPerMOutputTok }: CapacityPrice, count: number): string {
  const { row, machines, gpusPerMachine, usdPerHour } = rent;
  const place = `${row.provider} ${row.instanceType}, ${row.region}, on demand`;
  const what = `${counted(machines, 'machine')} of ${counted(gpusPerMachine, 'card')} for ${counted(replicas, 'replica')} of ${count} at ${place}`;
  const per = (price: number | null, of: string) => (price === null ? [] : [`${usd(price)} per 1M ${of}`]);
  const rates = [...per(usdPerMTok, 'tokens'), ...per(usdPerMOutputTok, 'output tokens')];
  return `${usd(usdPerHour)}/hour: ${what}${rates.length === 0 ? '' : `; at this load ${rates.join(', ')}`}`;
}

/** A published measurement of the model and card: rate, prediction, setting, source and date. */
function measuredLine(point: MeasuredPoint): string {
  const { outputTokensPerS, tpotMsP50, predicted, concurrency, promptTokens, outputTokens } = point;
  const rate =
    outputTokensPerS !== null
      ? `${short(outputTokensPerS)} output tokens/s${computed(predicted?.outputTokensPerS ?? null)}`
      : `${short(tpotMsP50 ?? 0)} ms a token${computed(predicted?.tpotMsP50 ?? null)}`;
  const setting = [
    `${concurrency === null ? 'unknown number' : grouped(concurrency)} at once`,
    `${grouped(promptTokens)} in, ${grouped(outputTokens)} out`,
    `${point.quantization || 'as released'} on ${point.acceleratorCount}`,
    point.engine,
  ].join(', ');
  return `${rate}: ${setting} (${publisherOf(point)}, ${point.date})`;
}

const computed = (value: number | null): string => (value === null ? '' : `, computed ${short(value)}`);

/** What published measurements changed, and what the formulas alone say. */
function publishedLines({ published }: CapacityAnswer): string[] {
  if (published === null) return [];
  const { alone, full, computed: bare } = published;
  const where = full.sameCard ? 'on this card' : 'on cards of its class';
  return [
    `published measurements of this model ${where} correct decode: times x ${short(alone.decode)} alone, x ${short(full.decode)} when full; the formulas alone say ${short(bare.tokensPerS)} tokens/s and ${short(bare.outputTokensPerS)} output tokens/s`,
  ];
}

/** Measurements as a scenario takes them: what they leave open is a range of it. */
function inScenario({ own, ofPredicted }: PricedCapacity['answer']): string[] {
  if (own === null || ofPredicted === null) return [];
  const percent = (factor: number) => `${Number((100 * ofPredicted * factor).toPrecision(3))}%`;
  const range = `{low: ${percent(own.band.low)}, likely: ${percent(1)}, high: ${percent(own.band.high)}}`;
  const of = `model: ${own.model}, accelerator: ${own.accelerator}`;
  return [`for a scenario: measured: [{${of}, ofPredicted: ${range}}]`];
}

function sureLines({ answer, widening }: PricedCapacity): string[] {
  const { fits, bands, doubts, own } = answer;
  const lines: string[] = [];
  if (own !== null)
    lines.push(
      `calibrated with ${counted(own.measurements, 'measurement')} of your own: times of decode x ${short(own.correction.decode)}, prefill x ${short(own.correction.prefill)}, first token x ${short(own.correction.firstToken)}; median error ${Math.round(own.errorPct.before)} % before, ${Math.round(own.errorPct.after)} % after`,
    );
  if (fits) lines.push(...publishedLines(answer));
  if (fits && bands.throughput !== null)
    lines.push(
      own === null
        ? 'brackets hold 80 % of published measurements that the prediction had not seen: capacity --accuracy'
        : 'brackets hold 80 % of what your measurements leave open',
    );
  lines.push(...inScenario(answer));
  for (const doubt of fits ? doubts : [])
    lines.push(`${own === null && widening.includes(doubt) ? 'wider' : 'in doubt'}, as ${doubtTexts[doubt]}`);
  if (own === null && fits) lines.push('measure on your own machine and give --calibrate-with to narrow them');
  return lines;
}

/** The whole answer as JSON; null where there is none. */
export function capacityJson({ prices, question, found, measured }: Shown): string {
  return jsonText({ schemaVersion: '1.2.0', prices, question: asked(question), ...plain(found), measured });
}

/** The question as JSON has it. */
export const asked = ({ measured, contextTokens, load, speculation, targets, spread, rule }: CapacityQuestion) => ({
  model: measured.modelFamily,
  inputTokens: measured.promptTokens,
  outputTokens: measured.outputTokens,
  prefixHitRate: measured.prefixHitRate,
  speculation,
  contextTokens,
  load,
  targets,
  spread,
  rule,
});

/** The answer as JSON has it. */
export const plain = ({ model: _, widening: __, answer, price, warnings, ...machine }: PricedCapacity) => ({
  ...machine,
  ...answer,
  price: price && priceJson(price),
  warnings,
});

function priceJson({ rent: { row, usdPerHour, machines, gpusPerMachine }, ...price }: CapacityPrice) {
  const { provider, instanceType: instance, region } = row;
  return { usdPerHour, machines, gpusPerMachine, ...price, provider, instance, region };
}

export type Shown = {
  prices: PriceDate;
  question: CapacityQuestion;
  found: PricedCapacity;
  /** Published measurements of the model on the same card, nearest first. */
  measured: readonly MeasuredPoint[];
};
export type ShownRanking = { prices: PriceDate; question: CapacityQuestion; ranked: readonly PricedCapacity[] };

/** Smaller than any figure that means something here. */
const leastFigure = 1e-3;

/** A figure with as many digits as it can bear: two or three. */
export const short = (value: number): string =>
  value === 0
    ? '0'
    : value < leastFigure
      ? `<${leastFigure}`
      : value >= 1000
        ? grouped(Number(value.toPrecision(3)))
        : String(Number(value.toPrecision(value >= 100 ? 3 : 2)));

export const time = (seconds: number): string => (seconds >= 1 ? `${short(seconds)} s` : `${short(seconds * 1000)} ms`);

export const busy = (share: number): string => `${Math.round(share * 100)} %`;

/** `8/s`, `300 users`; null: no load. */
export const loadText = ({ load }: CapacityQuestion): string | null =>
  load === null ? null : load.is === 'rate' ? `${short(load.ratePerS)}/s` : counted(load.users, 'user');
