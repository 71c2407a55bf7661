export const msPerSecond = 1000;
export const secondsPerMinute = 60;
export const secondsPerHour = 3600;
export const secondsPerDay = 86_400;
export const minutesPerHour = 60;
export const minutesPerDay = 1440;
export const hoursPerDay = 24;
export const hoursPerWeek = 168;
const daysPerYear = 365;
export const monthsPerYear = 12;
/** Of a mean month. */
export const daysPerMonth = daysPerYear / monthsPerYear;

/** The calendar month `count` months after `month` (`YYYY-MM`). */
export function monthAfter(month: string, count: number): string {
  const [year = 0, number = 1] = month.split('-').map(Number);
  const index = year * 12 + (number - 1) + count;
  return `${String(Math.floor(index / 12)).padStart(4, '0')}-${String((index % 12) + 1).padStart(2, '0')}`;
}

/** Months between calendar months (`YYYY-MM`); negative when `to` is earlier. */
export function monthsBetween(from: string, to: string): number {
  const indexOf = (month: string): number => {
    const [year = 0, number = 1] = month.split('-').map(Number);
    return year * 12 + number;
  };
  return indexOf(to) - indexOf(from);
}

/** Days from one date to another (`YYYY-MM-DD`); negative when `to` is earlier. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
}

/** Days of a calendar month (`YYYY-MM`). */
export const daysIn = (month: string): number => daysBetween(`${month}-01`, `${monthAfter(month, 1)}-01`);

const daysBefore1970 = 719_468;
const daysOf400Years = 146_097;

/** The date (`YYYY-MM-DD`) `days` whole days after a date; before it when negative. */
export function dayAfter(date: string, days: number): string {
  // Years from March, so that a leap day is the last of its year.
  const day = Math.round(Date.parse(`${date}T00:00:00Z`) / 86_400_000) + days + daysBefore1970;
  const era = Math.floor(day / daysOf400Years);
  const ofEra = day - era * daysOf400Years;
  const year = Math.floor(
    (ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365,
  );
  const ofYear = ofEra - (365 * year + Math.floor(year / 4) - Math.floor(year / 100));
  const fromMarch = Math.floor((5 * ofYear + 2) / 153);
  const ofMonth = ofYear - Math.floor((153 * fromMarch + 2) / 5) + 1;
  return `${monthAfter(`${String(year + era * 400)}-03`, fromMarch)}-${String(ofMonth).padStart(2, '0')}`;
}

/** Whether a text is a day that there is, as `YYYY-MM-DD`. */
export const isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text) && dayAfter(text, 0) === text;

/** The same day (`YYYY-MM-DD`) so many months on; the last of a shorter month. */
export function dayMonthsAfter(date: string, months: number): string {
  const nextMonth = `${monthAfter(date.slice(0, 7), months + 1)}-01`;
  const same = `${monthAfter(date.slice(0, 7), months)}-${date.slice(8)}`;
  return dayAfter(same, 0) === same ? same : dayAfter(nextMonth, -1);
}
