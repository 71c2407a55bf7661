import type { Option } from '../placements/option.js';
import type { Slice } from '../scenario/demand.js';
import type { SecondPlace } from './second-place.js';

/** Who serves what, before it has a price. */
export type Part = { option: Option; slices: Slice[]; second?: SecondPlace };
