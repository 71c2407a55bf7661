import type { Option } from '../../placements/option.js';
import type { Case } from '../../placements/placement.js';
import { boundaries, type Needs } from '../../scenario/demand.js';
import type { ProviderRow } from '../../tables/rows.js';

/** How well a claim holds for an option, best last. */
export type Truth = { state: 'failed' | 'unknown' | 'condition' | 'passed'; todos: string[]; missing: string };
const order: Truth['state'][] = ['failed', 'unknown', 'condition', 'passed'];
const rank = ({ state }: Truth): number => order.indexOf(state);

const truth = (state: Truth['state'], missing = '', todos: string[] = []): Truth => ({ state, missing, todos });

/**
 * Evaluates an expression of the compliance table for an option: tokens such as `agreement:baa`, `region:us`,
 * `option:no-training`, joined by `&` (binds tighter) and `|`, with brackets. An empty expression holds.
 */
export function holds(expression: string, option: Option, needs: Needs, of: Case): Truth {
  const tokens = expression.match(/[()&|]|[^\s()&|]+/g) ?? [];
  let position = 0;
  const either = (): Truth => {
    let best = both();
    while (tokens[position] === '|') {
      position++;
      const other = both();
      if (rank(other) > rank(best)) best = other;
    }
    return best;
  };
  const both = (): Truth => {
    let worst = one();
    while (tokens[position] === '&') {
      position++;
      const other = one();
      const todos = [...worst.todos, ...other.todos];
      const missing = [worst.missing, other.missing].filter(Boolean).join(' and ');
      worst = { state: rank(other) < rank(worst) ? other.state : worst.state, todos, missing };
    }
    return worst;
  };
  const one = (): Truth => {
    const token = tokens[position++];
    if (token !== '(') return token === undefined ? truth('passed') : claim(token, option, needs, of, new Set());
    const inner = either();
    position++;
    return inner;
  };
  return tokens.length === 0 ? truth('passed') : either();
}

/** One token, or whatever implies it. */
function claim(token: string, option: Option, needs: Needs, of: Case, asked: Set<string>): Truth {
  let best = direct(token, option, needs, of);
  asked.add(token);
  for (const { token: implied, impliedBy } of of.tables.impliedTokens) {
    if (implied !== token || best.state === 'passed') continue;
    for (const other of impliedBy) {
      if (asked.has(other)) continue;
      const reached = claim(other, option, needs, of, asked);
      if (rank(reached) > rank(best) && reached.state !== 'unknown') best = reached;
    }
  }
  return best;
}

/** What a claim is about where it is about whoever else runs the model. */
const aboutOthers: ReadonlySet<string> = new Set(['agreement', 'region', 'operator', 'cert', 'option']);

function direct(token: string, option: Option, needs: Needs, of: Case): Truth {
  const [subject = '', name = ''] = token.split(':');
  return (isOwn(option) ? ofOwnMachines(subject, name, option, needs) : null) ?? ofAny(token, option, needs, of);
}

/** Machines that the user has bought. */
const isOwn = ({ purchase }: Option): boolean => purchase === 'bought' || purchase === 'owned';

/**
 * What holds of machines of one's own, which stand where they are put and are run by their owner. On own premises no
 * third party sees the data, so that there is nobody to sign with; in a colocation a third party runs the building. Null:
 * as of any other option.
 */
function ofOwnMachines(subject: string, name: string, option: Option, { agreements }: Needs): Truth | null {
  const { region, reach, provider } = option;
  const here = region === name;
  const own = reach === 'own-premises';
  switch (subject) {
    case 'region':
    case 'operator':
      return truth(here ? 'passed' : 'failed', here ? '' : `own machines stand in ${region}`);
    case 'agreement':
      if (own || agreements?.signed.has(name) || agreements?.signed.has(`${name}:${provider}`)) return truth('passed');
      if (agreements !== null && !agreements.canSign.has(name) && !agreements.canSign.has(`${name}:${provider}`))
        return truth('failed', `${agreementWords(name)} is neither signed nor signable`);
      return truth('condition', '', [`settle ${agreementWords(name)} with whoever runs the colocation`]);
    case 'option':
      return own ? truth('passed') : null;
    case 'cert':
      return truth('condition', '', [
        own
          ? `have ${name} cover your own machines`
          : `check that the colocation holds ${name}, and have it cover your own machines`,
      ]);
    default:
      return null;
  }
}

function ofAny(token: string, option: Option, needs: Needs, of: Case): Truth {
  const [subject = '', name = ''] = token.split(':');
  // On a user's own device nobody else sees the data: there is nobody to sign with, to attest, or to keep them in a place.
  if (option.reach === 'device' && aboutOthers.has(subject)) return truth('passed');
  const provider = of.tables.providerOf.get(option.provider) ?? null;
  switch (subject) {
    case 'agreement':
      return agreement(name, option, provider, needs);
    case 'org':
      return needs.declared.has(name)
        ? truth('passed')
        : truth('unknown', `blocked until the organization declares ${name}`);
    case 'region':
      return region(name, option, provider, of);
    case 'operator':
      return provider === null
        ? truth('unknown', `operator of ${option.provider} unknown`)
        : truth(provider.operatorCountry === name ? 'passed' : 'failed', `operated from ${provider.operatorCountry}`);
    case 'reach':
      return truth(
        !option.marketplace &&
          boundaries.indexOf(option.reach) <= boundaries.indexOf(name as (typeof boundaries)[number])
          ? 'passed'
          : 'failed',
        `reaches ${option.reach}`,
      );
    case 'cert':
      return listed(name, provider?.certs ?? [], option.provider, `check that ${option.provider} holds ${name}`);
    case 'option':
      return listed(name, provider?.options ?? [], option.provider, `arrange ${name} with ${option.provider}`);
    default:
      return truth('unknown', `${token} is not understood`);
  }
}

/** `x` has it, `x?` has it under conditions, `no:x` is known not to, absent is unknown. */
function listed(name: string, tokens: readonly string[], provider: string, todo: string): Truth {
  if (tokens.includes(name)) return truth('passed');
  if (tokens.includes(`${name}?`)) return truth('condition', '', [todo]);
  if (tokens.includes(`no:${name}`)) return truth('failed', `${provider} does not offer ${name}`);
  return truth('unknown', `ask ${provider} about ${name}`);
}

/** Signed passes; offered, and signable as far as the scenario says, is a to-do. */
function agreement(name: string, option: Option, provider: ProviderRow | null, { agreements }: Needs): Truth {
  const given = (from: ReadonlySet<string>) => from.has(name) || from.has(`${name}:${option.provider}`);
  const sign = `sign ${agreementWords(name)} with ${option.provider}`;
  if (agreements?.signed.has(`${name}:${option.provider}`)) return truth('passed');
  const offered = listed(name, provider?.agreements ?? [], option.provider, sign);
  if (offered.state === 'failed') return offered;
  if (agreements !== null && given(agreements.signed)) return truth('passed');
  if (agreements !== null && !given(agreements.canSign))
    return truth('failed', `${agreementWords(name)} is neither signed nor signable`);
  return offered.state === 'unknown' ? offered : truth('condition', '', [sign]);
}

/** Short names are acronyms. */
const agreementWords = (name: string): string =>
  name.length <= 4 ? `a ${name.toUpperCase()}` : `an agreement on ${name}`;

/**
 * A rental region has tokens of its own. Where it has none, the provider's regions apply: an API is used where the
 * provider says, but of machines sold in many regions one has to be chosen.
 */
function region(name: string, option: Option, provider: ProviderRow | null, { tables }: Case): Truth {
  const own = option.region === null ? [] : (tables.regionOf.get(option.region)?.tokens ?? []);
  if (own.length > 0)
    return own.includes(name) ? truth('passed') : truth('failed', `${option.region} is not in ${name}`);
  const todo = `have ${option.provider} keep processing in ${name}`;
  const found = listed(name, provider?.regions ?? [], option.provider, todo);
  const only = provider?.regions.length === 1;
  return found.state === 'passed' && option.region !== null && !only ? truth('condition', '', [todo]) : found;
}
