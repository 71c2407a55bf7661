import type { Assignment, Decision } from '../decide/decision.js';
import { kindNames } from '../places/option.js';
import { type Document, type Scope, section, table } from './document.js';
import { percent, seconds, sureness } from './numbers.js';
import { findOption } from './plan-names.js';
import { quality } from './recommendation.js';

/** Where each of several tasks runs, how soon answers start, and whether the model is good enough. */
export function byTask(decision: Decision, scope: Scope): Document {
  const { assignments } = decision.recommendation;
  if (new Set(assignments.map(({ task }) => task)).size < 2) return [];
  const isWanted = assignments.some(({ ttftAskedMs }) => ttftAskedMs !== null);
  return [
    section('BY TASK'),
    table(
      [
        { title: 'task' },
        { title: 'requests', number: true, optional: 1 },
        { title: 'starts*', number: true },
        ...(isWanted ? [{ title: 'asked', number: true as const }] : []),
        { title: 'quality', number: true },
        { title: 'needed', number: true },
        { title: 'good enough', number: true },
        ...(scope.isBrief ? [] : [{ title: 'runs on' }]),
      ],
      assignments.map((one) => [
        nameOf(one),
        percent(one.share),
        one.isAwaited ? seconds(one.ttftP95Ms) : 'later',
        ...(isWanted ? [one.ttftAskedMs === null || !one.isAwaited ? '-' : seconds(one.ttftAskedMs)] : []),
        one.capability === null ? '-' : quality(one.capability),
        quality(one.capabilityNeed),
        sureness(one.goodEnough),
        ...(scope.isBrief ? [] : [placeOf(one, decision)]),
      ]),
      { indent: 2, wraps: !scope.isBrief, widestName: 30 },
    ),
  ];
}

const nameOf = ({ task, part }: Assignment): string => (part === 'all' ? task : `${task} (${part})`);

function placeOf({ option: id }: Assignment, decision: Decision): string {
  const option = findOption(decision, id);
  return option === undefined ? id : `${kindNames[option.kind]}, ${option.names.model}`;
}
