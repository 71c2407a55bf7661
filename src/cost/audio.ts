import { given, parameter, product, quotient, stated, type Traced } from '../formula/traced.js';
import type { ApiRow } from '../tables/rows.js';
import type { Tables } from '../tables/tables.js';
import { longestPrompt, type TaskPart, type Workload } from '../workload/workload.js';
import { imageTokens } from './images.js';

type Context = { workload: Workload; tables: Tables };
type Tokens = Pick<TaskPart, 'tokens'>;

/** Assumptions where nothing is published: tokens of a second, and the price of one over that of text. */
export const unpublishedAudio = { perSecond: 'unpublishedAudioTokens', price: 'unpublishedAudioRatio' } as const;

/** Audio tokens of a request; an assumed number a second where none is published. */
export function audioTokens(family: string, { tokens: { audioSeconds = 0 } }: Tokens, context: Context): number {
  if (audioSeconds === 0) return 0;
  const { tables, workload } = context;
  return audioSeconds * (tables.audioTokensOf.get(family)?.perSecond ?? workload.assume(unpublishedAudio.perSecond));
}

/** Tokens of a prompt beyond those of the input: of images and of audio. */
export const mediaTokens = (family: string, taskPart: Tokens, context: Context): number =>
  imageTokens(family, taskPart, context) + audioTokens(family, taskPart, context);

/** The longest prompt that a model has to hold. */
export const promptToHold = (family: string | null, taskPart: Tokens, context: Context): number =>
  longestPrompt(taskPart.tokens) + audioTokens(family ?? '', taskPart, context);

/** Prices of audio and of text at an API, as published together; null: nobody did. */
export function audioPrices({ audioInputUsdPerMTok: listed, inputUsdPerMTok, family, row }: ApiRow, tables: Tables) {
  // Audio is billed as text, which says nothing where text is free.
  if (listed !== null && inputUsdPerMTok > 0)
    return { audio: listed, text: inputUsdPerMTok, origin: { table: 'api' as const, row } };
  const known = tables.audioTokensOf.get(family);
  if (known === undefined || known.audioUsdPerMTok === null || known.textUsdPerMTok === null) return null;
  const origin = { table: 'audioTokens' as const, row: known.row };
  return { audio: known.audioUsdPerMTok, text: known.textUsdPerMTok, origin };
}

/**
 * Tokens of text that cost as much as a request's audio, which follows the price of input in tiers, batches and long
 * prompts. No cache has it.
 */
export function audioAsText(api: ApiRow, taskPart: Tokens, context: Context): number {
  const tokens = audioTokens(api.family, taskPart, context);
  if (tokens === 0) return 0;
  const known = audioPrices(api, context.tables);
  return tokens * (known === null ? context.workload.assume(unpublishedAudio.price) : known.audio / known.text);
}

/** How that comes about. */
export function tracedAudio(api: ApiRow, taskPart: TaskPart, context: Context): Traced {
  const row = context.tables.audioTokensOf.get(api.family);
  const known = audioPrices(api, context.tables);
  const usd = 'USD/1M tokens';
  return product(
    'audio, as tokens of text that cost as much',
    'tokens/request',
    stated(
      'seconds of audio',
      taskPart.tokens.audioSeconds ?? 0,
      's/request',
      `tasks.${taskPart.task}.tokens.audioSeconds`,
    ),
    row === undefined
      ? parameter('tokens of a second, which nobody published', unpublishedAudio.perSecond, context)
      : given('tokens of a second', row.perSecond, 'tokens/s', { table: 'audioTokens', row: row.row }),
    known === null
      ? parameter('price of audio over that of text, which nobody published', unpublishedAudio.price, context)
      : quotient(
          'price of audio over that of text',
          'ratio',
          given('price of audio', known.audio, usd, known.origin),
          given('price of text', known.text, usd, known.origin),
        ),
  );
}
