/**
 * Fits the efficiency factors of capacity to pricing/measurements/published.csv, and says how wrong they are.
 *
 * Writes pricing/catalog/efficiency.csv (factors, with 80 % intervals), pricing/catalog/bands.csv (how far predictions are
 * off), pricing/catalog/residuals.csv (how far each publisher is from them) and pricing/catalog/calibration.json (errors by what was left out of the fit). `--check` writes nothing and fails
 * if the files would change.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { importSources, tableFiles } from './sources.mjs';

process.chdir(fileURLToPath(new URL('../', import.meta.url)));
const files = {
  settings: 'pricing/measurements/fit.json',
  measured: 'pricing/measurements/published.csv',
  efficiency: 'pricing/catalog/efficiency.csv',
  bands: 'pricing/catalog/bands.csv',
  residuals: 'pricing/catalog/residuals.csv',
  report: 'pricing/catalog/calibration.json',
};
const { capacityAssumptions, csvText, publisherOf, readMeasurementsCsv, readTables, recalibrate, sourceOf } =
  await importSources([
    'src/tables/load',
    'src/report/printable',
    'src/capacity/measurement',
    'src/capacity/replica',
    'src/calibration/measurements/csv',
    'src/calibration/recalibrate',
  ]);
const was = Object.fromEntries(Object.entries(files).map(([name, file]) => [name, readOr(file)]));
const { parsed } = readTables(tableFiles('catalog'));
const catalog = Object.fromEntries(Object.entries(parsed).map(([name, table]) => [name, table.rows]));
const assumed = capacityAssumptions((name) => catalog.assumptions.find((row) => row.name === name).likely);
const read = readMeasurementsCsv(was.measured, files.measured);
const faults = [...read.problems, ...read.rows.flatMap(({ problems }) => problems)];
if (faults.length > 0) {
  for (const { file, line, message } of faults) console.error(`${file}:${line}  ${message}`);
  process.exit(1);
}
const [idAt, dateAt] = ['id', 'source_date'].map((name) => read.header.indexOf(name));
const dateOf = new Map(read.rows.map(({ cells }) => [cells[idAt], cells[dateAt]]));
const titleOf = new Map(read.rows.map(({ measurement }) => [sourceOf(measurement), publisherOf(measurement)]));
const began = Date.now();
const found = recalibrate(
  read.rows.map(({ measurement }) => measurement),
  catalog,
  catalog.efficiency,
  assumed,
  JSON.parse(was.settings),
  (text) => process.stderr.write(`${((Date.now() - began) / 1000).toFixed(1).padStart(6)} s  ${text}\n`),
  ({ id }) => dateOf.get(id),
);

const digits = (value, count) => Number(value.toPrecision(count));
const source = `fitted on ${files.measured} by npm run calibrate`;
const written = {
  efficiency: csvText(
    [
      'factor',
      'engine_group',
      'serving_class',
      'link',
      'prior',
      'prior_sd_log',
      'value',
      'low',
      'high',
      'unit',
      'source',
      'confidence',
      'note',
    ],
    found.rows.map((row, at) => {
      const unit = parsed.efficiency.cell(at, 'unit');
      const { note } = parsed.efficiency.prose[at];
      const { factor, engineGroup, servingClass, link, prior, priorSdLog, value, low, high } = row;
      const fitted = [value, low, high].map((each) => String(digits(each, 4)));
      return [
        factor,
        engineGroup ?? '',
        servingClass ?? '',
        link ?? '',
        String(prior),
        String(priorSdLog),
        ...fitted,
        unit,
        source,
        'medium',
        note,
      ];
    }),
  ),
  bands: csvText(
    ['metric', 'doubt', 'low', 'high', 'widening', 'samples', 'source', 'confidence', 'note'],
    [
      ...found.bands.map(({ metric, low, high, samples }) => [
        metric,
        '',
        String(digits(low, 3)),
        String(digits(high, 3)),
        '',
        String(samples),
        source,
        'medium',
        '',
      ]),
      ...found.widenings.map(({ doubt, widening, samples }) => [
        '',
        doubt,
        '',
        '',
        String(digits(widening, 3)),
        String(samples),
        source,
        'medium',
        '',
      ]),
    ],
  ),
  residuals: csvText(
    [
      'model_family',
      'accelerator',
      'engine_group',
      'serving_class',
      'publisher',
      'batch',
      'log_error',
      'rows',
      'released',
      'source',
      'confidence',
      'note',
    ],
    found.residuals.map((each) => [
      each.modelFamily,
      each.accelerator,
      each.engineGroup,
      each.servingClass,
      each.publisher,
      String(each.batch),
      each.logError.toFixed(3),
      String(each.rows),
      each.released,
      `measured by ${titleOf.get(each.publisher)}; ${source}`,
      'medium',
      '',
    ]),
  ),
  report: `${JSON.stringify(rounded({ measurements: found.measurements, samples: found.samples, unanswered: found.unanswered, errors: found.errors, replicas: found.replicas, bands: found.bands, widenings: found.widenings, groups: found.groups, cells: found.cells }), null, 1)}\n`,
};
let changed = 0;
for (const [name, text] of Object.entries(written)) {
  if (text === was[name]) continue;
  changed++;
  if (process.argv.includes('--check')) console.error(`${files[name]} is not what the measurements give`);
  else writeFileSync(files[name], text);
}
for (const { what, metrics } of found.errors)
  console.log(
    what.padEnd(24),
    metrics
      .map(
        ({ metric, medianPct, covered }) =>
          `${metric} ${medianPct.toFixed(1)} %${covered === null ? '' : ` (${(covered * 100).toFixed(0)} % in band)`}`,
      )
      .join('  '),
  );
console.log('replicas for a TPOT target'.padEnd(24), JSON.stringify(rounded(found.replicas)));
if (process.argv.includes('--check') && changed > 0) process.exitCode = 1;

function rounded(value) {
  return JSON.parse(JSON.stringify(value, (_, each) => (typeof each === 'number' ? digits(each, 4) : each)));
}

function readOr(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
