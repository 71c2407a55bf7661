import type { Machine } from './machines.js';

/** Requests by number; the simulation fills in when the first token came and when the last. */
export type Requests = {
  input: Int32Array;
  output: Int32Array;
  hitTokens: number;
  firstS: Float64Array;
  doneS: Float64Array;
  preemptions: number;
};

const waitingState = 0;
const prefilling = 1;
const decoding = 2;
const finished = 3;

/** One replica: `endS` is when what it does now ends; `arrive` a request after `advance` to that time. */
export type Replica = {
  endS: number;
  /** Requests on it, waiting or not. */
  present: number;
  advance(untilS: number): void;
  arrive(request: number, atS: number): void;
};

/**
 * Continuous batching, iteration by iteration: every sequence in decode gets a token, what is left of the chunk goes to
 * prompts in order of arrival; a prompt starts when its whole context has room below 99 % of the cache. When decode runs
 * out of room the youngest sequence gives up its cache and is computed again, before all that wait. Iterations in which
 * nothing but decode can happen are taken in one leap to the next arrival, completion or lack of room (`leaps`), which changes nothing but the time the simulation takes.
 */
export function replica(of: Machine, requests: Requests, leaps = true): Replica {
  const { input, output, hitTokens, firstS, doneS } = requests;
  const total = input.length;
  const state = new Uint8Array(total);
  const made = new Int32Array(total);
  const progress = new Int32Array(total);
  const lastIteration = new Float64Array(total);
  const queue = new Int32Array(total);
  let head = 0;
  let tail = 0;
  const sentBack: number[] = [];
  let order: number[] = [];
  const heap: number[] = [];
  let nowS = 0;
  let iteration = 0;
  let decodes = 0;
  let contexts = 0;
  let used = 0;
  let running = 0;
  let partial = -1;
  let steps = 0;
  let leapBase = 0;
  let blocked = false;
  let ending: number[] = [];

  const weightsS = (decoding: number, prompt: number): number =>
    of.expertsS === 0
      ? of.sharedS
      : of.sharedS + of.expertsS * (1 - of.untouched ** (decoding ** of.diversity + prompt));
  const leapS = (count: number): number =>
    count * leapBase + of.cacheS * (count * contexts + (decodes * count * (count - 1)) / 2);

  function push(request: number): void {
    let at = heap.length;
    heap.push(request);
    const key = lastIteration[request] as number;
    while (at > 0) {
      const up = (at - 1) >> 1;
      if ((lastIteration[heap[up] as number] as number) <= key) break;
      heap[at] = heap[up] as number;
      at = up;
    }
    heap[at] = request;
  }
  function pop(): void {
    const moved = heap.pop() as number;
    const size = heap.length;
    if (size === 0) return;
    const key = lastIteration[moved] as number;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      if (
        child + 1 < size &&
        (lastIteration[heap[child + 1] as number] as number) < (lastIteration[heap[child] as number] as number)
      )
        child++;
      if ((lastIteration[heap[child] as number] as number) >= key) break;
      heap[at] = heap[child] as number;
      at = child;
    }
    heap[at] = moved;
  }

  function sendBack(): void {
    for (;;) {
      const request = order.pop() as number;
      if (state[request] === decoding) {
        made[request] = (output[request] as number) - ((lastIteration[request] as number) - iteration);
        const context = (input[request] as number) + (made[request] as number);
        decodes--;
        contexts -= context;
        used -= context + of.stateTokens;
        const at = heap.indexOf(request);
        // Rare: build the heap again without it.
        const rest = heap.slice(0, at).concat(heap.slice(at + 1));
        heap.length = 0;
        for (const each of rest) push(each);
      } else if (state[request] === prefilling) {
        used -= (input[request] as number) + (made[request] as number) + of.stateTokens;
        if (partial === request) partial = -1;
      } else continue;
      state[request] = waitingState;
      running--;
      sentBack.push(request);
      requests.preemptions++;
      return;
    }
  }

  /** Decides what happens next and when it ends. */
  function plan(): void {
    ending = [];
    blocked = false;
    if (running === 0 && head === tail && sentBack.length === 0) {
      steps = 0;
      self.endS = Number.POSITIVE_INFINITY;
      return;
    }
    let pushedOut = false;
    while (used + decodes > of.roomTokens && running > 1) {
      sendBack();
      pushedOut = true;
    }
    let budget = of.chunkTokens - decodes;
    let prompt = 0;
    let attention = 0;
    const take = (request: number): void => {
      const from = progress[request] as number;
      const whole = (input[request] as number) + (made[request] as number);
      const to = Math.min(whole, from + budget);
      prompt += to - from;
      budget -= to - from;
      attention += of.attentionS * (to * to - from * from);
      progress[request] = to;
      if (to === whole) ending.push(request);
      partial = to === whole ? -1 : request;
    };
    if (partial >= 0 && budget > 0) take(partial);
    while (!pushedOut && budget > 0 && partial < 0) {
      const fromBack = sentBack.length > 0;
      if (!fromBack && head === tail) break;
      const request = fromBack ? (sentBack[sentBack.length - 1] as number) : (queue[head] as number);
      const whole = (input[request] as number) + (made[request] as number);
      if (running > 0 && (running >= of.maxSequences || used + whole + of.stateTokens > 0.99 * of.roomTokens)) {
        blocked = true;
        break;
      }
      if (fromBack) sentBack.pop();
      else head++;
      used += whole + of.stateTokens;
      running++;
      state[request] = prefilling;
      if (order.length > 4 * running + 64) {
        order = order.filter((each) => state[each] === decoding || state[each] === prefilling);
      }
      order.push(request);
      progress[request] = Math.min(hitTokens, whole - 1);
      take(request);
    }
    const compute = decodes * of.decodeS + prompt * of.prefillS;
    leapBase =
      of.fixedS +
      decodes * of.sequenceS +
      weightsS(decodes, prompt) +
      compute +
      (decodes + prompt) * of.linkS +
      attention;
    steps = 1;
    if (leaps && prompt === 0 && decodes > 0 && !pushedOut) {
      const toFinish = (lastIteration[heap[0] as number] as number) - iteration;
      const room = Math.floor((of.roomTokens - used) / decodes);
      steps = Math.max(1, Math.min(toFinish, room));
    }
    self.endS = nowS + leapS(steps);
  }

  /** What was planned has happened. */
  function commit(): void {
    nowS = self.endS;
    iteration += steps;
    contexts += decodes * steps;
    used += decodes * steps;
    while (heap.length > 0 && (lastIteration[heap[0] as number] as number) <= iteration) {
      const request = heap[0] as number;
      pop();
      const context = (input[request] as number) + (output[request] as number);
      decodes--;
      contexts -= context;
      used -= context + of.stateTokens;
      finish(request);
    }
    for (const request of ending) {
      made[request] = (made[request] as number) + 1;
      if (Number.isNaN(firstS[request])) firstS[request] = nowS;
      const context = (input[request] as number) + (made[request] as number);
      if (made[request] === output[request]) {
        used -= context - 1 + of.stateTokens;
        finish(request);
        continue;
      }
      state[request] = decoding;
      decodes++;
      contexts += context;
      used += 1;
      lastIteration[request] = iteration + (output[request] as number) - (made[request] as number);
      push(request);
    }
  }

  function finish(request: number): void {
    state[request] = finished;
    doneS[request] = nowS;
    running--;
    self.present--;
  }

  const self: Replica = {
    endS: Number.POSITIVE_INFINITY,
    present: 0,
    advance(untilS) {
      while (self.endS <= untilS) {
        commit();
        plan();
      }
    },
    arrive(request, atS) {
      queue[tail++] = request;
      self.present++;
      if (self.endS === Number.POSITIVE_INFINITY) {
        nowS = atS;
        plan();
      } else if (steps > 1 && !blocked) {
        // The leap ends with the iteration that is under way.
        const square = (of.cacheS * decodes) / 2;
        const linear = leapBase + of.cacheS * contexts - square;
        const spent = atS - nowS;
        const count = (2 * spent) / (linear + Math.sqrt(linear * linear + 4 * square * spent));
        steps = Math.min(steps, Math.max(1, Math.ceil(count - 1e-9)));
        self.endS = nowS + leapS(steps);
      }
    },
  };
  return self;
}
