import { mediaTokens, promptToHold } from '../cost/audio.js';
import type { Context } from '../places/placement.js';
import { reasoningTokens } from '../places/tokens-written.js';
import { context as contextRule } from '../rules/model.js';
import { speed, totalTime, ttft } from '../rules/service.js';
import { msPerSecond } from '../units/clock.js';
import { isAtLeast, isAtMost } from '../units/float.js';
import { latestTtftMs, mustSee, onlyPart } from '../workload/workload.js';
import type { Apis } from './apis.js';
import { bitOf } from './verdicts.js';

/** By API: bits of rules on context and latency, and the first token (p95, ms; NaN: unknown). */
export type ApiService = { bits: Int32Array; firstTokenMs: Float64Array };

/** Latency of every API and the rules on it, as in `places/token-api.ts`. */
export function apiService(apis: Apis, context: Context): ApiService {
  const { workload, tables } = context;
  const taskPart = onlyPart(workload);
  const { tokens, needs } = taskPart;
  const ratio = workload.assume('apiTtftP95OverP50');
  const perPromptMs = (workload.assume('apiTtftExtraPer1kPromptTokens') / 1000) * msPerSecond;
  const band = tables.parameterOf.get('apiTtftP95OverP50');
  const must = mustSee(needs, 'ttftP95Ms');
  const isUsers = must !== null && must === needs.ttftP95Ms?.value && band !== undefined;
  const mostMs = mustSee(needs, 'totalP95Ms');
  const leastPerSecond = mustSee(needs, 'tokensPerSecond');
  const latest = latestTtftMs(taskPart, workload);
  const tooLong = bitOf(contextRule.id);
  const late = bitOf(ttft.id);
  const slow = bitOf(speed.id);
  const long = bitOf(totalTime.id);
  const found = { bits: new Int32Array(apis.count), firstTokenMs: new Float64Array(apis.count) };
  for (let api = 0; api < apis.count; api++) {
    const option = apis.option[api] as (typeof apis.option)[number];
    const thought = reasoningTokens(option, taskPart, workload);
    const written = tokens.output + thought;
    const media = mediaTokens(option.family, taskPart, context);
    const perSecond = apis.perSecond[api] as number;
    const restMs = (tokens.input + media) * perPromptMs + (thought === 0 ? 0 : (thought / perSecond) * msPerSecond);
    const first = (apis.firstTokenMs[api] as number) * ratio + restMs;
    found.firstTokenMs[api] = first;
    let bits = 0;
    if (
      !((apis.contextTokens[api] as number) >= promptToHold(option.family, taskPart, context) + written) ||
      written > (apis.maxOutput[api] as number)
    )
      bits |= tooLong;
    if (latest !== null && first > latest && !isAtMost(first, latest)) bits |= late;
    else if (must !== null && !isAtMost(first, must)) {
      // A target of the user within what an estimate may be is to be measured.
      const low = (apis.firstTokenMs[api] as number) * (band?.low ?? ratio) + restMs;
      if (!isUsers || !isAtMost(low, must)) bits |= late;
    }
    if (leastPerSecond !== null && !isAtLeast(perSecond, leastPerSecond)) bits |= slow;
    if (mostMs !== null && !isAtMost(first + (tokens.output / perSecond) * msPerSecond, mostMs)) bits |= long;
    found.bits[api] = bits;
  }
  return found;
}
