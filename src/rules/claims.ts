import type { Option } from '../places/option.js';
import { nameOf } from '../places/option.js';
import type { Context } from '../places/placement.js';
import { anywhere, boundTo, staysIn } from '../places/placement.js';
import type { ProviderRow } from '../tables/columns.js';
import { knownWords } from '../tables/rules.js';
import { isNamed } from '../workload/source.js';
import { boundaries, type Needs } from '../workload/workload.js';

/** How well a claim holds for an option, best last. */
export type Truth = {
  state: 'failed' | 'unknown' | 'condition' | 'passed';
  /** To-dos and what is missing, in words; computed on demand. */
  todos(): string[];
  missing(): string;
  /** Tokens that the organization could grant and that would do; null: none. */
  grants: string[] | null;
};
const order: Truth['state'][] = ['failed', 'unknown', 'condition', 'passed'];
const rank = ({ state }: Truth): number => order.indexOf(state);
const holdsSomehow = ({ state }: Truth): boolean => state === 'passed' || state === 'condition';

const nothing = (): string => '';
const none = (): string[] => [];

const truth = (
  state: Truth['state'],
  missing: () => string = nothing,
  todos: () => string[] = none,
  grants: string[] | null = null,
): Truth => ({ state, missing, todos, grants });
const passed = truth('passed');
/** Holds once something was done. */
const onceDone = (todo: () => string): Truth => truth('condition', nothing, () => [todo()]);

/**
 * Evaluates an expression of the compliance table for an option: tokens such as `agreement:baa`, `region:us`,
 * `option:no-training`, joined by `&` (binds tighter) and `|`, with brackets. An empty expression holds.
 */
export function holds(expression: string, option: Option, needs: Needs, context: Context): Truth {
  const tokens = expression.match(/[()&|]|[^\s()&|]+/g) ?? [];
  let position = 0;
  const either = (): Truth => {
    let best = both();
    while (tokens[position] === '|') {
      position++;
      best = better(best, both());
    }
    return best;
  };
  const both = (): Truth => {
    let worst = one();
    while (tokens[position] === '&') {
      position++;
      worst = worse(worst, one());
    }
    return worst;
  };
  const one = (): Truth => {
    const token = tokens[position++];
    if (token !== '(') return token === undefined ? passed : claim(token, option, needs, context, new Set());
    const inner = either();
    position++;
    return inner;
  };
  return tokens.length === 0 ? passed : either();
}

/** What holds of two claims together. */
const worse = (a: Truth, b: Truth): Truth => ({
  state: rank(b) < rank(a) ? b.state : a.state,
  todos: () => [...a.todos(), ...b.todos()],
  missing: () => [a.missing(), b.missing()].filter(Boolean).join(' and '),
  grants: needed(a, b),
});

/** The alternative that holds best, the first of equals; grants of either do for both. */
function better(a: Truth, b: Truth): Truth {
  const best = rank(b) > rank(a) ? b : a;
  return { ...best, grants: a.grants ?? b.grants };
}

/**
 * What the tables say of a model's processing in a region, where a provider does not process all models there; null:
 * nothing. A price list profile of the region processes there. A weak source gives a to-do.
 */
function processedIn(name: string, { api, family, provider, capability }: Option, context: Context): Truth | null {
  if (!api || family === null) return null;
  if (api.regionalUplifts.some(({ region }) => region === name)) return null;
  const rows = context.tables.processing.filter(
    (row) => row.provider === provider && (row.token === name || row.token === '*'),
  );
  if (rows.length === 0) return null;
  const seller = () => nameOf('provider', provider, context.tables);
  const model = () => nameOf('model', family, context.tables);
  const listed = (families: readonly string[]) => families.some((one) => isNamed(one, { family, model: null }));
  if (rows.some(({ inside }) => listed(inside))) return null;
  const outside = rows.find((row) => listed(row.outside));
  const why = () => `${provider} processes ${family} outside ${name}`;
  if (outside?.confidence === 'low') return onceDone(() => `ask ${seller()} where it processes ${model()}`);
  if (outside !== undefined) return truth('failed', why);
  const [own] = rows.filter(({ token }) => token === name);
  if (own === undefined) return null;
  const isNewer = capability?.released == null || capability.released.slice(0, 7) > own.asOf.slice(0, 7);
  if (isNewer || own.confidence === 'low')
    return onceDone(
      () => `ask ${seller()} whether it processes ${model()} in ${regionWords[name] ?? name.toUpperCase()}`,
    );
  return truth('failed', why);
}

/** What has to be granted for both to hold. */
function needed(a: Truth, b: Truth): string[] | null {
  const [ofA, ofB] = [a, b].map((one) => (holdsSomehow(one) ? [] : one.grants));
  return ofA && ofB ? [...ofA, ...ofB] : null;
}

/** One token, or whatever implies it. */
function claim(token: string, option: Option, needs: Needs, context: Context, asked: Set<string>): Truth {
  let best = direct(token, option, needs, context);
  asked.add(token);
  for (const { token: implied, impliedBy } of context.tables.impliedTokens) {
    if (implied !== token || best.state === 'passed') continue;
    for (const other of impliedBy) {
      if (asked.has(other) || isNotListed(other, option, context)) continue;
      const reached = claim(other, option, needs, context, asked);
      const { grants } = best;
      if (rank(reached) > rank(best) && reached.state !== 'unknown') best = reached;
      best = { ...best, grants: grants ?? reached.grants };
    }
  }
  return best;
}

/** Whether the tables do not list a region for an option: true of most countries within a larger region. */
function isNotListed(token: string, option: Option, { tables }: Context): boolean {
  const { subject, name } = wordsOf(token);
  if (subject !== 'region' || isOwn(option) || tables.impliedTokens.some((row) => row.token === token)) return false;
  const own = option.region === null ? [] : (tables.regionOf.get(option.region)?.tokens ?? []);
  const said = own.length > 0 ? own : (tables.providerOf.get(option.provider)?.regions ?? []);
  return !said.includes(name) && !said.includes(`${name}?`);
}

/** What a claim is about where it is about whoever else runs the model. */
const aboutOthers: ReadonlySet<string> = new Set(['agreement', 'region', 'operator', 'cert', 'option']);

/** What a token is about, and what it says of it: `region:us`. */
function wordsOf(token: string): { subject: string; name: string } {
  const colon = token.indexOf(':');
  return { subject: token.slice(0, Math.max(0, colon)), name: token.slice(colon + 1) };
}

function direct(token: string, option: Option, needs: Needs, context: Context): Truth {
  const { subject, name } = wordsOf(token);
  return (
    (isOwn(option) ? ofOwnMachines(subject, name, option, needs, context) : null) ??
    ofAny(token, option, needs, context)
  );
}

/** Machines that the user has bought. */
const isOwn = ({ purchase }: Option): boolean => purchase === 'bought' || purchase === 'owned';

/**
 * What holds of own machines, run by their owner. On own premises no third party sees the data, so there is nobody to
 * sign with; a third party runs a colocation. Null: as of any other option.
 */
function ofOwnMachines(subject: string, name: string, option: Option, needs: Needs, context: Context): Truth | null {
  const { region, reach } = option;
  const here = region === name;
  const own = reach === 'own-premises';
  const words = () => claimWords(`${subject}:${name}`, context);
  switch (subject) {
    case 'region':
    case 'operator':
      return here ? passed : truth('failed', () => `own machines stand in ${region}`);
    case 'agreement':
      if (own || given(needs.agreements?.signed, name, option)) return passed;
      if (needs.agreements !== null && !given(needs.agreements.canSign, name, option))
        return truth('failed', () => `${words()} is neither signed nor signable`, none, [`agreement:${name}`]);
      return onceDone(() => `sign ${words()} with whoever runs the colocation`);
    case 'option':
      return own ? passed : null;
    case 'cert':
      return onceDone(() =>
        own
          ? `have ${words()} cover your own machines`
          : `check that the colocation has ${words()}, and have it cover your own machines`,
      );
    default:
      return null;
  }
}

function ofAny(token: string, option: Option, needs: Needs, context: Context): Truth {
  const { subject, name } = wordsOf(token);
  // Nobody else sees the data on a user's own device: nobody to sign with or attest, no region to keep.
  if (option.reach === 'device' && aboutOthers.has(subject)) return passed;
  const provider = context.tables.providerOf.get(option.provider) ?? null;
  switch (subject) {
    case 'agreement':
      return agreement(token, option, provider, needs, context);
    case 'org':
      return needs.declared.has(name)
        ? passed
        : truth(
            'unknown',
            () => `blocked until ${name} stands under data.declared (${claimWords(token, context)})`,
            none,
            [`org:${name}`],
          );
    case 'region':
      return region(name, option, provider, needs, context);
    case 'operator':
      return provider === null
        ? truth('unknown', () => `operator of ${option.provider} unknown`)
        : provider.operatorCountry === name
          ? passed
          : truth('failed', () => `operated from ${provider.operatorCountry}`);
    case 'reach':
      return !option.marketplace &&
        boundaries.indexOf(option.reach) <= boundaries.indexOf(name as (typeof boundaries)[number])
        ? passed
        : truth('failed', () => `reaches ${option.reach}`);
    case 'cert':
      return certified(token, option, provider, context);
    case 'option':
      if (name === 'no-training' && option.api?.dataUsed)
        return truth('failed', () => 'this price is for prompts that may be used for training');
      return listed(token, provider?.options ?? [], option, context);
    default:
      return truth('unknown', () => `${token} is not understood`);
  }
}

/** `x`: has it, `x?`: under conditions, `no:x`: surely not, absent: unknown. */
function listed(
  token: string,
  tokens: readonly string[],
  { provider }: Option,
  context: Context,
  todo: () => string = () => todoFor(token, provider, context),
): Truth {
  const { name } = wordsOf(token);
  const words = () => claimWords(token, context);
  if (tokens.includes(name)) return passed;
  if (tokens.includes(`${name}?`)) return onceDone(todo);
  if (tokens.includes(`no:${name}`)) return truth('failed', () => `${provider} does not offer ${words()}`);
  return truth('unknown', () => `ask ${provider} about ${words()}`);
}

/** A certificate in no row: each provider must be asked; one that some have, others may lack. */
function certified(token: string, option: Option, provider: ProviderRow | null, context: Context): Truth {
  const { name } = wordsOf(token);
  const own = listed(token, provider?.certs ?? [], option, context);
  return own.state !== 'unknown' || knownWords('certs', context.tables).has(name)
    ? own
    : onceDone(() => `ask ${nameOf('provider', option.provider, context.tables)} for ${name}`);
}

/** Whether an agreement is among those given, with this provider or with anybody. */
const given = (from: ReadonlySet<string> | undefined, name: string, { provider }: Option): boolean =>
  from !== undefined && (from.has(name) || from.has(`${name}:${provider}`));

/** Signed passes; offered, and signable as far as the scenario says, is a to-do. */
function agreement(
  token: string,
  option: Option,
  provider: ProviderRow | null,
  { agreements }: Needs,
  context: Context,
): Truth {
  const { name } = wordsOf(token);
  if (agreements?.signed.has(`${name}:${option.provider}`)) return passed;
  const offered = listed(token, provider?.agreements ?? [], option, context);
  if (offered.state === 'failed') return offered;
  if (given(agreements?.signed, name, option)) return passed;
  if (agreements !== null && !given(agreements.canSign, name, option))
    return truth(
      'failed',
      () => `${claimWords(token, context)} is neither signed nor signable`,
      none,
      offered.state === 'unknown' ? null : [token],
    );
  return offered.state === 'unknown'
    ? offered
    : onceDone(() => todoFor(token, nameOf('provider', option.provider, context.tables), context));
}

/** What a claim is called; one without a name in the tables goes by its token. */
const claimWords = (token: string, { tables }: Context): string =>
  tables.claimOf.get(token)?.name ?? wordsOf(token).name;

/** What somebody has to do for a claim that holds under conditions. */
function todoFor(token: string, provider: string, context: Context): string {
  const own = context.tables.claimOf.get(token)?.todo ?? null;
  if (own !== null) return own.replaceAll('{provider}', provider);
  const { subject } = wordsOf(token);
  const words = claimWords(token, context);
  return subject === 'cert'
    ? `check that ${provider} has ${words}`
    : `${subject === 'agreement' ? 'sign' : 'arrange'} ${words} with ${provider}`;
}

/** Regions of processing within a sentence. */
export const regionWords: Readonly<Record<string, string>> = {
  eea: 'the EU',
  eu: 'the EU',
  'eu-adequate': 'a country that the EU finds adequate',
  us: 'the US',
  uk: 'the UK',
  apac: 'Asia-Pacific',
};

/**
 * A rental region has its own tokens. Without these the provider's regions apply: of machines in many regions, and of
 * an API's endpoints, one has to be chosen.
 */
function region(name: string, option: Option, provider: ProviderRow | null, needs: Needs, context: Context): Truth {
  if (option.api?.region === anywhere)
    return truth('failed', () => `${option.model} is processed wherever there is room`);
  const own = option.region === null ? [] : (context.tables.regionOf.get(option.region)?.tokens ?? []);
  if (own.length > 0) return own.includes(name) ? passed : truth('failed', () => `${option.region} is not in ${name}`);
  const seller = () => nameOf('provider', option.provider, context.tables);
  const where = regionWords[name] ?? name.toUpperCase();
  const here = processedIn(name, option, context);
  const todo = () => `have ${seller()} keep processing in ${where}`;
  const regions = provider?.regions ?? [];
  const found = listed(`region:${name}`, regions, option, context, todo);
  // The region of a model matters only for a provider that is known to be there.
  if (here !== null && (!holdsSomehow(here) || holdsSomehow(found))) return here;
  if (found.state === 'failed') return { ...found, missing: () => `${seller()} does not process in ${where}` };
  if (found.state === 'unknown') return { ...found, missing: () => `ask ${seller()} whether it processes in ${where}` };
  if (option.api !== null && !staysIn(name, option, needs, context))
    return truth('failed', () =>
      option.provisioned === null
        ? `${seller()} is asked for no endpoint in ${where}`
        : `${option.provisioned.offer.product} is not bound to ${where}`,
    );
  if (found.state !== 'passed' || regions.length === 1) return found;
  if (option.region !== null) return onceDone(todo);
  if (boundTo(option, needs, context) === null) return found;
  return onceDone(() =>
    option.api === null ? `run it at ${seller()} in ${where}` : `use the endpoint of ${seller()} in ${where}`,
  );
}
