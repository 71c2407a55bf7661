import type { ModelRow, QuantizationRow } from '../tables/rows.js';

/** A model loses nothing in the format it was released in. */
export const losesNothing = (
  { nativeDtype }: Pick<ModelRow, 'nativeDtype'>,
  { scheme }: Pick<QuantizationRow, 'scheme'>,
): boolean => nativeDtype?.startsWith(scheme) === true;

/**
 * Index points that a model of capability `index` loses, from what one of index 50 loses: least at both ends of the scale.
 *
 *     loss = lossAt50 x index x (100 - index) / 2500
 */
export const lossAtIndex = (lossAt50: number, index: number): number => (lossAt50 * index * (100 - index)) / 2500;
