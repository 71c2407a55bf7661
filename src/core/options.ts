import { optionOf } from '../places/fleet-option.js';
import type { Option } from '../places/option.js';
import { ownModelAt } from './catalog.js';
import { kindOf } from './kinds.js';
import type { Rows } from './rows.js';
import type { Shape } from './shape.js';

/** The option of a row, as reports know it. */
export function optionAt({ rows, shape }: { rows: Rows; shape: Shape }, row: number): Option {
  const { catalog, apis, offers } = shape.admitted;
  const model = rows.model[row] as number;
  // For a row with a fallback that of its first place.
  if ((rows.first[row] as number) < rows.apis) return apis.option[model] as Option;
  const fit = rows.fit[row] as number;
  if (fit === -1) return (shape.devices.find(({ item }) => item === model) as { option: Option }).option;
  const unit = shape.fits.unit[fit] as number;
  const { units, source } = offers;
  return optionOf(
    kindOf[rows.kind[row] as number] as (typeof kindOf)[number],
    ownModelAt(catalog, model),
    units.type[unit] as (typeof units.type)[number],
    source[rows.offer[row] as number] as (typeof source)[number],
    shape.fits.cards[fit] as number,
    units.copies[unit] as number,
  );
}
