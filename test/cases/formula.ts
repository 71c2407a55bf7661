import type { Inputs } from './inputs.js';
import { hoursPerMonth, type Period, type Quantity, type Unit } from './unit.js';

/** One formula of the model: the inputs it takes, and how the engine answers them in the form a unit asks for. */
export type Formula = {
  title: string;
  /** All names, as a row writes them. */
  takes: string;
  of(inputs: Inputs, unit: Unit): Quantity;
};

/** Per what a quantity is: for spreading into it. */
type Per = Pick<Quantity, 'period' | 'hoursPerMonth'>;

const hoursPerDay = 24;

/** The month of a row that says how many days its month has. */
export function monthOf(inputs: Inputs): Per {
  const days = inputs.or(Number.NaN, 'days_per_month', 'days');
  return Number.isNaN(days) || periodOf(days) !== 'month' ? {} : { hoursPerMonth: days * hoursPerDay };
}

/** Hours of use, and the period they are those of; null: as the row says. */
export function hoursUsed(inputs: Inputs): { hours: number; per: Per } {
  if (inputs.has('hours_per_month')) return { hours: inputs.number('hours_per_month'), per: { period: 'month' } };
  if (inputs.has('hours_per_day', 'days', 'days_per_month')) {
    const hours = inputs.or(hoursPerDay, 'hours_per_day');
    if (!inputs.has('days', 'days_per_month')) return { hours, per: { period: 'day' } };
    const days = inputs.number('days', 'days_per_month');
    return { hours: hours * days, per: { period: periodOf(days), ...monthOf(inputs) } };
  }
  if (inputs.has('hours_per_year')) return { hours: inputs.number('hours_per_year'), per: { period: 'year' } };
  if (inputs.has('hours')) return { hours: inputs.number('hours'), per: { period: null } };
  return { hours: hoursPerMonth, per: { period: 'month' } };
}

/** Names that `hoursUsed` reads. */
export const hourNames = 'hours_per_month hours_per_day days days_per_month hours_per_year hours';

/** The period that so many days of use are those of, working days alone too. */
function periodOf(days: number): Period | null {
  if (days === 1) return 'day';
  if (days === 7) return 'week';
  if (days >= 15 && days <= 31) return 'month';
  return days >= 200 && days <= 366 ? 'year' : null;
}
