import { type ProseNames, proseNames } from '../places/names.js';
import type { TuningRow } from '../tables/rows.js';
import { learnsFromExamples, leavesRegions, trainingUsdPerMTok, tuningOf } from '../tables/tuning.js';
import type { TaskPart } from '../workload/workload.js';
import { condition, failed, type Gate, passed, unknown, type Verdict } from './rule.js';
import { untunedTurn } from './turns.js';

const need = 'serves a model tuned for the purpose';

/**
 * A tuned model is a set of own weights: any machine loads them, an API serves them by the tables of tuning for its
 * provider and model. The unknown is a to-do.
 */
export const fineTuning: Gate = {
  id: 'fine-tuning',
  level: 'model',
  asks: ({ needs }) => needs.fineTuning,
  check(option, taskPart, { tables }) {
    if (!taskPart.needs.fineTuning || option.license !== 'hosted') return passed;
    const { provider, model } = proseNames(option, tables);
    if (option.provisioned !== null)
      return unknown(() => ({
        need,
        reason: `ask ${provider} whether provisioned throughput serves a tuned ${model}`,
      }));
    const row = tuningOf(option, taskPart.needs.residency, tables);
    if (row === null) return toDo([`confirm that ${provider} serves a tuned ${model}, and at what price`]);
    const why = reasonAgainst(row, taskPart);
    if (why !== null)
      return failed(() => ({
        need,
        have: 'no tuned model by the token',
        reason: `${provider} ${why(model)} (tuning.csv, as of ${row.asOf})`,
        turnsAt: untunedTurn(taskPart),
      }));
    const todos = toConfirm(row, taskPart, { provider, model });
    return todos.length === 0 ? passed : toDo(todos);
  },
};

const toDo = (todos: readonly string[]): Verdict =>
  condition(() => ({ need, have: 'as far as the tables say', todos }));

/** What a provider does, by the tables, that excludes a tuned model by the token; null: nothing. */
function reasonAgainst(row: TuningRow, { needs: { residency } }: TaskPart): ((model: string) => string) | null {
  const { offered, ends, servingMode, servingHourlyUsdHigh } = row;
  if (offered === 'closing')
    return () => `takes no new customers for tuned models${ends === null ? '' : `, and trains none after ${ends}`}`;
  if (offered === 'deprecated') return () => 'no longer supports its service of tuned models';
  if (offered === 'no' && servingMode !== 'serverless_lora') return (model) => `serves no tuned ${model}`;
  if (servingMode === 'dedicated_hourly')
    return (model) => `serves a tuned ${model} on machines by the hour, not by the token`;
  if (servingMode === 'hourly_plus_tokens' && servingHourlyUsdHigh === null)
    return (model) => `serves a tuned ${model} at a price by the hour that is not in the tables`;
  if (leavesRegions(row, residency))
    return (model) => `trains and keeps a tuned ${model} outside ${residency.join(', ')}`;
  return null;
}

/** What has to be confirmed where the tables say too little, or on weak grounds. */
function toConfirm(
  row: TuningRow,
  { needs: { residency }, tuningUsd }: TaskPart,
  { provider, model }: Pick<ProseNames, 'provider' | 'model'>,
): string[] {
  const { offered, methods, servingMode, dataInRegion, confidence, asOf } = row;
  const { servingInputUsdPerMTok: input, servingOutputUsdPerMTok: output } = row;
  if (offered === 'no')
    return [
      `tune ${model} elsewhere, and confirm that ${provider} serves the adapter and at what price: it trains none itself`,
    ];
  const isByExample = learnsFromExamples(row);
  const doubt = isByExample ? `the source of ${asOf} is weak` : `the tables know of ${methods.join(', ')} alone`;
  return [
    ...(confidence === 'low' || servingMode === null || !isByExample
      ? [`confirm that ${provider} tunes ${model} to examples and serves it by the token: ${doubt}`]
      : []),
    ...(trainingUsdPerMTok(row) === null && tuningUsd === undefined
      ? [
          `ask ${provider} what training ${model} costs: the tables do not know, so the bill has the highest price that they know of any`,
        ]
      : []),
    ...((servingMode === 'uplift' || input !== null || output !== null) && (input === null || output === null)
      ? [`ask ${provider} what a tuned ${model} costs by the token: it is billed like its base here`]
      : []),
    ...(residency.length > 0 && dataInRegion !== 'yes' && dataInRegion !== 'us_only'
      ? [`have ${provider} train and keep the tuned ${model} in ${residency.join(', ')}`]
      : []),
  ];
}
