import type { HardwareSheet, ModelsThatFit, SchemeOnHardware } from '../capacity/hardware-facts.js';
import { perCard } from '../tables/rentals.js';
import type { RentalRow } from '../tables/rows.js';
import { figure, gb, roundedTree, short, unknown } from './figures.js';
import { grid } from './grid.js';
import { hardwareJson, hourly, linkText, listPriceText } from './hardware.js';
import { jsonText } from './json-text.js';
import { measuredBlock } from './measured.js';
import { counted, grouped } from './number-text.js';
import { originLines, type RowOrigin } from './origin.js';
import { ageText, type PriceDate } from './price-date.js';
import { wrap } from './wrap.js';

/** One kind of hardware, in all that follows from its row. */
export type HardwareAnswer = { prices: PriceDate; sheet: HardwareSheet; origin: RowOrigin };

const number = (title: string) => ({ title, number: true as const });
const tera = 1e12;
const nameWidth = 14;
const namesWidth = 40;

/** The sheet of one kind of hardware. `detail` adds where its row comes from, and measurements' sources. */
export function hardwareSheetTable({ prices, sheet, origin }: HardwareAnswer, detail: boolean): string {
  const { accelerator } = sheet.summary;
  const { accelerator: name, vendor, kind, architecture, released } = accelerator;
  const dated = `prices ${prices.snapshot} (${ageText(prices)})`;
  const from = originLines(origin).flatMap((line) =>
    wrap(line, 96).map((part, at) => `${at === 0 ? '  ' : '    '}${part}\n`),
  );
  return [
    `${name} (${vendor}, ${kind}, ${architecture}), released ${released}\n${dated}\n`,
    facts(sheet),
    schemesBlock(sheet),
    modelsBlock(sheet),
    rentalBlock(sheet),
    ...measuredBlock(sheet.measurements, 'family', detail),
    ...(detail ? [`Source\n${from.join('')}`] : []),
    `${unknown} is unknown; GB is 1e9 bytes, GiB 2^30\n`,
  ].join('\n');
}

function facts({ summary, memory, opsPerByte }: HardwareSheet): string {
  const { accelerator } = summary;
  const { memoryGib, bandwidthGBs, fp16Tflops, fp8Tflops, int8Tops, fp4Tflops, tdpW, idleW } = accelerator;
  const usable = memory.map(({ cards, usable: bytes }) => `${cards}x ${gb(bytes)}`).join(', ');
  const peaks: [string, number | null][] = [
    ['fp16', fp16Tflops],
    ['fp8', fp8Tflops],
    ['int8', int8Tops],
    ['fp4', fp4Tflops],
  ];
  const rows: [string, string][] = [
    ['memory', `${memoryGib} GiB = ${gb(memory[0]?.bytes ?? 0)} GB a card`],
    ['usable', `${usable} GB for weights and cache, after reserves`],
    ['bandwidth', `${grouped(bandwidthGBs)} GB/s`],
    ['compute', `${peaks.map(([name, peak]) => `${name} ${figure(peak)}`).join(', ')} TFLOPS, dense peak`],
    ['ops:byte', `${short(opsPerByte)} at fp16`],
    ['link', linkText(accelerator) === '-' ? 'none: cards stand alone' : `${linkText(accelerator)} GB/s`],
    ['power', `${figure(tdpW)} W, idle ${figure(idleW)} W`],
    ['list price', listPriceText(summary)],
  ];
  return rows.map(([name, text]) => `${name.padEnd(nameWidth)}${text}\n`).join('');
}

function schemesBlock({ schemes }: HardwareSheet): string {
  const rows = schemes.map((each) => [
    each.scheme,
    each.runs,
    figure(each.bitsPerWeight),
    each.flops === null ? '-' : short(each.flops / tera),
    each.criticalBatch === null ? '-' : short(each.criticalBatch),
    each.batchedServing ? '' : 'one user at a time',
  ]);
  const titles = [
    { title: 'scheme' },
    { title: 'runs' },
    number('bits/weight'),
    number('TFLOPS'),
    number('critical batch'),
    { title: '' },
  ];
  return `Schemes (bits per weight of large models)\n${grid(titles, rows)}${'  critical batch = FLOP/s x bytes per weight / (2 x bandwidth), at peak: the tokens of a step\n  from which it waits for computing, not for reading the weights\n'}`;
}

/** Schemes whose models are the same on every number of cards share their lines. */
function modelsBlock({ schemes, contextTokens, unknownModels }: HardwareSheet): string {
  const groups = new Map<string, { names: string[]; models: readonly ModelsThatFit[] }>();
  for (const { scheme, models, runs } of schemes) {
    if (runs === 'none') continue;
    const key = models.map(({ models: count, largest }) => `${count} ${largest?.family}`).join(' ');
    const group = groups.get(key) ?? { names: [], models };
    group.names.push(scheme);
    groups.set(key, group);
  }
  const rows = [...groups.values()].flatMap(({ names, models }) => {
    const called = wrap(names.join(', '), namesWidth);
    return Array.from({ length: Math.max(called.length, models.length) }, (_, at) => [
      called[at] ?? '',
      ...modelCells(models[at] ?? null),
    ]);
  });
  const titles = [{ title: 'scheme' }, number('cards'), number('models'), { title: 'largest' }, number('1e9')];
  const missing =
    unknownModels === 0 ? '' : `  ${counted(unknownModels, 'more model')} without layers in the tables: unknown\n`;
  const title = `Models that fit, with a context of ${grouped(contextTokens)} tokens`;
  return `${title}\n${grid(titles, rows)}${missing}`;
}

function modelCells(fit: ModelsThatFit | null): string[] {
  if (fit === null) return ['', '', '', ''];
  const { cards, models, largest } = fit;
  return [`${cards}x`, String(models), largest?.family ?? '-', largest === null ? '' : short(largest.paramsTotalB)];
}

function rentalBlock({ summary: { rentals, accelerator } }: HardwareSheet): string {
  if (rentals.length === 0) return 'Rented, USD per card and hour\n  nowhere in this snapshot\n';
  const titles = [
    { title: 'provider' },
    { title: 'instance' },
    number('cards'),
    { title: 'region' },
    number('on demand'),
    number('spot'),
    number('1 year'),
    number('3 years'),
  ];
  const usd = (price: number | null): string => figure(price, hourly);
  const order = (row: RentalRow): number => perCard(row).onDemand ?? Number.POSITIVE_INFINITY;
  const rows = [...rentals]
    .sort((a, b) => order(a) - order(b))
    .map((row) => {
      const { onDemand, spot, reserved1y, reserved3y } = perCard(row);
      const { provider, instanceType, gpuCount, region, tenancy } = row;
      const seller = `${provider}${tenancy === 'marketplace' ? '*' : ''}`;
      return [
        seller,
        instanceType,
        String(gpuCount),
        region,
        usd(onDemand),
        usd(spot),
        usd(reserved1y),
        usd(reserved3y),
      ];
    });
  const sources = `  * a marketplace; pricing show --kind rental --accelerator ${accelerator.accelerator} --detail\n`;
  return `Rented, USD per card and hour\n${grid(titles, rows, ' ')}${sources}`;
}

/** The same, whole; null is unknown, or does not apply. */
export function hardwareSheetJson({ prices, sheet, origin }: HardwareAnswer): string {
  const { summary, contextTokens, memory, opsPerByte, schemes, unknownModels, measurements } = sheet;
  const whole = {
    memory: memory.map(({ cards, bytes, usable }) => ({ cards, bytes, usableBytes: usable })),
    opsPerByteFp16: opsPerByte,
    schemes: schemes.map(schemeJson),
    modelsWithUnknownFit: unknownModels,
    rentals: summary.rentals.map((row) => {
      const { provider, instanceType, gpuCount, region, tenancy, asOf, soldIn } = row;
      return { provider, instanceType, gpuCount, region, tenancy, asOf, soldIn, usdPerGpuHour: perCard(row) };
    }),
    measurements,
  };
  return jsonText({
    schemaVersion: '1.0.0',
    prices,
    contextTokens,
    hardware: [{ ...hardwareJson(summary, origin), ...(roundedTree(whole) as typeof whole) }],
  });
}

const schemeJson = ({ models, ...scheme }: SchemeOnHardware) => ({
  ...scheme,
  models: models.map(({ cards, models: count, largest }) => ({
    cards,
    models: count,
    largest: largest && { family: largest.family, paramsTotalB: largest.paramsTotalB },
  })),
});
