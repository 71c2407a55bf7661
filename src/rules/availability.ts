import { sizingAt } from '../places/fleet-numbers.js';
import type { Option } from '../places/option.js';
import type { Context } from '../places/placement.js';
import { isAtLeast } from '../units/last-digits.js';
import type { TaskPart } from '../workload/workload.js';
import { failed, type Gate, passed, unknown, type Verdict } from './gate.js';
import { availabilityTurn } from './turns.js';
import { availabilityOf, percentWords, shareWithSpare, twoTogether } from './uptime.js';

/** Answers as much of the time as a task asks for. A second provider is another plan: see the failover of a plan. */
export const availability: Gate = {
  id: 'availability',
  level: 'provider',
  asks: ({ needs }) => needs.availability !== null,
  check(option, taskPart, context) {
    const wanted = taskPart.needs.availability;
    if (wanted === null) return passed;
    const asked = `${percentWords(wanted)} of the time`;
    const found = availabilityOf(option, context);
    if (found === null)
      return unknown(() => ({ need: asked, reason: `ask ${option.provider} what share of time it promises` }));
    if (isAtLeast(found.share, wanted)) return passed;
    return failed(() => {
      const { words, share } = remedy(option, wanted, context);
      return {
        need: asked,
        have: percentWords(found.share),
        reason: `${option.provider} answers ${percentWords(found.share)} of the time (${found.from}): ${words}`,
        turnsAt: availabilityTurn(taskPart, found.share),
        figures: { havePercent: found.share * 100, needPercent: wanted * 100, reachablePercent: share * 100 },
      };
    });
  },
};

/** Whether an option, and another that stands in for it while it is down, together answer as much as a task asks for. */
export function availabilityOfPair(option: Option, standby: Option, taskPart: TaskPart, context: Context): Verdict {
  const wanted = taskPart.needs.availability;
  if (wanted === null) return passed;
  const need = `${percentWords(wanted)} of the time`;
  if (option.provider === standby.provider)
    return failed(() => ({
      need: 'two providers',
      have: 'one',
      reason: `${option.provider} does not stand in for itself: name a standby of another provider`,
    }));
  const [first, second] = [availabilityOf(option, context), availabilityOf(standby, context)];
  if (first === null || second === null) {
    const { provider } = first === null ? option : standby;
    return unknown(() => ({ need, reason: `ask ${provider} what share of time it promises` }));
  }
  const share = twoTogether(first, second, context);
  if (isAtLeast(share, wanted)) return passed;
  return failed(() => ({
    need,
    have: percentWords(share),
    reason: `${option.provider} with ${standby.provider} behind it answers ${percentWords(share)} of the time`,
    turnsAt: availabilityTurn(taskPart, share),
    figures: { havePercent: share * 100, needPercent: wanted * 100 },
  }));
}

/** What could help, and the share of time that it reaches: a spare, or a second provider's API. Machines stand by for nobody. */
function remedy(option: Option, asked: number, context: Context): { words: string; share: number } {
  const spared = shareWithSpare(option, context);
  if (spared !== null && isAtLeast(spared, asked))
    return {
      words: `with a spare machine (${sizingAt(context.workload, option.desk).spareNamed}) it would be ${percentWords(spared)}`,
      share: spared,
    };
  const share = context.workload.assume('availabilityApiTwoVendorFailover');
  const words =
    asked > share
      ? `with an API of another provider beside it no more than ${percentWords(share)} is reached`
      : 'an API of another provider could fill in';
  return { words, share };
}
