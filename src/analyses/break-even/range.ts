import type { Workload } from '../../workload/workload.js';

/** The volumes that are looked at: from one request a day up to far above the scenario's own. */
export const volumeRange = ({ requestsPerDay, assume }: Pick<Workload, 'requestsPerDay' | 'assume'>) => ({
  from: 1,
  to: Math.max(assume('breakEvenUpTo'), Math.ceil(requestsPerDay * assume('breakEvenTimes'))),
});
