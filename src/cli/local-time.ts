/** Offsets change at quarters of an hour at the most. */
const quarterMs = 900_000;

/**
 * The clock on the wall of a time zone (`Europe/Berlin`), in ms as if it were UTC.
 *
 * @throws RangeError where there is no such zone
 */
export function localClock(timeZone: string): (utcMs: number) => number {
  const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  const known = new Map<number, number>();
  return (utcMs) => {
    const quarter = Math.floor(utcMs / quarterMs);
    let offset = known.get(quarter);
    if (offset === undefined) {
      const name = format.formatToParts(utcMs).find(({ type }) => type === 'timeZoneName')?.value ?? '';
      const [, sign = '+', hours = '0', minutes = '0'] = /GMT([+-])(\d+):(\d+)/.exec(name) ?? [];
      offset = (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
      known.set(quarter, offset);
    }
    return utcMs + offset;
  };
}
