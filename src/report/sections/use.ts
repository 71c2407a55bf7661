import type { Assignment, Decision, OptionReport } from '../../decide/decision.js';
import { partNames } from '../../decide/plan.js';
import { kindNames } from '../kind-names.js';
import { type Line, paragraph, tagWidth } from '../lines.js';
import { counted, grouped, percent } from '../number-text.js';
import { findOption, optionName } from '../option-name.js';
import { columns, padded } from '../wrap.js';

type Row = { tasks: string; kind: string; name: string; fleet: string | null };

/** Task names longer than this push the rest of their own line only. */
const widestTasks = 24;

/** Which tasks go where, one line per option; a fleet also says how large and how busy it is. */
export function use(decision: Decision, width: number): Line[] {
  const rows = rowsOf(decision);
  const tasksWidth = Math.min(widestTasks, Math.max(0, ...rows.map(({ tasks }) => columns(tasks))));
  const kindWidth = Math.max(0, ...rows.map(({ kind }) => columns(kind)));
  return rows.flatMap(({ tasks, kind, name, fleet }, index) => {
    const text = `${padded(tasks, tasksWidth)} -> ${kind === '' ? '' : `${padded(kind, kindWidth)}  `}${name}`;
    const hang = Math.min(tasksWidth + 4, Math.floor((width - tagWidth) / 2));
    const lines = paragraph(index === 0 ? 'USE' : '', text, width, 'good', hang);
    return fleet === null ? lines : [...lines, ...paragraph('', fleet, width - hang, 'good').map(indentBy(hang))];
  });
}

function rowsOf(decision: Decision): Row[] {
  const { assignments } = decision.recommendation;
  const ids = [...new Set(assignments.map(({ option }) => option))];
  return ids.map((id) => {
    const mine = assignments.filter(({ option }) => option === id);
    const tasks =
      ids.length === 1 && mine.length > 1 ? 'everything' : mine.map((part) => taskName(part, ids.length)).join(', ');
    const option = findOption(decision, id);
    if (!option) return { tasks, kind: '', name: id, fleet: null };
    return { tasks, kind: kindNames[option.kind], name: optionName(option), fleet: fleetText(option) };
  });
}

/** One of these takes all or nothing at a time: a share would read as a split. */
const standingIn: ReadonlySet<string> = new Set(partNames.failover);

function taskName({ task, part, share }: Assignment, options: number): string {
  const name = part === 'all' ? task : `${task} (${part})`;
  return options === 1 || standingIn.has(part) ? name : `${name} ${percent(share)}`;
}

function fleetText(option: OptionReport): string | null {
  const { replicas, copiesPerReplica, instance, hardware, quantization, purchase, utilization, devices } = option;
  if (devices !== null) {
    const able = `${percent(devices.shareAble)} of them can run it`;
    return [`on ${counted(devices.count, 'device')}`, able, quantization].filter((text) => text !== null).join(', ');
  }
  if (replicas === null) return null;
  const machine = [instance ?? hardware ?? 'machine', instance !== null && hardware !== null ? `(${hardware})` : ''];
  const busy = utilization === null ? 'load unknown' : `busy ${percent(utilization)} of the time`;
  const copies = (copiesPerReplica ?? 1) > 1 ? `${copiesPerReplica} copies on each` : null;
  const details = [copies, busy, quantization, purchase].filter((detail) => detail !== null);
  return [`${grouped(replicas)} x ${machine.join(' ').trim()}`, ...details].join(', ');
}

function indentBy(blanks: number): (line: Line) => Line {
  return ({ tag, text, tone }) => ({ tag: '', text: `${tag}${' '.repeat(blanks)}${text}`, tone });
}
