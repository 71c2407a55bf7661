import type { ApiRow, DateText } from '../tables/rows.js';
import type { Problem } from '../units/problem.js';
import type { CallTokens } from './call.js';
import { introductionEnded } from './prices-on.js';
import { quoteWarning } from './quote-problem.js';

const earlier = '--pricing names an earlier snapshot';

/** What the day of a call means for its price; `asked` is null where none was given and the snapshot's day is taken. */
export function dayWarnings(row: ApiRow, snapshot: DateText, asked: DateText | null): Problem[] {
  const day = asked ?? snapshot;
  const warnings: Problem[] = [];
  const { provider, modelId, effectiveFrom, until, retires } = row;
  if (asked !== null && effectiveFrom !== null && asked.slice(0, effectiveFrom.length) < effectiveFrom)
    warnings.push(
      quoteWarning('not-yet-in-force', `this price holds from ${effectiveFrom}, not yet on ${asked}`, earlier),
    );
  else if (asked !== null && asked < snapshot)
    warnings.push(
      quoteWarning('earlier-than-prices', `these are prices of ${snapshot}: on ${asked} others may have held`, earlier),
    );
  if (until !== null && !introductionEnded(row, day)) {
    const next = `${row.nextInputUsdPerMTok} in and ${row.nextOutputUsdPerMTok} out per 1e6 tokens`;
    const hint = '--at names the day of the calls';
    warnings.push(quoteWarning('introductory-price', `an introductory price until ${until}, then ${next}`, hint));
  }
  if (retires !== null && day.slice(0, retires.length) >= retires)
    warnings.push(quoteWarning('retired', `${provider}/${modelId} is off sale from ${retires}`));
  return warnings;
}

/** A call the model cannot take as it is. */
export function sizeWarnings({ contextWindow, maxOutput, ...row }: ApiRow, { prompt, output }: CallTokens): Problem[] {
  const name = `${row.provider}/${row.modelId}`;
  const warnings: Problem[] = [];
  if (contextWindow !== null && prompt > contextWindow)
    warnings.push(
      quoteWarning('beyond-context', `a prompt of ${prompt} tokens is more than ${name} takes: ${contextWindow}`),
    );
  if (maxOutput !== null && output > maxOutput)
    warnings.push(
      quoteWarning('beyond-max-output', `${output} output tokens are more than ${name} writes at once: ${maxOutput}`),
    );
  return warnings;
}

/** Charges and allowances that depend on more than a call, so they are not in its bill. */
export function leftOutWarnings({ regionalUpliftPct, freeTokensPerMonth }: ApiRow): Problem[] {
  const warnings: Problem[] = [];
  if (regionalUpliftPct !== null && regionalUpliftPct > 0)
    warnings.push(quoteWarning('regional-uplift', `an endpoint bound to a region costs ${regionalUpliftPct} % more`));
  if (freeTokensPerMonth !== null && freeTokensPerMonth > 0)
    warnings.push(
      quoteWarning('free-tokens', `the first ${freeTokensPerMonth} tokens of a month are free; they are not taken off`),
    );
  return warnings;
}
