import type { Option } from '../places/option.js';
import type { Slice } from '../workload/demand.js';
import type { SecondPlace } from './second-place.js';

/** Who serves what, before it has a price. */
export type Part = { option: Option; slices: Slice[]; second?: SecondPlace };
