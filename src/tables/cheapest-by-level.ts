import type { ApiRow, CapabilityRow } from './rows.js';
import type { Tables } from './tables.js';

/** The cheapest model, billed by tokens, that reaches a level: USD for a million input and a million visible output tokens. */
export type CheapestWay = {
  provider: string;
  model: string;
  family: string;
  mode: 'standard' | 'thinking';
  index: number;
  usd: number;
};
export type Level = { tier: number; name: string; fromIndex: number };

const modes = ['standard', 'thinking'] as const;

/** Capability levels as the tiers have them, each with the cheapest way there in the snapshot, or null. */
export function cheapestByLevel(tables: Tables): { level: Level; way: CheapestWay | null }[] {
  const ways = tables.api
    .filter(({ retires }) => retires === null || retires > tables.snapshot.date)
    .flatMap((row) => waysOf(row, tables))
    .sort((a, b) => a.usd - b.usd);
  return tables.tiers.map(({ tier, name, fromIndex }) => ({
    level: { tier, name, fromIndex },
    way: ways.find(({ index }) => index >= fromIndex) ?? null,
  }));
}

/** A model in the modes whose capability is known. A thinking one bills its reasoning as output. */
function waysOf(row: ApiRow, tables: Tables): CheapestWay[] {
  const capability = tables.capabilityOf.get(row.family);
  if (!capability) return [];
  const { provider, modelId: model, family, inputUsdPerMTok, outputUsdPerMTok } = row;
  return modes.flatMap((mode) => {
    const index = gatedIndex(capability, mode);
    const written = mode === 'standard' ? 1 : tokensWritten(capability, tables);
    if (index === null || written === null) return [];
    return [{ provider, model, family, mode, index, usd: inputUsdPerMTok + outputUsdPerMTok * written }];
  });
}

/** The index of a mode; its low end for models that score well above others of their size. */
function gatedIndex(row: CapabilityRow, mode: CheapestWay['mode']): number | null {
  const index = mode === 'standard' ? row.indexStandard : row.indexThinking;
  return index === null || !row.useLow ? index : index - (row.index - row.indexLow);
}

/** Tokens billed for each visible one: 1 / (1 - s), s = share of reasoning in the output x the effort of everyday work. */
function tokensWritten({ reasoningTokenShare }: CapabilityRow, { parameterOf }: Tables): number | null {
  const unknownShare = parameterOf.get('reasoningShareUnknown')?.likely;
  const effort = parameterOf.get('reasoningEffort')?.likely;
  const share = reasoningTokenShare ?? unknownShare;
  return share === undefined || effort === undefined ? null : 1 / (1 - share * effort);
}
