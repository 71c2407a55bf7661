/**
 * What a row of playbook.csv may speak of: facts of a plan, and facts of what there are several of, one step each. The
 * decision fills them in; a fact that does not hold or is not known is null.
 */
export type FactType = 'flag' | 'number' | 'text' | 'date';

/** Facts of the whole plan. Money is USD a month unless the name says otherwise, durations are weeks. */
export const planFacts = {
  /** No plan meets the rules. */
  nothingFits: 'flag',
  /** Today's option is the plan; another is; the scenario names none. */
  stays: 'flag',
  moves: 'flag',
  fresh: 'flag',
  /** Weights of one's own run somewhere; something is billed per token; and nothing else is. */
  ownWeights: 'flag',
  perToken: 'flag',
  allPerToken: 'flag',
  /** More than one place; two places for one task; routes by task. */
  hybrid: 'flag',
  sameTask: 'flag',
  /** Data under a regime, or narrower than anywhere. */
  regulated: 'flag',
  teamGiven: 'flag',
  rateLimitBites: 'flag',
  egressBites: 'flag',
  profileAssumed: 'flag',
  crossNow: 'flag',
  crossLater: 'flag',
  crossNever: 'flag',
  plan: 'text',
  planCost: 'number',
  upfrontCost: 'number',
  requestsPerDay: 'number',
  horizonMonths: 'number',
  today: 'text',
  todayBill: 'number',
  /** Only where today's bill is below the plan and list prices of today's way are above it: those, and what the plan costs more. */
  todayList: 'number',
  dearer: 'number',
  savings: 'number',
  paybackMonth: 'number',
  /** USD for the weeks of the parallel run: of both ways, or of the plan alone where today's bill is not known. */
  parallelCost: 'number',
  /** The cheapest feasible plan on per-token APIs, where it is not the plan itself, and USD for the prototype's weeks on it. */
  prototype: 'text',
  prototypeCost: 'number',
  prototypePlanCost: 'number',
  /** It comes first, and data ask for agreements or settings there. */
  prototypeOpen: 'flag',
  fteNeeded: 'number',
  fteFree: 'number',
  fteMissing: 'number',
  cashExtra: 'number',
  /** Agreements and settings that data ask for, in words; null: nothing to arrange. */
  agreements: 'text',
  checklistCount: 'number',
  /** The largest part of the bill. */
  largestPart: 'text',
  largestCost: 'number',
  largestShare: 'number',
  profile: 'text',
  routes: 'text',
  apiProviders: 'text',
  apiPeakPerMinute: 'number',
  egressCost: 'number',
  egressShare: 'number',
  /** Requests a day from which on the plan costs less than today's way, and the month that reaches them. */
  crossVolume: 'number',
  crossMonth: 'number',
  commitOn: 'date',
  /** The next rung of the ladder, and below which volume another plan is cheaper. */
  nextVolume: 'number',
  nextPlan: 'text',
  nextMonth: 'number',
  nextOn: 'date',
  growth: 'number',
  belowVolume: 'number',
  belowPlan: 'text',
  exitCost: 'number',
  resaleValue: 'number',
  lockIn: 'text',
  horizonEnd: 'date',
  /** From which day on real requests may go to the places of the plan: what data ask for is settled. */
  realDataFrom: 'date',
  /** The last whole bill by the day of the step, and its month, counted from the day of the decision. */
  lastBill: 'number',
  lastBillMonth: 'number',
  /** Share and number of requests a day, as many as there are by then, of a row with a share. */
  fromShare: 'number',
  toShare: 'number',
  stepVolume: 'number',
} as const satisfies Record<string, FactType>;

/** Facts of one of several things, by the list that `each` names. */
export const listFacts = {
  /** Weights of one's own in a place. */
  places: {
    place: 'text',
    model: 'text',
    machine: 'text',
    units: 'number',
    unitRequestsPerS: 'number',
    busy: 'number',
    engine: 'text',
    engineCaveat: 'text',
    leadWeeks: 'number',
    leadUnknown: 'flag',
    setupPersonWeeks: 'number',
    buildWeeks: 'number',
    rented: 'flag',
    reserved: 'flag',
    spot: 'flag',
    bought: 'flag',
    owned: 'flag',
    hosted: 'flag',
    serverless: 'flag',
    onDevices: 'flag',
    deviceCount: 'number',
  },
  /** Models billed per token that are not in use today, and whether an account with the provider is there by then. */
  apis: {
    place: 'text',
    provider: 'text',
    model: 'text',
    leadWeeks: 'number',
    leadUnknown: 'flag',
    hasAccount: 'flag',
  },
  /** Tasks whose need lies inside a model's band. */
  closeCalls: { model: 'text', task: 'text', have: 'number', need: 'number' },
  /** Parts that a task is cut into: the share that the first of them is taken to be, and what has to be there to cut. */
  cuts: { task: 'text', condition: 'text', cutShare: 'number', todo: 'text' },
  /** Models with a date at which they are switched off. */
  retirements: { model: 'text', retiresOn: 'date', replaceOn: 'date', retireDays: 'number' },
  /** Plans that follow within the horizon, what each costs over its months, and the month of both. */
  laterStages: {
    stagePlan: 'text',
    stageOn: 'date',
    stageMonth: 'number',
    stageVolume: 'number',
    stageCost: 'number',
    stageMoveCost: 'number',
  },
  /** Nothing fits: options that came near. */
  misses: {
    miss: 'text',
    task: 'text',
    gate: 'text',
    missCost: 'number',
    turnPath: 'text',
    turnNumber: 'number',
    turnWord: 'text',
    unpriced: 'flag',
  },
} as const satisfies Record<string, Record<string, FactType>>;

export type ListName = keyof typeof listFacts;
export const listNames = Object.keys(listFacts) as ListName[];

/** How a number is written: `$1,234`, `12,000`, `5 %`, `2 weeks`, `8 person-weeks`, `44.1`, `1.25`. */
export const figureForms = ['usd', 'count', 'percent', 'weeks', 'effort', 'tenths', 'plain'] as const;

/** Keys of a step that hold one of its figures. */
export const stepKeys = ['cost', 'volume', 'month', 'fte'] as const;
export type StepKey = (typeof stepKeys)[number];

/** A place for a fact in a text: `{plan}`, or a number with its form, `{planCost:usd}`. */
export type Placeholder = { name: string; form: string | null };

export const placeholderForm = /\{([a-zA-Z0-9]*)(?::([a-z]*))?\}/g;

export const placeholdersOf = (text: string): Placeholder[] =>
  [...text.matchAll(placeholderForm)].map(([, name = '', form]) => ({ name, form: form ?? null }));

/** Facts of an expression: `moves & !crossNow | fresh`; `&` binds tighter, `!` is not. */
export const factsAsked = (applies: string): string[] =>
  applies
    .split(/[|&]/)
    .map((part) => part.trim().replace(/^!\s*/, ''))
    .filter((name) => name !== '');

/** The types of all facts that a row may speak of. */
export const factsOf = (each: ListName | null): ReadonlyMap<string, FactType> =>
  new Map(Object.entries({ ...planFacts, ...(each === null ? {} : listFacts[each]) }));

/** When a step begins: with the plan, after the step before, with it, once all before is done, after a day, or on one. */
export const startForm = /^(today|next|with|ready|(after|on):([a-zA-Z]+))$/;

/** In the order in which they usually come; days decide. */
export const phases = [
  'decide',
  'arrange',
  'prototype',
  'measure',
  'crossover',
  'order',
  'build',
  'parallel-run',
  'shift',
  'optimize',
  'monitor',
  'exit',
  'change',
] as const;
