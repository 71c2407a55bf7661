import {
  difference,
  given,
  largest,
  named,
  product,
  quotient,
  roundedUp,
  stated,
  sum,
  sumOf,
  type Traced,
} from '../formula/traced.js';
import { addHours, highestOf } from '../workload/load.js';
import type { TaskPart, Workload } from '../workload/workload.js';
import { type FleetTerm, timesOf, unitsAtPeak, unitsInHours, type Work, withSpareOf } from './fleet.js';
import { hoursInMonth, requestsPerSecondOf } from './task-trace.js';

/** The derivations of a fleet's size, from their callers. */
export type FleetWords = {
  min: Traced;
  spare: Traced;
  spareShare: Traced;
  /** Figures that are leaves in others, each with its parts: an offer's price, the size of the weights. */
  told: readonly Traced[];
  /** Units' worth of work at a rate of requests a second of a task part. */
  work(taskPart: TaskPart, ratePerS: Traced): Traced;
};

/** What the size of a fleet is made of. */
export function fleetTrace(term: FleetTerm, work: readonly Work[], words: FleetWords, workload: Workload) {
  return { units, hours };

  /** Units of the busiest hour of the horizon, spares included. */
  function units(volume: number): Traced {
    return busiest(volume, term.peakGrowth);
  }

  function busiest(volume: number, growth: number): Traced {
    const label = 'units of the busiest hour';
    const held = roundedUp('units that hold the work', 'units', workOf(volume, growth));
    const worked = largest('units at work in the busiest hour', 'units', held, words.min);
    if (term.spare === 0 && term.spareShare === 0) return named(label, worked);
    const part = term.spareShare / words.spareShare.value;
    const asked = part < 1 ? given('share of the work that asks for spares', part, 'fraction') : null;
    const share = product('share of those at work', 'units', words.spareShare, asked, worked);
    const spares = largest('spares', 'units', words.spare, roundedUp('whole units of the share', 'units', share));
    return sum(label, 'units', worked, spares);
  }

  /** Work of the busiest hour by task part; for deferrable work of the window with most due an hour. */
  function workOf(volume: number, growth: number): Traced {
    const busy = busiestTime(volume);
    const parts = work.map(({ taskPart }) => {
      const { at, isHour } = busy(taskPart);
      const rate = product(
        `rate of ${taskPart.task} in the busiest hour`,
        'requests/s',
        requestsPerSecondOf(taskPart, volume, workload),
        stated(
          isHour ? 'busiest hour over the mean' : 'due in the busiest window, an hour of it over the mean hour',
          at,
          'ratio',
          'workload.profile',
        ),
        growth === 1 ? null : stated('volume of the month over month 1', growth, 'ratio', 'workload.growth'),
      );
      return words.work(taskPart, rate);
    });
    return sumOf('work of the busiest hour', 'units', parts);
  }

  /** Work of each task part, over its mean, at the busiest hour or due window of all. */
  function busiestTime(volume: number): (taskPart: TaskPart) => { at: number; isHour: boolean } {
    const times = term.is === 'replicas' ? ({ hours }: Pick<TaskPart, 'hours'>) => hours : timesOf(work, workload);
    const all = addHours(
      work.map(({ taskPart, need }) => ({
        hours: times(taskPart),
        factor: need * (taskPart.scales ? volume / workload.requestsPerDay : 1),
      })),
    );
    const busiest = all.indexOf(highestOf(all));
    return (taskPart) => ({ at: times(taskPart)[busiest] ?? 0, isHour: times(taskPart) === taskPart.hours });
  }

  /** Unit-hours of an average month, spares included. */
  function hours(volume: number): Traced {
    const unit = 'unit-hours/month';
    if (term.is === 'peak') {
      return product('unit-hours', unit, unitsBeyond(term.free ?? 0, units(volume)), hoursInMonth(workload));
    }
    const months = [...term.growth].map((growth, month) => {
      const top = withSpareOf(unitsAtPeak({ ...term, peakGrowth: growth }, volume), term);
      const parts = unitsInHours(term, volume, growth).map(({ units: count, hours: long }) =>
        product(
          `hours with ${count}`,
          unit,
          count === top ? busiest(volume, growth) : given('units these hours need, spares included', count, 'units'),
          given('hours of the profile that need so many', long, 'hours/month'),
        ),
      );
      return sumOf(term.growth.length === 1 ? 'unit-hours' : `unit-hours of month ${month + 1}`, unit, parts);
    });
    const [only] = months;
    if (months.length === 1 && only !== undefined) return named('unit-hours', only);
    return quotient(
      'unit-hours of an average month',
      unit,
      sum('unit-hours of all months', 'unit-hours', ...months),
      given('months', months.length, 'months'),
    );
  }
}

/** Units without those that are owned already. */
export function unitsBeyond(free: number, units: Traced): Traced {
  if (free === 0) return units;
  const left = difference('units less those owned', 'units', units, given('owned already', free, 'units'));
  return largest('units beyond those owned', 'units', left, given('none', 0, 'units'));
}
