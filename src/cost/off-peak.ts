import { given, parameter, predicted, type Source, type Traced } from '../formula/traced.js';
import type { ApiRow } from '../tables/rows.js';
import { daysBetween } from '../units/month.js';
import { waitingOf } from '../workload/deferral.js';
import type { TaskPart, Workload } from '../workload/workload.js';

type HourlyPrices = Pick<ApiRow, 'row' | 'peakHours' | 'offPeakRatio'>;

/**
 * Share of requests sent outside a row's peak hours. Deferrable work is sent in the first off-peak hour within its
 * deadline. Load hours are local, the row's UTC; `utcOffsetHours` is the difference.
 */
export function offPeakShare(
  { peakHours }: HourlyPrices,
  taskPart: Pick<TaskPart, 'hours' | 'waits'>,
  workload: Pick<Workload, 'assume'>,
): number {
  const { arrivals, deadlineHours } = waitingOf(taskPart);
  const week = arrivals.length;
  const offset = Math.round(workload.assume('utcOffsetHours'));
  const peak = new Set(peakHours);
  const isPeak = (localHour: number): boolean => peak.has((((localHour - offset) % week) + week) % week);
  let [off, all] = [0, 0];
  for (let hour = 0; hour < week; hour++) {
    const requests = arrivals[hour] as number;
    all += requests;
    for (let later = 0; later <= deadlineHours; later++) {
      if (isPeak(hour + later)) continue;
      off += requests;
      break;
    }
  }
  return all === 0 ? 0 : off / all;
}

/** Share of the hours of a week that lie outside a row's peak. */
export const offPeakShareOfWeek = ({ peakHours }: Pick<ApiRow, 'peakHours'>): number => 1 - peakHours.length / 168;

const aMonday = '2024-01-01';

/** What a row's prices are multiplied by at a moment, `YYYY-MM-DDTHH:MMZ`. */
export function priceRatioAt({ peakHours, offPeakRatio }: HourlyPrices, moment: string): number {
  const [day = '', time = ''] = moment.split('T');
  const weekday = ((daysBetween(aMonday, day) % 7) + 7) % 7;
  const hour = weekday * 24 + Number(time.slice(0, 2));
  return offPeakRatio === null || peakHours.includes(hour) ? 1 : offPeakRatio;
}

/** Savings at off-peak hours as a share of the whole bill; 0 where prices do not vary by hour. */
export function offPeakSaving(
  row: HourlyPrices,
  taskPart: Pick<TaskPart, 'hours' | 'waits'>,
  workload: Pick<Workload, 'assume'>,
): number {
  return row.offPeakRatio === null ? 0 : offPeakShare(row, taskPart, workload) * (1 - row.offPeakRatio);
}

/** How `offPeakSaving` comes about, as the factor on a bill at peak prices. */
export function tracedOffPeak(row: HourlyPrices, taskPart: TaskPart, context: Source): Traced {
  return predicted(
    'what off-peak hours change',
    -offPeakSaving(row, taskPart, context.workload),
    'fraction',
    '(off-peak price over peak price - 1) x share of requests at off-peak hours',
    [
      given('off-peak price over peak price', row.offPeakRatio ?? 1, 'ratio', { table: 'api', row: row.row }),
      given('requests at off-peak hours', offPeakShare(row, taskPart, context.workload), 'fraction'),
      parameter('local time ahead of UTC', 'utcOffsetHours', context),
    ],
  );
}
