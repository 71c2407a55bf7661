import { agree, type Efficiency, efficiencyAt, type Residual } from '../capacity/machine.js';
import type { Measurement } from '../capacity/measurement.js';
import { type BandFactors, bandOf, type Doubt, doubts, doubtsWith, type Metric } from '../capacity/model-work.js';
import { type CapacityAssumptions, type Catalog, predictRun, runOf } from '../capacity/run.js';
import type { BandRow, EfficiencyRow } from '../tables/columns.js';
import {
  type Band,
  bandMultiple,
  bandsOf,
  calibrate,
  errorPct,
  errorsBy,
  type FitSettings,
  type Fold,
  folds,
  leaveOut,
  type MetricErrors,
  median,
  metricErrors,
  observationsOf,
  residualsOf,
  rooflineFactors,
  type Sample,
  type Scored,
  score,
  settingOf,
  type Widening,
} from './calibrate.js';

export type CalibrationSettings = FitSettings & { roofline: { bandwidth: number; compute: number } };

/** Errors of everything left out once, by what was left out. */
type GroupErrors = {
  fold: Fold;
  group: string;
  metric: Metric;
  samples: number;
  medianPct: number;
  biasPct: number;
};

type ReplicaErrors = {
  series: number;
  medianPct: number;
  exactShare: number;
  withinOneShare: number;
  withinThreeShare: number;
};

/** A class of models at batches of a kind, or all of a publisher. */
type CellErrors = {
  of: 'batch' | 'publisher';
  cell: string;
  metric: Metric;
  samples: number;
  /** The same for rows near which others published measurements. */
  measured: number;
  /** Median of predicted over measured, and median absolute error. */
  ratio: number;
  medianPct: number;
  correctedRatio: number;
  correctedPct: number;
};

/** What a calibration found. */
export type Calibration = {
  rows: EfficiencyRow[];
  bands: Band[];
  widenings: Widening[];
  measurements: number;
  samples: number;
  unanswered: { id: string; reason: string }[];
  errors: { what: 'roofline' | 'in-sample' | `leave-one-${Fold}-out` | 'corrected'; metrics: MetricErrors[] }[];
  groups: GroupErrors[];
  /** Cross-validation by publisher: by class of model and batch, and by publisher, without and with others' data. */
  cells: CellErrors[];
  residuals: (Residual & { rows: number })[];
  /** Fleets by fits without the source, and by the fit of everything. */
  replicas: { unseen: ReplicaErrors; seen: ReplicaErrors };
};

/**
 * Samples of published measurements; `unanswered`: those with too little data in the tables.
 *
 * @param releasedOf when a measurement was published
 */
export function samplesOf(
  measured: readonly Measurement[],
  catalog: Catalog,
  slowScheme: number,
  releasedOf: (measurement: Measurement) => string = () => '',
) {
  const samples: Sample[] = [];
  const unanswered: { id: string; reason: string }[] = [];
  for (const each of measured) {
    const of = runOf(each, catalog, slowScheme);
    if (typeof of === 'string') unanswered.push({ id: each.id ?? '', reason: of });
    else
      for (const observed of observationsOf(each, of))
        samples.push({ ...observed, of, source: sourceOf(each), released: releasedOf(each) });
  }
  return { samples, unanswered };
}

/** Ids begin with a word for their source, as a publisher's pages have several dates. */
export const sourceOf = ({ id, source }: Measurement): string =>
  /^[a-z][a-z0-9]*(?=-)/.exec(id ?? '')?.[0] ?? source ?? '';

/** Fits, cross-validates, and sums up. `progress` gets the current step. */
export function recalibrate(
  measured: readonly Measurement[],
  catalog: Catalog,
  rows: readonly EfficiencyRow[],
  assumed: CapacityAssumptions,
  settings: CalibrationSettings,
  progress: (text: string) => void,
  releasedOf?: (measurement: Measurement) => string,
): Calibration {
  const { samples, unanswered } = samplesOf(measured, catalog, assumed.slowScheme, releasedOf);
  const start = rows.map((row) => ({ ...row, value: row.prior }));
  progress(`${samples.length} quantities of ${measured.length} measurements`);
  const fitted = calibrate(samples, start, assumed, settings).rows;
  const left = new Map<Fold, Scored[]>();
  for (const fold of Object.keys(folds) as Fold[]) {
    progress(`leave one ${fold} out`);
    left.set(fold, leaveOut(fold, samples, fitted, assumed, settings));
  }
  const bySource = left.get('source') as Scored[];
  const corrected = bySource.map((scored) => ({ ...scored, error: scored.corrected ?? null }));
  const doubtsIn = memoryDoubt(fitted, assumed);
  const near = doubts.filter((doubt) => doubt !== 'unmeasured');
  const { bands, widenings } = bandsOf(corrected, doubtsIn, near, settings.sourcePower);
  const wider = (each: Widening) => ({ ...each, metric: null, low: null, high: null }) as unknown as BandRow;
  const table = [
    ...bands.map((band) => ({ ...band, doubt: null, widening: null }) as unknown as BandRow),
    ...widenings.map(wider),
  ];
  const farther = unmeasuredOf(left.get('hardware') as Scored[], (scored) =>
    bandOf(scored.sample.metric, doubtsIn(scored), table),
  );
  table.push(wider(farther));
  const isAgreed = (scored: Scored) => {
    const band = bandOf(scored.sample.metric, doubtsIn(scored), table);
    return band !== null && !!scored.neighbors && agree(scored.neighbors, band);
  };
  const narrower = agreedOf(corrected.filter(isAgreed), (scored) =>
    bandOf(scored.sample.metric, doubtsIn(scored), table),
  );
  table.push({
    doubt: 'agreed',
    widening: narrower.widening,
    metric: null,
    low: null,
    high: null,
  } as unknown as BandRow);
  const inBand = (scored: Scored) => {
    const beside = isAgreed(scored) ? (['agreed'] as const) : [];
    const band = bandOf(scored.sample.metric, [...doubtsIn(scored), ...beside], table);
    if (scored.error === null || band === null) return false;
    return -scored.error >= Math.log(band.low) && -scored.error <= Math.log(band.high);
  };
  const roofline = rooflineFactors(settings.roofline.bandwidth, settings.roofline.compute).map(
    (row) => ({ ...row, engineGroup: null, servingClass: null, link: null }) as unknown as EfficiencyRow,
  );
  return {
    rows: fitted,
    bands,
    widenings: [...widenings, farther, narrower],
    measurements: measured.length,
    samples: samples.length,
    unanswered,
    errors: [
      { what: 'roofline', metrics: metricErrors(score(samples, roofline, assumed)) },
      { what: 'in-sample', metrics: metricErrors(score(samples, fitted, assumed)) },
      ...[...left].map(([fold, scored]) => ({
        what: `leave-one-${fold}-out` as const,
        metrics: metricErrors(scored, inBand),
      })),
      { what: 'corrected', metrics: metricErrors(corrected, inBand) },
    ],
    groups: [...left].flatMap(([fold, scored]) => groupErrors(fold, scored)),
    cells: cellErrors(bySource),
    residuals: residualsOf(samples, fitted, assumed),
    replicas: {
      unseen: replicaErrors(bySource, assumed),
      seen: replicaErrors(score(samples, fitted, assumed), assumed),
    },
  };
}

/** Doubts about a sample, with that about the memory, which only a prediction shows. */
function memoryDoubt(rows: readonly EfficiencyRow[], assumed: CapacityAssumptions): (scored: Scored) => Doubt[] {
  return ({ sample: { of } }) => {
    const prediction = predictRun(of.run, efficiencyAt(rows, settingOf(of.run)), assumed);
    return prediction === null ? of.doubts : doubtsWith(of.doubts, prediction.memoryShare);
  };
}

/** By how much the band of predictions that publishers agree with is narrower. */
const agreedOf = (agreed: readonly Scored[], bandIn: (scored: Scored) => BandFactors | null): Widening => ({
  doubt: 'agreed',
  widening: Math.min(1, bandMultiple(agreed, bandIn)),
  samples: agreed.length,
});

/** How much wider bands are on cards without measurements in the fit; each kind of card counts as one. */
function unmeasuredOf(unseen: readonly Scored[], bandIn: (scored: Scored) => BandFactors | null): Widening {
  const cardOf = ({ sample }: Scored) => sample.of.run.accelerator.accelerator;
  const byCard = errorsBy(unseen, cardOf);
  const widening = bandMultiple(unseen, bandIn, (scored) => 1 / (byCard.get(cardOf(scored)) as Scored[]).length);
  return { doubt: 'unmeasured', widening: Math.max(1, widening), samples: unseen.length };
}

const batchNames = ['one', '2 to 16', 'over 16', 'saturated'] as const;

function batchOf({ of: { run } }: Sample): (typeof batchNames)[number] {
  const { arrivals } = run;
  if (arrivals.is === 'backlog') return 'saturated';
  const inFlight = arrivals.is === 'closed' ? arrivals.clients : arrivals.is === 'static' ? arrivals.batch : null;
  if (inFlight === null) return 'over 16';
  if (inFlight > run.maxSequences * run.layout.lanes) return 'saturated';
  return inFlight <= 1 ? 'one' : inFlight <= few ? '2 to 16' : 'over 16';
}

const few = 16;

/** Leaning and error of what the fit had not seen, by cell. */
function cellErrors(scored: readonly Scored[]): CellErrors[] {
  const kinds = {
    batch: ({ sample }: Scored) =>
      `${sample.of.run.model.expertsTotal === null ? 'dense' : 'experts'}, ${batchOf(sample)}`,
    publisher: ({ sample }: Scored) => sample.source,
  };
  const leaning = (errors: readonly (number | null)[]) => Math.exp(median(errors.filter((error) => error !== null)));
  return (['batch', 'publisher'] as const)
    .flatMap((of) =>
      [...errorsBy(scored, (each) => `${kinds[of](each)}\n${each.sample.metric}`)].map(([key, own]): CellErrors => {
        const [cell = '', metric = ''] = key.split('\n');
        const corrected = own.map((each) => ({ ...each, error: each.corrected ?? null }));
        return {
          of,
          cell,
          metric: metric as Metric,
          samples: own.length,
          measured: own.filter(({ neighbors }) => !!neighbors).length,
          ratio: leaning(own.map(({ error }) => error)),
          medianPct: median(own.map(errorPct)),
          correctedRatio: leaning(corrected.map(({ error }) => error)),
          correctedPct: median(corrected.map(errorPct)),
        };
      }),
    )
    .sort((a, b) => {
      const order = ({ of, metric, cell }: CellErrors) => `${of} ${metric} ${cell}`;
      return order(a) < order(b) ? -1 : 1;
    });
}

function groupErrors(fold: Fold, scored: readonly Scored[]): GroupErrors[] {
  const keyOf = folds[fold];
  return [...errorsBy(scored, ({ sample }) => `${keyOf(sample)}\n${sample.metric}`)]
    .map(([key, own]) => {
      const [group = '', metric = ''] = key.split('\n');
      const middle = median(own.flatMap(({ error }) => (error === null ? [] : [error])));
      return {
        fold,
        group,
        metric: metric as Metric,
        samples: own.length,
        medianPct: median(own.map(errorPct)),
        biasPct: (Math.exp(middle) - 1) * 100,
      };
    })
    .sort((a, b) => (a.group < b.group ? -1 : a.group > b.group ? 1 : a.metric < b.metric ? -1 : 1));
}

/** Machines of the compared fleet, and most requests in flight tried on one. */
const fleet = 10;
const mostInFlight = 4096;
/** Least levels of concurrency in a series, so that the target lies between two. */
const fewestLevels = 3;

/**
 * The error in the number of replicas for a latency target. For each series of runs that differ in concurrency alone,
 * the target is the geometric middle of the measured times per output token, and the load what `fleet` machines carry
 * at it by interpolation. Compared with the machines predicted by fits without the source; a target that none meets is
 * an infinite error.
 */
function replicaErrors(scored: readonly Scored[], assumed: CapacityAssumptions): ReplicaErrors {
  const closed = scored.filter(({ sample: { metric, of } }) => metric === 'tpot' && of.run.arrivals.is === 'closed');
  const off = [...errorsBy(closed, ({ sample }) => seriesOf(sample)).values()].flatMap((series) => {
    const points = series
      .map(({ sample }) => ({ clients: clientsOf(sample), tpotS: sample.value }))
      .sort((a, b) => a.clients - b.clients);
    const [first, last] = [points[0], points.at(-1)];
    if (points.length < fewestLevels || !first || !last || first.tpotS >= last.tpotS) return [];
    const target = Math.sqrt(first.tpotS * last.tpotS);
    const above = points.findIndex(({ tpotS }) => tpotS > target);
    const [low, high] = [points[above - 1] ?? first, points[above] ?? last];
    const share = Math.log(target / low.tpotS) / Math.log(high.tpotS / low.tpotS);
    const measured = low.clients * (high.clients / low.clients) ** share;
    const { sample, rows } = series[0] as Scored;
    const predicted = mostWithin(sample, efficiencyAt(rows, settingOf(sample.of.run)), target, assumed);
    if (predicted === 0) return [Number.POSITIVE_INFINITY];
    return [Math.abs(Math.ceil((fleet * measured) / predicted - 1e-9) - fleet)];
  });
  const within = (most: number) => off.filter((each) => each <= most).length / off.length;
  return {
    series: off.length,
    medianPct: (median(off) / fleet) * 100,
    exactShare: within(0),
    withinOneShare: within(1),
    withinThreeShare: within(3),
  };
}

const clientsOf = ({ of }: Sample): number => (of.run.arrivals.is === 'closed' ? of.run.arrivals.clients : 0);

/** What runs of one series have in common: all but how many requests are in flight. */
const seriesOf = ({ source, of: { run } }: Sample): string =>
  [
    source,
    run.model.family,
    run.accelerator.accelerator,
    run.count,
    run.engine.engine,
    run.bits,
    ...Object.values(run.tokens),
  ].join();

/** Most requests in flight within a target on time per output token; 0: none. */
function mostWithin({ of: { run } }: Sample, e: Efficiency, tpotS: number, assumed: CapacityAssumptions): number {
  let [from, to] = [0, mostInFlight + 1];
  while (to - from > 1) {
    const middle = (from + to) >>> 1;
    const prediction = predictRun({ ...run, arrivals: { is: 'closed', clients: middle } }, e, assumed);
    if (prediction !== null && prediction.tpotS <= tpotS && prediction.limitedBy === 'clients') from = middle;
    else to = middle;
  }
  return from;
}
