import { wholeMonths } from './load.js';
import { addSums, noSums, type Usage } from './sums.js';
import { type UsageTask, usdOf, type Window } from './tasks.js';

/**
 * Whole calendar months for `backtest`: a row for each month and task, with what was paid. The sum of an invoice is in
 * the first row of a month. Null: no whole month, as in a sample.
 */
export function actualsCsv(
  { money, isTrace }: Usage,
  { earliest, last }: Window,
  tasks: readonly UsageTask[],
): string | null {
  const months = isTrace ? [] : wholeMonths({ first: earliest, last });
  if (months.length === 0) return null;
  const rows = months.flatMap((month) => {
    const isWithin = (day: number): boolean => day >= month.first && day <= month.last;
    const invoiced = [...money].filter(([day]) => isWithin(day)).reduce((sum, [, usd]) => sum + usd, 0);
    return tasks.map(({ name, groups }, at) => {
      const sums = noSums();
      for (const { days } of groups) for (const [day, each] of days) if (isWithin(day)) addSums(sums, each);
      const cost = money.size === 0 ? usdOf(sums) : at === 0 ? invoiced : null;
      const cells = [sums.calls, sums.calls > 0 ? sums.input : 0, sums.calls > 0 ? sums.output : 0].map(Math.round);
      return [month.month, ...cells, cost === null ? '' : Number(cost.toFixed(6)), name].join(',');
    });
  });
  return `month,requests,input_tokens,output_tokens,cost,task\n${rows.join('\n')}\n`;
}
