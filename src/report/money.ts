import { decimal, grouped } from './number-text.js';

/** USD for reading: `$4,310`; below ten dollars the cents too: `$3.52`; below a cent, the digits that say something. */
export function money(usd: number): string {
  return `${usd < 0 ? '-$' : '$'}${bare(Math.abs(usd))}`;
}

/** USD for a narrow column: no dollar sign, and millions as `1.2M`. */
export function narrowMoney(usd: number): string {
  if (Math.abs(usd) >= 999_999.5) return scaled(usd, 1e6, 'M');
  return usd < 0 ? `-${bare(-usd)}` : bare(usd);
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

/** Two significant digits without an exponent: prices per request are often thousandths of a cent. */
function smallest(amount: number): string {
  const decimals = Math.min(20, 1 - Math.floor(Math.log10(amount)));
  return amount.toFixed(decimals).replace(/0+$/, '').replace(/\.$/, '');
}

function scaled(usd: number, unit: number, suffix: string): string {
  const value = usd / unit;
  return `${Math.abs(value) >= 99.95 ? grouped(value) : decimal(Number(value.toFixed(1)))}${suffix}`;
}
