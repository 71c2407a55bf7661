import type { Demand } from '../scenario/demand.js';
import type { Scenario } from '../scenario/schema.js';
import type { Warning } from './decision.js';

/** What a scenario may say that does not enter the decision yet: said, never silently dropped. */
export function notConsidered(
  { workload, needs, existing, preferences, team }: Scenario,
  { slices }: Demand,
): Warning[] {
  const fields: [string, boolean][] = [
    ['needs.rag', needs?.rag === true],
    ['tasks.*.needs: tools', slices.some(({ needs: { tools } }) => tools)],
    ['workload.sites', (workload.sites ?? 1) > 1],
    ['existing', existing !== undefined],
    ['preferences.only', preferences?.only !== undefined],
    ['preferences.exclude', preferences?.exclude !== undefined],
    ['preferences.objective', preferences?.objective !== undefined && preferences.objective !== 'cost'],
    ['team.launchWithin', team?.launchWithinWeeks !== undefined],
  ];
  return fields
    .filter(([, given]) => given)
    .map(([field]) => ({ code: 'not-considered', message: `${field} does not enter the decision yet` }));
}
