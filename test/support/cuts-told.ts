import { waysToCut } from '../../src/decide/cuts.js';
import { cascade, edgeFallback, sensitivitySplit, tieredRouting } from '../../src/decide/shapes.js';
import type { Context } from '../../src/places/placement.js';
import { servedInTime } from '../../src/workload/load.js';
import type { TaskPart } from '../../src/workload/workload.js';

const told = ({ cut, needs, waits, batchable, deviceGroup, inTurn, share, requestsPerDay, ...part }: TaskPart) => ({
  ...{ id: part.id, task: part.task, part: part.part, tokens: part.tokens, divisible: 'divisible' in part },
  ...{ share: Number(share.toFixed(9)), perDay: Number(requestsPerDay.toFixed(6)), need: needs.capability.need },
  ...{ cut: [cut?.shape, cut?.key].join(), when: cut?.when ?? null, todo: cut?.todo ?? null },
  ...{ deadline: waits?.deadlineHours ?? 0, batch: batchable, group: deviceGroup ?? null, inTurn: inTurn ?? null },
});
const allTold = (cuts: readonly TaskPart[][]) => cuts.map((parts) => parts.map(told));

/** What the first task may be cut into, by each shape and in all ways: parts, their multiples of the task, and what they need. */
export function cutsTold(context: Context) {
  const [whole] = context.workload.taskParts as [TaskPart];
  const [first, ...found] = waysToCut(whole, context);
  const ways = found.map((parts) =>
    parts.map(({ part, cut, needs }) => `${part} ${Number(cut?.times.toFixed(9))} ${needs.capability.need}`).join(', '),
  );
  const inTurn = cascade(whole, context);
  const arrivals = whole.waits?.arrivals ?? whole.hours;
  return {
    ...{ routed: allTold(tieredRouting(whole, context)), cascade: allTold(inTurn) },
    ...{ sensitive: allTold(sensitivitySplit(whole, context)), devices: allTold(edgeFallback(whole, context)) },
    ways,
    redactedWays: ways.flatMap((way) => (/^redaction 0.1 \d+, (.*)$/.exec(way) ?? []).slice(1)),
    todos: found.map((parts) => parts.map(({ cut }) => cut?.todo !== undefined).join(' ')),
    /** Of ways of one part, whether it has the time of the whole. */
    alone: found.flatMap((parts) =>
      parts.length > 1 ? [] : parts.map((one) => one.waits === whole.waits && !one.inTurn),
    ),
    whole: first?.length === 1 && first[0] === whole,
    divisible: found.flat().some((part) => 'divisible' in part),
    /** Whether parts in turn are done in the hours that their deadline leaves. */
    inTime: inTurn.flatMap((parts) =>
      parts.map(
        ({ hours, waits }) => String([...hours]) === String([...servedInTime(arrivals, waits?.deadlineHours ?? 0)]),
      ),
    ),
  };
}
