import type { GuideDetail, GuidesAnswer, TaskOpinion } from '../analyses/guides/answer.js';
import type { GuideConflict, Settling } from '../analyses/guides/settled.js';
import { kindNames } from '../places/option.js';
import type { Kind } from '../tables/rows.js';
import { type Document, gap, heading, indented, paragraph, title } from './document.js';
import { jsonText } from './json.js';
import { decimal, money } from './numbers.js';
import { plainTree } from './plain-text.js';
import { ageText } from './sheets.js';
import { renderText } from './text.js';

export const guidesJson = (answer: GuidesAnswer): string => jsonText(answer);

/** The guides' verdicts beside the decision, what settles each disagreement, and what they disagree about themselves. */
export function guidesTable(answer: GuidesAnswer, view: { color: boolean; width: number; per: string }): string {
  const safe = plainTree(answer);
  const lines = [
    ...head(safe, view.per),
    ...safe.guides.flatMap((guide) => [gap, ...guideLines(guide, view.per)]),
    ...conflictLines(safe.conflicts),
  ];
  return renderText(lines, view);
}

function head({ scenario, tables, engine, agreeing, guides }: GuidesAnswer, per: string): Document {
  const plan =
    engine.label === null ? 'nothing meets the rules' : `${engine.label}, ${money(engine.monthlyCost ?? 0)}${per}`;
  return [
    title(scenario.name, `prices ${tables.snapshot} (${ageText(tables)})`),
    paragraph('PLAN', plan, { hang: 2 }),
    paragraph(
      '',
      `${agreeing} of ${guides.length} rules of thumb agree. They are for information: they change no decision.`,
    ),
  ];
}

const kindList = (kinds: readonly Kind[]): string => kinds.map((kind) => kindNames[kind]).join(', ');

function guideLines(guide: GuideDetail, per: string): Document {
  const { id, agrees, title, because, unmet, notes } = guide;
  const also = notes.map(({ says }) => says);
  return [
    paragraph(id, `${agrees ? 'agrees' : 'disagrees'}: ${title}`, { tone: agrees ? 'good' : 'plain' }),
    indented(`says ${verdictText(guide)}`, 6, { hang: 5 }),
    indented(`as ${because}`, 6, { hang: 5 }),
    ...(unmet.length === 0 ? [] : [indented(`not met ${unmet.join(', ')}`, 6, { hang: 8 })]),
    ...unknownLines(guide),
    ...(also.length === 0 ? [] : [indented(`also ${also.join('; ')}`, 6, { hang: 5 })]),
    ...ratingLines(guide),
    ...stageLines(guide),
    ...taskLines(guide),
    ...settledLines(guide.settledBy, per),
  ];
}

function verdictText({ name, branches, scores, points, shape }: GuideDetail): string {
  const count =
    scores.length === 0 ? decimal(points) : scores.map((one) => `${one.name} ${decimal(one.value)}`).join(', ');
  const where = branches
    .map(({ what, kinds }) => `${kindList(kinds)}${what === null ? '' : ` for ${what}`}`)
    .join(' + ');
  const called = shape === null && name !== 'most points' ? `${name}: ` : shape === null ? '' : `${shape}: `;
  return `${where === '' ? 'nothing that decides' : called + where} (points: ${count})`;
}

/** Inputs nobody told it, with what it takes for them. */
function unknownLines({ unknown, inputs, id }: GuideDetail): Document {
  if (unknown.length === 0) return [];
  const texts = unknown.map((name) => {
    const usual = inputs.find((input) => input.name === name)?.value ?? null;
    return usual === null ? name : `${name} (${usual === true ? 'yes' : usual === false ? 'no' : usual} taken)`;
  });
  return [indented(`not known ${texts.join(', ')}: --answer ${id}.${unknown[0]}=…`, 6, { hang: 10 })];
}

function ratingLines({ ratings }: GuideDetail): Document {
  if (ratings.length === 0) return [];
  const texts = ratings.map(
    ({ kind, burden, lockIn }) => `${kindNames[kind]} burden ${burden}, lock-in ${lockIn ?? 'not given'}`,
  );
  return [indented(`rates ${texts.join('; ')}`, 6, { hang: 6 })];
}

function stageLines({ stages }: GuideDetail): Document {
  const texts = stages
    .filter(({ applies }) => applies !== false)
    .map(({ fromMonth, toMonth, says }) => `month ${fromMonth}${toMonth === null ? ' on' : `-${toMonth}`} ${says}`);
  return texts.length === 0 ? [] : [indented(`stages ${texts.join('; ')}`, 6, { hang: 7 })];
}

function taskLines({ tasks }: GuideDetail): Document {
  if (tasks.length === 0) return [];
  const text = ({ task, name, points, pilot }: TaskOpinion): string =>
    `${task} ${name} (${points})${pilot ? ', the pilot' : ''}`;
  const pilot = tasks.some((task) => task.pilot) ? '' : '; no task for a pilot';
  return [indented(`tasks ${tasks.map(text).join('; ')}${pilot}`, 6, { hang: 6 })];
}

const mostFigures = 3;

/** The figures that tell the two apart; the others are in JSON. */
function settledLines(settled: readonly Settling[], per: string): Document {
  return settled
    .filter(
      ({ figure, here, there }) => figure === 'rule' || figure === 'breakEven' || (there !== null && here !== there),
    )
    .slice(0, mostFigures)
    .flatMap((one, index, all) => {
      const again = index > 0 && all[index - 1]?.says === one.says;
      return [
        indented(`${index === 0 ? 'but' : 'and'} ${settledText(again ? { ...one, says: null } : one, per)}`, 6, {
          hang: 4,
        }),
      ];
    });
}

const figureNames = {
  ttftP95Ms: 'first token in 95 of 100 requests',
  capabilityScore: 'quality score',
  sensitivityScore: 'data score',
  fte: 'people',
} as const;

function settledText({ figure, here, there, unit, kind, upTo, reason, says }: Settling, per: string): string {
  const place = kindNames[kind];
  const rule = says === null ? '' : `${says}: `;
  const usd = (value: number | null): string => (value === null ? 'no price' : `${money(value)}${per}`);
  const text = (value: number | null): string => (value === null ? 'not known' : `${decimal(value)} ${unit}`);
  if (figure === 'rule') return `${rule}${place} here: no, ${reason}`;
  if (figure === 'monthlyCost') return `${rule}${place} ${usd(there)} against ${usd(here)}`;
  if (figure === 'breakEven')
    return `${rule}${there === null ? `no break-even with the best ${place} up to ${text(upTo)}` : `break-even with the best ${place} at ${text(there)}`}; you have ${decimal(here ?? 0)}`;
  return `${rule}${figureNames[figure]} ${text(here)} for the plan, ${text(there)} on ${place}`;
}

function conflictLines(conflicts: readonly GuideConflict[]): Document {
  if (conflicts.length === 0) return [];
  return [
    gap,
    heading('CONFLICTS', ' where the rules of thumb contradict each other'),
    ...conflicts.map((conflict) => indented(`${conflict.title}: ${conflictText(conflict)}`, 1)),
  ];
}

function conflictText({ limits, verdicts, unit }: GuideConflict): string {
  const shown = limits.map(
    ({ guide, from, to }) => `${guide} ${from === to ? decimal(from) : `${decimal(from)} to ${decimal(to)}`}`,
  );
  const here = limits.find((limit) => limit.here !== null)?.here ?? null;
  const figures =
    shown.length === 0
      ? []
      : [`${shown.join(', ')} ${unit ?? ''}${here === null ? '' : `; you have ${decimal(here)}`}`];
  const says = verdicts.map(
    ({ guide, name, verdict, says }) => `${guide} ${says ?? (verdict.length === 0 ? name : kindList(verdict))}`,
  );
  return [...figures, ...(says.length === 0 ? [] : [says.join('; ')])].join('; ');
}
