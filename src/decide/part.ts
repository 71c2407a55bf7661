import type { Option } from '../places/option.js';
import type { TaskPart } from '../workload/workload.js';
import type { SecondPlace } from './second-place.js';

/** Who serves what, before it has a price. */
export type Part = { option: Option; taskParts: TaskPart[]; second?: SecondPlace };
