import { given, parameter, predicted, product, quotient, stated, type Traced } from '../formula/traced.js';
import type { ApiRow, ImageTokenRow } from '../tables/columns.js';
import type { Tables } from '../tables/tables.js';
import { remembering } from '../units/memo.js';
import { hoursPerDay, secondsPerHour } from '../units/month.js';
import { distinctOf, waitingOf } from '../workload/load.js';
import { type Images, longestPrompt, type TaskPart, type Workload } from '../workload/workload.js';

type ImageTables = Pick<Tables, 'imageTokensOf' | 'imageTokens' | 'capabilityOf' | 'modelOf'>;
type ImageContext = { tables: ImageTables & Pick<Tables, 'parameterOf'>; workload: Pick<Workload, 'assume'> };

/** Whether a model takes images of which nobody published how many tokens it counts. */
export function isUnpublished(family: string, { imageTokensOf, capabilityOf, modelOf }: ImageTables): boolean {
  const modalities = (capabilityOf.get(family) ?? modelOf.get(family))?.modalities;
  return modalities?.includes('image') === true && !imageTokensOf.has(family);
}

/**
 * Input tokens of a request for images beyond those in the input; below 0 where the model counts fewer. An unpublished
 * count lies between the fewest and the most known; a model without images counts what the input has.
 */
export function imageTokens(
  family: string,
  { tokens: { images } }: Pick<TaskPart, 'tokens'>,
  context: ImageContext,
): number {
  if (images === null) return 0;
  const each = isUnpublished(family, context.tables)
    ? unpublished(images, context)
    : (context.tables.imageTokensOf.get(family)?.[images.size] ?? images.counted);
  return images.count * (each - images.counted);
}

const place = 'unpublishedImageTokens';

function unpublished({ size }: Images, { tables, workload }: ImageContext): number {
  const { least, most } = knownFor(size, tables);
  return least + workload.assume(place) * (most - least);
}

/** The fewest and most known tokens for an image of a size, with the row of the most. */
export function knownFor(
  size: Images['size'],
  { imageTokens }: Pick<Tables, 'imageTokens'>,
): { least: number; most: number; mostOf: ImageTokenRow | null } {
  let [least, mostOf]: [number, ImageTokenRow | null] = [Number.POSITIVE_INFINITY, null];
  for (const row of imageTokens) {
    least = Math.min(least, row[size]);
    if (mostOf === null || row[size] > mostOf[size]) mostOf = row;
  }
  return mostOf === null ? { least: 0, most: 0, mostOf } : { least, most: mostOf[size], mostOf };
}

/** How `imageTokens` comes about. */
export function tracedImages(family: string, taskPart: TaskPart, context: ImageContext): Traced {
  const { images } = taskPart.tokens;
  return predicted(
    'image tokens beyond those in the input',
    imageTokens(family, taskPart, context),
    'tokens/request',
    'images x (tokens of the model for one - tokens the input has for one)',
    [
      given('images', images?.count ?? 0, 'images/request'),
      ...(images === null ? [] : [tracedEach(family, images, context)]),
      given('tokens the input has for one', images?.counted ?? 0, 'tokens/image'),
    ],
  );
}

function tracedEach(family: string, images: Images, context: ImageContext): Traced {
  const { tables, workload } = context;
  const row = tables.imageTokensOf.get(family);
  const label = 'tokens of one image';
  if (row !== undefined) return given(label, row[images.size], 'tokens/image', { table: 'imageTokens', row: row.row });
  if (!isUnpublished(family, tables)) return given(label, images.counted, 'tokens/image');
  const { least, most, mostOf } = knownFor(images.size, tables);
  return predicted(
    `${label}, which nobody published`,
    unpublished(images, context),
    'tokens/image',
    'fewest of any model that is known + place in the range x (most - fewest)',
    [
      given('fewest of any model that is known', least, 'tokens/image'),
      given(
        'most of any model that is known',
        most,
        'tokens/image',
        ...(mostOf === null ? [] : [{ table: 'imageTokens' as const, row: mostOf.row }]),
      ),
      parameter('place in that range', place, { workload, tables }),
    ],
  );
}

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

/** Requests of an average month by requests a day. */
export type Requests = (requestsPerDay: number) => number;

/** Requests in the months in which caching pays. */
export type Caching = {
  life: CacheLife;
  /** Those that find their prefix in the provider's cache. */
  hits: Requests;
  /** Those that look for it; null: all of them, at every volume. */
  looking: Requests | null;
};

/** How long a provider keeps a prefix: the usual minutes, or the hour that it also sells. */
export type CacheLife = 'promptCacheLifeS' | 'promptCacheLongLifeS';

/** Share of turns that find the previous turn in the cache, with exponential gaps: 1 - exp(-life / mean gap). */
export const sessionHits = (
  { tokens }: Pick<TaskPart, 'tokens'>,
  life: CacheLife,
  { assume }: Pick<Workload, 'assume'>,
): number => tokens.cacheHitRate ?? 1 - Math.exp(-assume(life) / assume('turnGapS'));

type Month = { requests: number; hits: number };

/**
 * Hits of a prefix shared by all requests, by the least share of hits at which caching pays; null where it never does.
 *
 * With Poisson arrivals at the hour's rate r a prefix is still cached with probability 1 - exp(-r x life), which rises
 * with the volume. Every month is computed by itself; `weights`: its prices over their mean, null where all are equal.
 * Work that may wait is sent as it arrives or in the hours that keep its deadline, whichever hits more.
 */
export function cacheHits(
  taskPart: Pick<TaskPart, 'tokens' | 'hours' | 'waits'>,
  { growth, hoursPerMonth, assume }: Workload,
  life: CacheLife,
): (payingShare: number, weights: readonly number[] | null) => Caching | null {
  const lifeHours = assume(life) / secondsPerHour;
  const given = taskPart.tokens.cacheHitRate;
  const ways = [...new Set([taskPart.hours, waitingOf(taskPart).arrivals])].map((hours) => ({
    hoursAtEach: hoursPerMonth / hours.length,
    ...distinctOf(hours),
  }));
  const monthly = remembering((requestsPerDay: number) =>
    Array.from(growth, (factor) => monthOf(requestsPerDay * factor)),
  );
  const known = new Map<string, Caching>();
  return (payingShare, weights) => {
    if (given === null ? payingShare >= 1 : given < payingShare) return null;
    const always = payingShare <= (given ?? 0);
    const key = `${always ? '' : payingShare} ${weights?.join() ?? ''}`;
    let found = known.get(key);
    if (found === undefined) {
      found = caching(always ? 0 : payingShare, weights);
      known.set(key, found);
    }
    return found;
  };

  /** One month at a volume of its own. */
  function monthOf(requestsPerDay: number): Month {
    const [first, second] = ways.map((way) => monthIn(way, requestsPerDay)) as [Month, Month?];
    return second !== undefined && second.hits > first.hits ? { ...first, hits: second.hits } : first;
  }

  function monthIn({ hoursAtEach, multiple, count }: (typeof ways)[number], requestsPerDay: number): Month {
    let requests = 0;
    let hits = 0;
    for (let i = 0; i < multiple.length; i++) {
      const perHour = (requestsPerDay * (multiple[i] as number)) / hoursPerDay;
      const there = hoursAtEach * (count[i] as number) * perHour;
      requests += there;
      hits += there * (given ?? 1 - Math.exp(-perHour * lifeHours));
    }
    return { requests, hits };
  }

  function caching(payingShare: number, weights: readonly number[] | null): Caching {
    const sumOf = (of: 'requests' | 'hits') =>
      remembering((requestsPerDay: number) => {
        let sum = 0;
        for (const [month, there] of monthly(requestsPerDay).entries()) {
          if (there.hits >= payingShare * there.requests) sum += (weights?.[month] ?? 1) * there[of];
        }
        return sum / growth.length;
      });
    return { life, hits: sumOf('hits'), looking: payingShare === 0 ? null : sumOf('requests') };
  }
}

/** Largest rise of hits for one request more: d(x (1 - e^-x)) / dx at x = 2 arrivals within the cache's life. */
const steepest = 1 + Math.exp(-2);

/**
 * Whether a bill may fall as requests grow, because more of them hit the shared prefix: a further request adds at least
 * its rest and prefix x (miss - steepest x (miss - hit)). Only the prefix is taken at the tier of long prompts.
 */
export function mayFall(
  tokens: Pick<TaskPart['tokens'], 'input' | 'prefix' | 'history' | 'output' | 'cacheHitRate'>,
  row: Pick<
    ApiRow,
    | 'inputUsdPerMTok'
    | 'outputUsdPerMTok'
    | 'cachedInputUsdPerMTok'
    | 'cacheWriteUsdPerMTok'
    | 'cacheWrite1hUsdPerMTok'
    | 'tierInputUsdPerMTok'
  >,
): boolean {
  const { input, prefix, history, output, cacheHitRate } = tokens;
  const hit = row.cachedInputUsdPerMTok;
  if (hit === null || prefix === history || cacheHitRate !== null) return false;
  const write = row.cacheWriteUsdPerMTok ?? row.inputUsdPerMTok;
  const miss = Math.max(write, row.cacheWrite1hUsdPerMTok ?? 0);
  const fresh = Math.min(write, row.inputUsdPerMTok);
  const rest = (input - prefix) * fresh + history * Math.min(hit, fresh) + output * row.outputUsdPerMTok;
  const longest = Math.max(1, (row.tierInputUsdPerMTok ?? 0) / row.inputUsdPerMTok);
  return rest < longest * (prefix - history) * (steepest * (miss - hit) - miss);
}
