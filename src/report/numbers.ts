/** Numbers as text, the same in every locale. */

/** A whole number with thousands separators: 1234567 -> `1,234,567`. */
export function grouped(value: number): string {
  const digits = Math.abs(value).toFixed(0);
  const sign = value < 0 && digits !== '0' ? '-' : '';
  return sign + digits.replace(/\B(?=(\d{3})+$)/g, ',');
}

/** A number with at most two decimals and none that say nothing: 0.2, 1.25, 1,234. */
export function decimal(value: number): string {
  if (Math.abs(value) >= 100 || Number.isInteger(value)) return grouped(value);
  if (value !== 0 && Math.abs(value) < 0.005) return String(Number(value.toPrecision(2)));
  return String(Number(value.toFixed(2)));
}

/** A fraction as a whole percentage: 0.62 -> `62 %`; a positive one that rounds to 0 is `<1 %`. */
export function percent(fraction: number): string {
  return wholePercent(fraction * 100);
}

/** The same from a number that already is a percentage. */
export function wholePercent(value: number): string {
  if (value > 0 && value < 0.5) return '<1 %';
  return `${grouped(value)} %`;
}

/** A whole number and its noun: `1 option`, `12,000 options`. */
export function counted(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** USD for reading: `$4,310`; with cents below ten dollars: `$3.52`; below a cent, the significant digits. */
export function money(usd: number): string {
  return `${usd < 0 ? '-$' : '$'}${bare(Math.abs(usd))}`;
}

/** Amounts and their sum in dollars, or cents if small, so that printed ones add up. */
export function addedUp(amounts: readonly number[]): { sum: string; amounts: string[] } {
  const total = amounts.reduce((sum, usd) => sum + usd, 0);
  const perDollar = Math.abs(total) < 9.995 ? 100 : 1;
  const show = (units: number): string => {
    const usd = Math.abs(units) / perDollar;
    return `${units < 0 ? '-$' : '$'}${perDollar === 1 ? grouped(usd) : usd.toFixed(2)}`;
  };
  const whole = Math.round(total * perDollar);
  const units = wholeUnits(
    amounts.map((usd) => usd * perDollar),
    whole,
  );
  return { sum: show(whole), amounts: units.map(show) };
}

/** Whole units with a given sum: the remainder goes to the largest fractions. */
export function wholeUnits(exact: readonly number[], sum: number): number[] {
  const parts = exact.map((value, at) => ({ at, floor: Math.floor(value), rest: value - Math.floor(value) }));
  const left = parts.reduce((rest, { floor }) => rest - floor, sum);
  const raised = new Set(parts.toSorted((a, b) => b.rest - a.rest).slice(0, left));
  return parts.map((part) => part.floor + (raised.has(part) ? 1 : 0));
}

/** USD for a narrow column: no dollar sign, and millions as `1.2M`. */
export function narrowMoney(usd: number): string {
  if (Math.abs(usd) >= 999_999.5) return scaled(usd, 1e6, 'M');
  return usd < 0 ? `-${bare(-usd)}` : bare(usd);
}

/** Two parts of an amount for narrow columns; whole dollars add up as printed. */
export function narrowParts(one: number, other: number): readonly [string, string] {
  const total = narrowMoney(one + other);
  const isWhole = [one, other].every((usd) => usd >= 9.995) && !total.endsWith('M');
  const [first, second] = isWhole
    ? addedUp([one, other]).amounts.map((text) => text.replace('$', ''))
    : [narrowMoney(one), narrowMoney(other)];
  return [first as string, second as string];
}

/** USD where only the size matters: `$850`, `$3.1k`, `$1.2M`. */
export function roughMoney(usd: number): string {
  const amount = Math.abs(usd);
  const sign = usd < 0 ? '-$' : '$';
  if (amount >= 999_950) return sign + scaled(amount, 1e6, 'M');
  if (amount >= 999.5) return sign + scaled(amount, 1e3, 'k');
  return money(usd);
}

function bare(amount: number): string {
  if (amount === 0) return '0';
  if (amount < 0.01) return smallest(amount);
  return amount < 9.995 ? amount.toFixed(2) : grouped(amount);
}

/** Two significant digits without an exponent, for prices of thousandths of a cent. */
function smallest(amount: number): string {
  const decimals = Math.min(20, 1 - Math.floor(Math.log10(amount)));
  return amount.toFixed(decimals).replace(/0+$/, '').replace(/\.$/, '');
}

function scaled(usd: number, unit: number, suffix: string): string {
  const value = usd / unit;
  return `${Math.abs(value) >= 99.95 ? grouped(value) : decimal(Number(value.toFixed(1)))}${suffix}`;
}

/** A count that is a guess: three digits of it, `1.52M`, `50,000`. */
export function roughly(value: number): string {
  const told = Number(value.toPrecision(3));
  return told >= 1e6 ? `${decimal(told / 1e6)}M` : decimal(told);
}

/** Milliseconds as seconds: `0.35 s`, `12 s`; null: not known. */
export function seconds(ms: number | null): string {
  if (ms === null) return '-';
  const value = ms / 1000;
  return `${value >= 9.95 ? grouped(value) : value >= 0.995 ? value.toFixed(1) : String(Number(value.toFixed(2)))} s`;
}

/** A probability in whole percent, never 100; null: not known. */
export function sureness(share: number | null): string {
  if (share === null) return '-';
  return share > 0.99 ? '>99 %' : percent(share);
}

/** A ratio as one says it: `1.4`, `34`, `0.27`. */
export const times = (ratio: number): string =>
  ratio >= 9.95 ? grouped(ratio) : decimal(Number(ratio.toPrecision(2)));

/** Numbers from 0 on as letters: `A` to `Z`, then `AA`. */
export function letterOf(at: number): string {
  const letters = 26;
  return (at >= letters ? letterOf(Math.floor(at / letters) - 1) : '') + String.fromCharCode(65 + (at % letters));
}

/** A capability index as it is shown. */
export const quality = (index: number): string => grouped(index);
