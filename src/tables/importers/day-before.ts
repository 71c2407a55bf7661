const monthDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

/** The day before a day (`YYYY-MM-DD`), in the calendar; what is no day stays as it is, for a column to refuse. */
export function dayBefore(day: string): string {
  const [, year = 0, month = 0, date = 0] = (/^(\d{4})-(\d{2})-(\d{2})$/.exec(day) ?? []).map(Number);
  if (month < 1 || month > 12 || date < 1) return day;
  if (date > 1) return written(year, month, date - 1);
  return month > 1 ? written(year, month - 1, daysOf(year, month - 1)) : written(year - 1, 12, 31);
}

function daysOf(year: number, month: number): number {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2 && leap ? 29 : (monthDays[month - 1] ?? 31);
}

function written(year: number, month: number, date: number): string {
  return [String(year).padStart(4, '0'), ...[month, date].map((part) => String(part).padStart(2, '0'))].join('-');
}
