import type { MemoryFit } from '../capacity/memory.js';
import type { CostLine, Unpriced } from '../cost/curve.js';
import type { Staff } from '../cost/people.js';
import type { Traced } from '../formula/traced.js';
import type { HostingRow, Kind, RegimeRow } from '../tables/columns.js';
import { nameIn, regionsWithin } from '../tables/rules.js';
import type { Tables } from '../tables/tables.js';
import type { LatencyFigure, Needs, TaskPart, Workload } from '../workload/workload.js';
import { type Option, optionId, ruledKind } from './option.js';

/** The service of a task part with derivations; null: unknown. */
export type TracedService = Readonly<Record<'ttftP95Ms' | 'tokensPerSecond' | 'unitRequestsPerS', Traced | null>>;

/** What a task part would see on an option; null where the tables do not say. */
export type TaskService = {
  ttftP95Ms: number | null;
  tokensPerSecond: number | null;
  totalP95Ms: number | null;
  /**
   * Part of the first token (p95, ms) independent of queues: a long prompt alone on the machine, or a worker's start,
   * whichever is later. Left out: as the first token above.
   */
  ttftP95AloneMs?: number;
  /** Where the first token (p95) is an estimate from a median: what it may be. */
  ttftP95Band?: { low: number; high: number };
  /** Requests a second of one unit at saturation; null: the provider sizes. */
  unitRequestsPerS: number | null;
  limitedBy: string | null;
  /** Share of the users' devices that serve it within its targets; devices only. */
  shareAble?: number;
  /** Seconds of the mean request on the slowest device that runs it; devices only. */
  busyS?: number;
  /** For scale to zero: the share of requests that wait for a start, and seconds. */
  coldStarts?: { share: number; seconds: number };
};

/** What machines are split for, where an option is looked up by id. */
export type LookUpFilter = {
  /** Which task parts rules on models let a model serve. */
  serves(option: Option): boolean[];
  /** Whether a task part may run there, once it is known what it would see. */
  admitsService(option: Option, taskPart: TaskPart, service: () => TaskService): boolean;
  /** Whether there is a target on the latency of a task part (on some figure). */
  timed(taskPart: TaskPart, figure?: LatencyFigure): boolean;
};

/** A model in the memory of one replica, or of a user's device. */
export type MachineMemory = MemoryFit & { accelerator: string; gpus: number };

export type Context = {
  workload: Workload;
  tables: Tables;
};

/** One kind of place to run. The decision knows nothing else of it. */
export interface Placement {
  kind: Kind;
  title: string;
  /** Billed per token, so that nothing is paid until something runs on it. */
  perToken: boolean;
  /** Why this kind may have no option, other than for want of offers. */
  absent?: string;
  /** The option of an id, feasible or not; its machine is split for what `filter` allows, else for all. */
  lookUp(id: string, context: Context, filter?: LookUpFilter): Option | null;
  service(option: Option, taskPart: TaskPart, context: Context): TaskService | Unpriced;
  /** The same with derivations. */
  traceService(option: Option, taskPart: TaskPart, context: Context): TracedService;
  /** Memory of a task part where it runs; absent: left to the provider. */
  memory?(option: Option, taskPart: TaskPart, context: Context): MachineMemory[];
  price(option: Option, taskParts: readonly TaskPart[], context: Context): CostLine[] | Unpriced;
  /** Its staff. */
  staff(option: Option, context: Context): Staff;
}

/** Why such a product is no option: how much of it a volume takes is not known. */
export const noSizes: Unpriced = { unpriced: 'unsizable: nothing says how much a unit of this product serves' };

/** The option of an id on a product whose rate per unit is unknown; null: none. */
export function unsizableOption(
  id: string,
  kind: Kind,
  products: readonly HostingRow[],
  models: () => readonly Option[],
): Option | null {
  for (const { provider, product } of products) {
    if (!id.startsWith(`${kind}/${provider}/`)) continue;
    for (const model of models()) {
      const option = { ...model, kind, provider, instance: product, reach: 'under-contract' as const, api: null };
      if (optionId(option) === id) return { ...option, id };
    }
  }
  return null;
}

/**
 * Rows of the task's regimes for its kinds of data, reminders included. A regime's first kind is its default; narrower
 * kinds apply when the scenario names them, and one with only reminders lies outside its rules.
 */
export function regimeRows({ needs }: { needs: Needs }, { tables }: Pick<Context, 'tables'>): RegimeRow[] {
  return needs.regimes.flatMap((regime) => {
    const rows = [...tables.regimes, ...needs.ownRegimes].filter((row) => row.regime === regime);
    const named = needs.dataKinds.filter((kind) => rows.some(({ dataKind }) => dataKind === kind));
    const outside =
      named.length > 0 && rows.every(({ dataKind, effect }) => !named.includes(dataKind) || effect === 'checklist');
    const kinds = new Set(['any', ...(outside ? [] : [rows[0]?.dataKind ?? 'any']), ...named]);
    return rows.filter(({ dataKind }) => kinds.has(dataKind));
  });
}

/** The token of an endpoint that processes wherever there is room. */
export const anywhere = 'global';

type Endpoint = Pick<Option, 'kind' | 'provider' | 'region' | 'api'> & Partial<Pick<Option, 'provisioned'>>;

/**
 * Regions to which an endpoint must be bound, with those inside: the scenario's, else those of the data rules, unless
 * the provider surely offers a substitute (a tool for transfers). Null: its usual endpoint, wherever that processes.
 */
export function boundTo(
  endpoint: Endpoint,
  needs: Needs,
  context: Pick<Context, 'tables'>,
): ReadonlySet<string> | null {
  if (endpoint.region !== null) return null;
  const asked = needs.residency.length > 0 ? needs.residency : regionsByRule(endpoint, needs, context);
  if (asked.length === 0) return null;
  const regions = regionsWithin(asked, context.tables);
  return mayLeave(endpoint.provider, regions, context) && mayBind(endpoint, regions) ? regions : null;
}

/** Whether an endpoint can be bound to regions: by its scope if provisioned, else by its provider. */
function mayBind({ provisioned }: Endpoint, regions: ReadonlySet<string>): boolean {
  const offer = provisioned?.offer;
  return offer === undefined || offer.scope === 'regional' || offer.regions.some((region) => regions.has(region));
}

/** Whether an API processes in a region: bound to it, or its usual endpoint is only there. */
export function staysIn(name: string, endpoint: Endpoint, needs: Needs, context: Pick<Context, 'tables'>): boolean {
  const bound = boundTo(endpoint, needs, context);
  const within = regionsWithin([name], context.tables);
  if (bound === null) return !mayLeave(endpoint.provider, within, context);
  return bound.has(name) || [...bound].every((region) => within.has(region));
}

/** Whether the provider's usual endpoint may process elsewhere. */
function mayLeave(provider: string, regions: ReadonlySet<string>, { tables }: Pick<Context, 'tables'>): boolean {
  if (tables.serviceOf.get(provider)?.regions.includes(anywhere)) return true;
  const certain = (tables.providerOf.get(provider)?.regions ?? []).filter((token) => /^[a-z-]+$/.test(token));
  return certain.length === 0 || certain.some((region) => !regions.has(region));
}

function regionsByRule(endpoint: Endpoint, needs: Needs, context: Pick<Context, 'tables'>): string[] {
  const { provider } = endpoint;
  const kind = ruledKind(endpoint);
  return regimeRows({ needs }, context)
    .filter(({ effect, allowedPlacements }) => effect !== 'checklist' && allowedPlacements.includes(kind))
    .flatMap(({ condition }) => {
      const ways = (/\((.*)\)/.exec(condition)?.[1] ?? condition).split('|').map((way) => way.match(/[^\s&]+/g) ?? []);
      const named = ways.map((way) => way.map((token) => nameIn(token, 'region')).filter(Boolean));
      const orElse = ways.filter((_, at) => named[at]?.length === 0);
      const isOffered = orElse.some((way) => way.every((token) => offers(provider, token, needs, context)));
      return isOffered ? [] : named.flat();
    });
}

/** Whether a provider surely offers a token's requirement, or the organization has it where either counts. */
function offers(provider: string, token: string, needs: Needs, { tables }: Pick<Context, 'tables'>): boolean {
  const row = tables.providerOf.get(provider);
  const [agreement, cert, org] = ['agreement', 'cert', 'org'].map((subject) => nameIn(token, subject));
  const { signed, canSign } = needs.agreements ?? {};
  const given = (names: ReadonlySet<string> | undefined) =>
    names !== undefined && (names.has(`${agreement}`) || names.has(`${agreement}:${provider}`));
  if (org) return needs.declared.has(org);
  if (cert) return row?.certs.includes(cert) ?? false;
  if (agreement && given(signed)) return true;
  if (agreement && row?.agreements.includes(agreement) && (canSign === undefined || given(canSign))) return true;
  const implying = tables.impliedTokens.find((one) => one.token === token)?.impliedBy ?? [];
  return implying.some((other) => offers(provider, other, needs, { tables }));
}
