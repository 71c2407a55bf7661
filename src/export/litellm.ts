import { isUnpriced } from '../cost/curve.js';
import { highestLoadOf } from '../cost/fleet.js';
import { batchPrice, tierPrice } from '../cost/tokens.js';
import { machinesOf } from '../decide/plan.js';
import type { Context } from '../places/placement.js';
import { unitsOfStep } from '../places/provisioned.js';
import { placementOf } from '../places/registry.js';
import { pricedTiers } from '../tables/catalog-columns.js';
import { rounded } from '../units/numeric.js';
import type { TaskPart } from '../workload/workload.js';
import {
  type Exported,
  headOf,
  machinePrice,
  modeRemark,
  nameAt,
  type Place,
  protocolOf,
  type Remark,
  requestedModel,
  routesOf,
  type Target,
  variable,
  yamlText,
} from './places.js';

/** One model of the proxy; the parameters are what `litellm.completion` takes. */
type Entry = {
  model_name: string;
  litellm_params: Record<string, string | number | Record<string, string>>;
  model_info: { id: string; mode: 'chat' };
};

const perMillion = 1e6;
/** Requests of a minute are counted by the proxy. */
const secondsPerMinute = 60;

/** The configuration of the proxy: a model for every task, with its place and a fallback. */
export const litellm: Target = {
  title: 'LiteLLM proxy configuration',
  files(exported) {
    const { places, context } = exported;
    const entries: Entry[] = [];
    const remarks: Remark[] = [];
    const fallbacks: Record<string, string[]>[] = [];
    const notes: string[] = [];
    for (const route of routesOf(places, context)) {
      for (const { name, place, taskPart } of route.fallback === null ? [route] : [route, route.fallback]) {
        if (place.option.onDevices !== null) {
          notes.push(`${name} runs on the users' devices: the app decides what reaches this proxy`);
          continue;
        }
        remarks.push({ at: ['model_list', entries.length], lines: remarksOn(taskPart, place, context) });
        entries.push({
          model_name: name,
          litellm_params: {
            ...parametersOf(place, context),
            ...((place.server !== null || place.option.provisioned !== null) &&
              route.fallback?.place.second === 'overflow' && { rpm: requestsPerMinute(place, taskPart, context) }),
          },
          model_info: { id: name, mode: 'chat' },
        });
      }
      if (route.fallback !== null) fallbacks.push({ [route.name]: [route.fallback.name] });
    }
    if (entries.length === 0) return [];
    const budget = context.workload.rules.budgetMonthlyUsd;
    const value = {
      model_list: entries,
      router_settings: { routing_strategy: 'simple-shuffle', num_retries: 2, allowed_fails: 3, cooldown_time: 30 },
      litellm_settings: {
        ...(fallbacks.length > 0 && { fallbacks }),
        drop_params: true,
        ...(budget !== null && { max_budget: budget, budget_duration: '30d' }),
      },
      general_settings: { master_key: 'os.environ/LITELLM_MASTER_KEY' },
    };
    const variables = [...JSON.stringify(value).matchAll(/os\.environ\/(\w+)/g)].map(([, name]) => name as string);
    const asked = places.flatMap(({ option }) => nameAt(context.tables, 'litellm', 'fill', option.provider) ?? []);
    const head = [
      ...headOf(this.title, exported, [...variables, ...asked]),
      ...notes,
      ...unexpressed(exported, fallbacks.length),
    ];
    return [{ path: 'litellm.yaml', text: yamlText(head, value, remarks) }];
  },
};

function parametersOf(place: Place, context: Context): Entry['litellm_params'] {
  const { tables } = context;
  const { option, server } = place;
  const price = server === null && option.provisioned === null ? null : machinePrice(place, context);
  const perToken = price && { input_cost_per_token: price.input, output_cost_per_token: price.output };
  if (server !== null) {
    const engine = server.engine.row.engine;
    const base = variable(place.name);
    return {
      model: `${nameAt(tables, 'litellm', 'provider', engine) ?? protocolOf(tables, 'litellm')}/${place.name}`,
      api_base: `os.environ/${base}_API_BASE`,
      api_key: `os.environ/${base}_API_KEY`,
      ...perToken,
    };
  }
  const provider = nameAt(tables, 'litellm', 'provider', option.provider);
  const key = nameAt(tables, 'litellm', 'key', option.provider);
  const base = nameAt(tables, 'litellm', 'base', option.provider);
  const own = variable(option.provider);
  const [header, value] =
    option.provisioned === null ? [] : (nameAt(tables, 'provisioned', 'header', option.provider)?.split(': ') ?? []);
  return {
    model: `${provider ?? protocolOf(tables, 'litellm')}/${requestedModel(place, context)}`,
    // For a provider unknown to the proxy the endpoint is needed.
    ...(provider === null && { api_base: `os.environ/${own}_API_BASE`, api_key: `os.environ/${own}_API_KEY` }),
    ...(base !== null && { api_base: `os.environ/${base}` }),
    ...(key !== null && { api_key: `os.environ/${key}` }),
    ...(header !== undefined && value !== undefined && { extra_headers: { [header]: value } }),
    ...(perToken ?? (option.api !== null && listPrices(option.api))),
  };
}

/** USD per token of the list; what it does not say is left out. */
function listPrices(row: NonNullable<Place['option']['api']>): Record<string, number> {
  const prices = {
    input_cost_per_token: row.inputUsdPerMTok,
    output_cost_per_token: row.outputUsdPerMTok,
    cache_read_input_token_cost: row.cachedInputUsdPerMTok,
    cache_creation_input_token_cost: row.cacheWriteUsdPerMTok,
  };
  return Object.fromEntries(
    Object.entries(prices).flatMap(([name, usd]) => (usd === null ? [] : [[name, rounded(usd / perMillion)]])),
  );
}

/** Requests a minute that the machines of a task part, or purchased throughput, are sized for; more overflows. */
function requestsPerMinute(place: Place, wanted: TaskPart, context: Context): number {
  const { option, taskParts, deployment } = place;
  const loads = taskParts.map((taskPart) => {
    const seen = placementOf(option.kind).service(option, taskPart, context);
    const saturated = isUnpriced(seen) ? 0 : (seen.unitRequestsPerS ?? 0);
    const rate = saturated * (option.provisioned === null ? highestLoadOf(taskPart, context.workload) : 1);
    return { taskPart, rate, machines: rate === 0 ? 0 : taskPart.requestsPerDay / rate };
  });
  const all = loads.reduce((sum, { machines }) => sum + machines, 0);
  const own = loads.find(({ taskPart }) => taskPart === wanted);
  const machines = machinesOf(deployment, context.workload.requestsPerDay);
  const held = own === undefined || all === 0 ? 0 : machines * (own.machines / all) * own.rate;
  return Math.max(1, Math.floor(held * secondsPerMinute));
}

const behind = { overflow: 'takes what exceeds the machines', failover: 'while the first provider is down' } as const;

function remarksOn({ cut }: TaskPart, place: Place, context: Context): string[] {
  const { option, second, lines, deployment } = place;
  const units = machinesOf(deployment, context.workload.requestsPerDay) * unitsOfStep(option);
  const tariffs = new Set(lines.flatMap(({ tariffs = [] }) => tariffs));
  return [
    second === null ? option.id : `${option.id}: ${behind[second]}`,
    ...(cut === undefined ? [] : [`requests: ${cut.when}`]),
    ...(tariffs.has(batchPrice) ? ['the plan pays the price for work that may wait: send it by the batch API'] : []),
    ...pricedTiers
      .filter((tier) => tariffs.has(tierPrice(tier)))
      .map((tier) => `the plan pays the price of a service tier: send requests with service_tier: ${tier}`),
    ...(option.provisioned === null
      ? []
      : [`provisioned throughput, a deployment of its own: ${units} ${option.provisioned.offer.unit.toUpperCase()}`]),
    ...modeRemark(place),
  ];
}

/** What the plan does and this file cannot. */
function unexpressed({ plan, places }: Exported, fallbacks: number): string[] {
  const inTurn = plan.deployments.some(({ taskParts }) => taskParts.some(({ cut }) => cut?.shape === 'cascade'));
  return [
    ...(inTurn
      ? [
          'cascade: the proxy does not judge answers; the caller asks the second model where the first is not good enough',
        ]
      : []),
    ...(fallbacks > 0
      ? []
      : plan.deployments.some(({ second }) => second !== undefined)
        ? ['no fallbacks: a rule keeps each task from the second place that the plan has']
        : ['no fallbacks: the plan has one place for each request']),
    ...(places.some(({ server, option }) => server !== null || option.provisioned !== null)
      ? [
          'prices of own machines and of provisioned throughput are their mean monthly cost over the tokens of the plan, without people',
        ]
      : []),
    ...(places.some(({ option }) => option.api !== null && option.provisioned === null)
      ? ['prices of APIs are the list: surcharges of regions, long prompts and hours of the day are not in them']
      : []),
  ];
}
