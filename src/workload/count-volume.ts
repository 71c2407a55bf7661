import { areUsers, mayBeConversation, type Volume } from '../units/volume.js';
import { type Finding, findingWarning } from './issues.js';
import type { Scenario } from './schema.js';
import { getIn, type Path } from './source.js';

/**
 * What a noun of a volume counts in the scenario: people with requests each, conversations with turns, else requests.
 * An ambiguous one gets a warning.
 */
export function countVolumes(scenario: Scenario, root: unknown): { scenario: Scenario; findings: Finding[] } {
  const findings: Finding[] = [];
  const counted = (volume: Volume, path: Path): Volume => {
    const { of, finding } = countVolume(volume, scenario.workload, path, getIn(root, path));
    if (finding !== null) findings.push(finding);
    return of === volume.of ? volume : { ...volume, of };
  };
  const { workload, tasks } = scenario;
  return {
    scenario: {
      ...scenario,
      workload: { ...workload, volume: counted(workload.volume, ['workload', 'volume']) },
      tasks: tasks.map((task, index) =>
        task.volume === undefined ? task : { ...task, volume: counted(task.volume, ['tasks', index, 'volume']) },
      ),
    },
    findings,
  };
}

function countVolume(
  { noun, of, per, amount }: Volume,
  { turns, once, requestsPerUser }: Scenario['workload'],
  path: Path,
  written: unknown,
): { of: Volume['of']; finding: Finding | null } {
  const shown = typeof written === 'string' ? `\`${written.slice(0, longestShown)}\`` : 'this volume';
  const warn = (message: string, suggestion: string): Finding =>
    findingWarning('read-as', path, message, { suggestion });
  if (noun === undefined) {
    const perDay = Number(((amount.likely * workdays) / daysOfWeek).toPrecision(3));
    const finding = warn(
      `${shown} is read as ${workdays} of ${daysOfWeek} days: ${perDay} ${of} a day on average`,
      'write /day where it is every day of the week',
    );
    return { of, finding: per === 'workday' ? finding : null };
  }
  if (per === null && areUsers(noun)) return { of: 'users', finding: null };
  if (per === null && once !== true) return { of: requestsPerUser === undefined ? of : 'users', finding: null };
  const count = turns?.likely ?? 1;
  if (mayBeConversation(noun)) {
    if (count > 1)
      return {
        of: 'conversations',
        finding: warn(
          `${shown} is read as conversations of ${count} requests each`,
          `write requests instead of ${noun} where each is one answer of the model`,
        ),
      };
    return {
      of,
      finding: warn(
        `${shown} is read as requests: one of the model's answers each`,
        'where each is a conversation, write how many answers it takes as `workload: {turns: 8}`',
      ),
    };
  }
  if (count <= 1) return { of, finding: null };
  return {
    of,
    finding: warn(
      `${shown} is read as requests: one of the model's answers each`,
      `write conversations instead of ${noun} where each has ${count} turns`,
    ),
  };
}

const longestShown = 40;
const [workdays, daysOfWeek] = [5, 7];
