import { expect, test } from 'vitest';
import { list, listText, priceSteps, regionalUplifts, text } from '../../src/tables/column.js';

test.each([
  [list(text), 'eea;us'],
  [priceSteps, '128000=1.2/6;256000=4.5/22.5'],
  [regionalUplifts, 'jp=32/32.4'],
])('values of a list are told as the file has them', (read, cell) => {
  const found = read(cell);
  if ('fault' in found) throw new Error(found.fault.message);
  expect(listText(found.value)).toBe(cell);
});
