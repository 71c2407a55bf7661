import type { HardwareSheet, ModelsThatFit, SchemeOnHardware } from '../capacity/hardware.js';
import { perCard } from '../tables/offers.js';
import { rentalForms } from '../tables/price-columns.js';
import type { RentalRow } from '../tables/rows.js';
import { type Document, gap, line, narrow, numberColumns, paragraph, table, textColumns } from './document.js';
import { hardwareJson, hourly, linkText, listPriceText } from './hardware.js';
import { jsonText } from './json.js';
import { counted, grouped } from './numbers.js';
import {
  ageText,
  figure,
  gb,
  measuredTable,
  originTexts,
  type PriceDate,
  type RowOrigin,
  roundedTree,
  sheetText,
  short,
  unknown,
} from './sheets.js';
import { wrap } from './wrap.js';

/** One kind of hardware, in all that follows from its row. */
export type HardwareAnswer = { prices: PriceDate; sheet: HardwareSheet; origin: RowOrigin };

const tera = 1e12;
const nameWidth = 14;
const namesWidth = 40;

/** The sheet of one kind of hardware. `detail` adds where its row comes from, and measurements' sources. */
export function hardwareSheetTable({ prices, sheet, origin }: HardwareAnswer, detail: boolean): string {
  const { accelerator } = sheet.summary;
  const { accelerator: name, vendor, kind, architecture, released } = accelerator;
  const dated = `prices ${prices.snapshot} (${ageText(prices)})`;
  return sheetText([
    line(`${name} (${vendor}, ${kind}, ${architecture}), released ${released}`),
    line(dated),
    gap,
    ...facts(sheet),
    gap,
    ...schemesTable(sheet),
    gap,
    ...modelsTable(sheet),
    gap,
    ...rentalTable(sheet),
    ...measuredTable(sheet.measurements, 'family', detail),
    ...(detail ? [gap, line('Source'), ...originTexts(origin)] : []),
    gap,
    line(`${unknown} is unknown; GB is 1e9 bytes, GiB 2^30`),
  ]);
}

function facts({ summary, memory, opsPerByte }: HardwareSheet): Document {
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
  return rows.map(([name, words]) => paragraph(name, words, { indent: nameWidth }));
}

function schemesTable({ schemes }: HardwareSheet): Document {
  const rows = schemes.map((each) => [
    each.scheme,
    each.runs,
    figure(each.bitsPerWeight),
    each.flops === null ? '-' : short(each.flops / tera),
    each.criticalBatch === null ? '-' : short(each.criticalBatch),
    each.batchedServing ? '' : 'one user at a time',
  ]);
  const columns = [
    ...textColumns('scheme', 'runs'),
    ...numberColumns('bits/weight', 'TFLOPS', 'critical batch'),
    ...textColumns(''),
  ];
  return [
    line('Schemes (bits per weight of large models)'),
    table(columns, rows),
    line('  critical batch = FLOP/s x bytes per weight / (2 x bandwidth), at peak: the tokens of a step'),
    line('  from which it waits for computing, not for reading the weights'),
  ];
}

/** Schemes whose models are the same on every number of cards share their lines. */
function modelsTable({ schemes, contextTokens, unknownModels }: HardwareSheet): Document {
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
  const columns = [
    ...textColumns('scheme'),
    ...numberColumns('cards', 'models'),
    ...textColumns('largest'),
    ...numberColumns('1e9'),
  ];
  const missing = `  ${counted(unknownModels, 'more model')} without layers in the tables: unknown`;
  return [
    line(`Models that fit, with a context of ${grouped(contextTokens)} tokens`),
    table(columns, rows),
    ...(unknownModels === 0 ? [] : [line(missing)]),
  ];
}

function modelCells(fit: ModelsThatFit | null): string[] {
  if (fit === null) return ['', '', '', ''];
  const { cards, models, largest } = fit;
  return [`${cards}x`, String(models), largest?.family ?? '-', largest === null ? '' : short(largest.paramsTotalB)];
}

function rentalTable({ summary: { rentals, accelerator } }: HardwareSheet): Document {
  const head = line('Rented, USD per card and hour');
  if (rentals.length === 0) return [head, line('  nowhere in this snapshot')];
  const columns = [
    ...textColumns('provider', 'instance'),
    ...numberColumns('cards'),
    ...textColumns('region'),
    ...numberColumns(...rentalForms.map(({ word }) => word.replace('reserved ', ''))),
  ];
  const usd = (price: number | null): string => figure(price, hourly);
  const order = (row: RentalRow): number => perCard(row).onDemand ?? Number.POSITIVE_INFINITY;
  const rows = [...rentals]
    .sort((a, b) => order(a) - order(b))
    .map((row) => {
      const { provider, instanceType, gpuCount, region, tenancy } = row;
      const seller = `${provider}${tenancy === 'marketplace' ? '*' : ''}`;
      return [seller, instanceType, String(gpuCount), region, ...Object.values(perCard(row)).map(usd)];
    });
  const sources = `  * a marketplace; pricing show --kind rental --accelerator ${accelerator.accelerator} --detail`;
  return [head, table(narrow(columns), rows), line(sources)];
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
