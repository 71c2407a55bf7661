import type { Decision } from '../decide/decision.js';
import { type Document, section, table } from './document.js';
import { grouped, money, seconds, sureness } from './numbers.js';
import { inMonths } from './other-ways.js';
import { findOption } from './plan-names.js';
import { quality, whose } from './recommendation.js';

/** What better models cost, and from which cost of a failed answer each pays. */
export function betterQuality(decision: Decision): Document {
  const { recommendation } = decision;
  const rows = recommendation.betterQuality;
  const [first] = rows;
  if (first === undefined) return [];
  return [
    section(
      'BETTER QUALITY',
      `${whose(recommendation, (what) => `for ${what}: `)}each pays${inMonths(recommendation)} against the row above if a failed answer costs over …`,
    ),
    table(
      [
        { title: '' },
        { title: 'quality', number: true },
        { title: 'good enough', number: true },
        { title: 'starts*', number: true, optional: 1 },
        { title: recommendation.totalCost === null ? '$/month' : '$ in all', number: true },
        { title: 'pays over', name: 'pays if a failed answer costs', number: true },
      ],
      rows.slice(0, mostRows).map(({ label, option, capability, goodEnough, ttftP95Ms, monthlyCost, paysFrom }) => ({
        cells: [
          rows.filter((row) => row.label === label).length > 1 ? labelInFull(decision, option, label) : label,
          quality(capability),
          sureness(goodEnough),
          seconds(ttftP95Ms),
          grouped(monthlyCost),
          paysFrom === null ? '(advised)' : paysFrom === 0 ? 'always' : money(paysFrom),
        ],
        ...(paysFrom === null && { tone: 'good' as const }),
      })),
      { indent: 2, widestName: 30 },
    ),
  ];
}
const mostRows = 4;

/** The same model more than once is told apart by its format. */
function labelInFull(decision: Decision, id: string, label: string): string {
  const option = findOption(decision, id);
  return option?.quantization == null
    ? label
    : `${option.names.model} (${option.quantization}), ${option.names.provider}`;
}
