import type { ChecklistItem } from '../../decide/decision.js';
import { conditions as conditionsOf } from '../../decide/option-report.js';
import { optionsOf } from '../../decide/plan.js';
import type { Reviewed } from '../../decide/review.js';
import type { Option } from '../../places/option.js';
import type { Context } from '../../places/placement.js';
import { regimeRows } from '../../places/regions.js';
import { placementOf } from '../../places/registry.js';
import { regimes } from '../../rules/data.js';
import { capability, license } from '../../rules/model.js';
import { available } from '../../rules/service.js';
import type { RegimeRow } from '../../tables/rows.js';
import type { Origin, Prose } from '../../tables/tables.js';
import type { TaskPart } from '../../workload/workload.js';

/** The rows of regimes.csv with what whoever runs a model has to see to. */
const security = 'self-hosted-security';

/** The conditions of the plan, then reminders of the rules on its data, then security where weights of one's own run. */
export function checklistOf(
  reviewed: Reviewed,
  conditions: readonly string[],
  context: Context,
  prose: Prose,
): ChecklistItem[] {
  const ruled = todos(reviewed, context, prose);
  const items = [
    ...ruled,
    ...conditions
      .filter((item) => ruled.every((known) => known.item !== item))
      .map((item) => ({ item, because: `shape of the plan: ${reviewed.plan.shape}`, source: 'this decision' })),
    ...reminders(reviewed, context, prose),
    ...securityOf(reviewed, context, prose),
  ];
  const known = new Map<string, ChecklistItem>();
  for (const item of items) {
    const same = known.get(item.item);
    if (same === undefined) known.set(item.item, { ...item });
    else if (!same.because.includes(item.because)) same.because = `${same.because}; ${item.because}`;
  }
  return [...known.values()];
}

/** What the verdicts on the plan ask to be done; the source is that of the rule, or of what is known of model or place. */
function todos(reviewed: Reviewed, context: Context, prose: Prose): ChecklistItem[] {
  const { plan, verdicts } = reviewed;
  return verdicts.flatMap((one) =>
    conditionsOf({ verdicts: [one] }).map((item) => {
      const serving = plan.deployments.filter(({ taskParts }) => taskParts.some(({ task }) => task === one.task));
      const options = serving.flatMap(optionsOf);
      const taskParts = serving.flatMap((deployment) => deployment.taskParts).filter(({ task }) => task === one.task);
      const { need } = one.verdict.why();
      return {
        item,
        because: `${one.gate} for ${one.task}: ${need}`,
        source: sourcesOf(originsOf(one.gate, taskParts, options, context), prose),
      };
    }),
  );
}

function originsOf(
  gate: string,
  taskParts: readonly TaskPart[],
  options: readonly Option[],
  context: Context,
): Origin[] {
  const { tables } = context;
  if (gate === capability.id)
    return options.flatMap((option) =>
      option.capability === null ? [] : [{ table: 'capability', row: option.capability.row }],
    );
  if (gate === available.id || gate === license.id)
    return options.flatMap(({ api, family }): Origin[] => {
      const model = tables.modelOf.get(family);
      if (api !== null) return [{ table: 'api', row: api.row }];
      return model === undefined ? [] : [{ table: 'models', row: model.row }];
    });
  if (gate === regimes.id)
    return taskParts
      .flatMap((taskPart) => regimeRows(taskPart, context))
      .filter((row) => row.effect !== 'checklist' && options.some((option) => covers(row, option)))
      .map(({ row }) => ({ table: 'regimes', row }));
  return options.flatMap(({ provider }) => {
    const row = tables.providerOf.get(provider);
    return row === undefined ? [] : [{ table: 'providers', row: row.row }];
  });
}

const covers = ({ allowedPlacements }: RegimeRow, { kind }: Option): boolean => allowedPlacements.includes(kind);

/** Rows that no place is turned down for, but somebody has to see to: of the regimes of each task, for its places. */
function reminders({ plan }: Reviewed, context: Context, prose: Prose): ChecklistItem[] {
  return plan.deployments.flatMap((deployment) =>
    deployment.taskParts.flatMap((taskPart) =>
      regimeRows(taskPart, context)
        .filter((row) => row.effect === 'checklist' && optionsOf(deployment).some((option) => covers(row, option)))
        .map((row) => ({
          item: row.requirement,
          because: `${row.regime} for ${taskPart.task}`,
          source: sourcesOf([{ table: 'regimes', row: row.row }], prose),
        })),
    ),
  );
}

function securityOf({ plan }: Reviewed, { tables }: Context, prose: Prose): ChecklistItem[] {
  const own = plan.deployments.flatMap(optionsOf).filter(({ kind }) => !placementOf(kind).perToken);
  return tables.regimes
    .filter((row) => row.regime === security)
    .flatMap((row) => {
      const on = own.filter((option) => covers(row, option));
      if (on.length === 0) return [];
      const places = [...new Set(on.map(({ kind, provider }) => `${kind}/${provider}`))].join(', ');
      return [
        {
          item: row.requirement,
          because: `${security} on ${places}`,
          source: sourcesOf([{ table: 'regimes', row: row.row }], prose),
        },
      ];
    });
}

const sourcesOf = (origins: readonly Origin[], prose: Prose): string =>
  [...new Set(origins.map((origin) => prose(origin).source))].filter((source) => source !== '').join('; ');
