import type { Decision } from '../decide/decision.js';
import { type Document, section, table } from './document.js';
import { grouped, money, seconds, sureness } from './numbers.js';
import { quality } from './recommendation.js';

/** What better models cost, and from which cost of a failed answer each pays. */
export function betterQuality({ recommendation }: Decision): Document {
  const rows = recommendation.betterQuality;
  const [first] = rows;
  if (first === undefined) return [];
  const whose = new Set(recommendation.assignments.map(({ task }) => task)).size === 1 ? '' : `for ${first.task}: `;
  return [
    section('BETTER QUALITY', `${whose}each pays against the row above if a failed answer costs over …`),
    table(
      [
        { title: '' },
        { title: 'quality', number: true },
        { title: 'good enough', number: true },
        { title: 'starts*', number: true, optional: 1 },
        { title: '$/month', number: true },
        { title: 'pays over', name: 'pays if a failed answer costs', number: true },
      ],
      rows.slice(0, mostRows).map(({ label, capability, goodEnough, ttftP95Ms, monthlyCost, paysFrom }) => ({
        cells: [
          label,
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
