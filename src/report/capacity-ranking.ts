import type { CapacityAnswer } from '../calibration/predict-capacity.js';
import { asked, plain } from './capacity-answer.js';
import { busy, loadText, type ShownRanking, short, time } from './capacity-figures.js';
import { csvText } from './csv-text.js';
import { grid } from './grid.js';
import { jsonText } from './json-text.js';
import { counted, grouped } from './number-text.js';
import { ageText } from './price-date.js';
import { wrap } from './wrap.js';

const number = (title: string) => ({ title, number: true as const });
const firstRows = 25;
const width = 100;

/** All hardware for a model and a load, the cheapest to rent for that load first; without one, the cheapest per token. */
export function rankedTable({ prices, question, ranked }: ShownRanking, detail: boolean): string {
  const { measured } = question;
  const load = loadText(question) ?? 'one replica as full as it may be';
  const columns = [
    { title: 'one replica' },
    number('replicas'),
    number('busy'),
    number('tok/s'),
    number('TTFT'),
    number('TPOT'),
    number('USD/h'),
    number('USD/1M'),
    { title: 'at' },
  ];
  const shown = detail ? ranked : ranked.slice(0, firstRows);
  const rows = shown.map(({ accelerator, count, answer, price }) => {
    const { fleet, held } = answer;
    return [
      `${count}x ${accelerator}`,
      replicasText(fleet),
      fleet === null ? '-' : busy(fleet.utilization),
      short(held.outputTokensPerS),
      fleet === null ? '-' : time(fleet.latency.ttftS.p95),
      fleet === null || measured.outputTokens <= 1 ? '-' : time(fleet.latency.tpotS.p95),
      price === null ? '?' : perHour(price.rent.usdPerHour),
      price === null ? '?' : perMillion(price.usdPerMTok),
      price?.rent.row.provider ?? '-',
    ];
  });
  const more = ranked.length > shown.length ? `${ranked.length - shown.length} more: --detail\n` : '';
  const what = `${measured.modelFamily}, ${counted(measured.promptTokens, 'token')} in, ${grouped(measured.outputTokens)} out, ${load}`;
  const head = `${wrap(`${what}; prices ${prices.snapshot} (${ageText(prices)})`, width).join('\n')}\n`;
  if (rows.length === 0) return `${head}\nno hardware in the tables carries it\n`;
  return [
    head,
    grid(columns, rows),
    `${more}Cheapest first, by ${question.load === null ? 'USD/1M' : 'USD/h'}.\nreplicas: serving+spare; tok/s: written by one when it holds all it may; TTFT, TPOT: p95;\nUSD: rented on demand in a cloud, not on a marketplace (pricing show --kind rental has those),\nper 1M tokens in and out; ?: no such price; at: whose.\nAll predicted: capacity --accuracy says how well\n`,
  ].join('\n');
}

function replicasText(fleet: CapacityAnswer['fleet']): string {
  if (fleet === null) return '1';
  const { serving, installed } = fleet;
  return installed === serving ? String(serving) : `${serving}+${installed - serving}`;
}

const perHour = (usd: number): string => (usd >= 1000 ? grouped(usd) : usd.toFixed(2));
const perMillion = (usd: number | null): string =>
  usd === null ? '-' : usd >= 1e6 ? '>1,000,000' : usd >= 1000 ? grouped(usd) : usd.toPrecision(3);

export const rankedJson = ({ prices, question, ranked }: ShownRanking): string =>
  jsonText({ schemaVersion: '1.1.0', prices, question: asked(question), hardware: ranked.map(plain) });

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
