import type { Detail } from '../report/document.js';
import type { AssessFormat } from './assess-formats.js';
import type { WorkloadOptions } from './read-workload.js';

/** What `assess` is told on the command line. */
export type AssessOptions = WorkloadOptions & {
  scenario: string[];
  format?: AssessFormat;
  output?: string;
  option?: string[];
  allOptions?: true;
  detail?: Detail;
  point?: true;
  seed?: string;
  levers?: true;
  color: boolean;
  quiet?: true;
};
