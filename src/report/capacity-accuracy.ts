import { metricTitles } from '../calibration/observations.js';
import type { Calibration } from '../calibration/recalibrate.js';
import { doubtTexts } from '../capacity/doubts.js';
import { grid } from './grid.js';
import { jsonText } from './json-text.js';
import { grouped } from './number-text.js';
import { wrap } from './wrap.js';

type Shown = Omit<Calibration, 'rows'>;

const number = (title: string) => ({ title, number: true as const });
const percent = (value: number): string => (Number.isFinite(value) ? `${value.toFixed(0)} %` : '-');
const share = (value: number | null): string => (value === null ? '-' : percent(value * 100));
const width = 80;

/** How wrong predictions are, by what the fit had not seen. `detail` adds every source, model and accelerator left out. */
export function accuracyTable(shown: Shown, detail: boolean): string {
  const errors = (what: string, metric: string) =>
    shown.errors.find((each) => each.what === what)?.metrics.find((each) => each.metric === metric);
  const columns = [
    { title: 'median error' },
    number('rows'),
    number('roofline'),
    number('source'),
    number('hardware'),
    number('model'),
    number('in band'),
    number('80 % band'),
  ];
  const rows = shown.bands.map(({ metric, low, high }) => {
    const of = (what: string) => percent(errors(what, metric)?.medianPct ?? Number.NaN);
    const left = errors('leave-one-source-out', metric);
    return [
      metricTitles[metric],
      grouped(left?.samples ?? 0),
      of('roofline'),
      of('leave-one-source-out'),
      of('leave-one-hardware-out'),
      of('leave-one-model-out'),
      share(left?.covered ?? null),
      `${low.toFixed(2)}-${high.toFixed(2)}`,
    ];
  });
  const { unseen, seen } = shown.replicas;
  const text = [
    'source, hardware, model: of what a fit that had not seen it predicts. roofline: the same rows from peak rates times textbook shares. The band holds measured over predicted.',
    `Replicas for a TPOT target, ${unseen.series} series of runs, fleets of ten: half of them off by at most ${percent(unseen.medianPct)} where the source was not seen, ${percent(seen.medianPct)} where it was. TPOT hardly rises with the batch, so a small error in it is a large one in the batch that meets it: measure, and give --calibrate-with.`,
  ];
  const wider = shown.widenings.map(({ doubt, widening }) => `  ${widening.toFixed(2)}x  ${doubtTexts[doubt]}\n`);
  return [
    `Capacity against ${grouped(shown.measurements)} published measurements\n\n${grid(columns, rows)}`,
    text.flatMap((line) => wrap(line, width).map((part) => `${part}\n`)).join(''),
    `A band is wider (logarithm times) where\n${wider.join('')}`,
    ...(detail ? [groups(shown)] : []),
  ].join('\n');
}

function groups({ groups }: Shown): string {
  const columns = [
    { title: 'left out' },
    { title: 'what' },
    { title: 'metric' },
    number('rows'),
    number('error'),
    number('bias'),
  ];
  const rows = groups.map(({ fold, group, metric, samples, medianPct, biasPct }) => [
    fold,
    group.length > groupWidth ? `${group.slice(0, groupWidth - 1)}…` : group,
    metric,
    String(samples),
    percent(medianPct),
    `${biasPct > 0 ? '+' : ''}${percent(biasPct)}`,
  ]);
  return grid(columns, rows);
}
const groupWidth = 44;

/** All of it; null for an error without an end. */
export const accuracyJson = (shown: Shown): string => jsonText({ schemaVersion: '1.0.0', ...shown });
