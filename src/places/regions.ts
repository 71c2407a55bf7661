import { nameIn, regionsWithin } from '../tables/claim-words.js';
import type { RegimeRow } from '../tables/rows.js';
import type { Needs } from '../workload/workload.js';
import { type Option, ruledKind } from './option.js';
import type { Context } from './placement.js';

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
