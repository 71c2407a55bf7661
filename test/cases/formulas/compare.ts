import type { Formula } from '../formula.js';
import type { Inputs } from '../inputs.js';
import {
  breakEvenVolume,
  growthBreakEvenMonth,
  ownAboveUtilization,
  paybackPeriods,
  savingShare,
} from '../textbook/break-even.js';
import {
  cascadeQuality,
  cascadeUsd,
  keptShare,
  routedQuality,
  routedShare,
  routedUsd,
  savingFactor,
  splitUsd,
} from '../textbook/split.js';
import { hoursPerMonth, type Period, type Quantity, type Unit } from '../unit.js';
import { blendedOf, requestNames, requestUsd } from './bill.js';
import { rentNames, rentOf } from './machines.js';

function savingOf(inputs: Inputs, unit: Unit): Quantity {
  const [baseline, option] = [inputs.number('baseline_usd'), inputs.number('option_usd')];
  if (unit.kind === 'usd') return { value: baseline - option, kind: 'usd' };
  const times = /^\s*(x|times|factor|fold)\b/i.test(unit.text);
  return { value: times ? baseline / option : savingShare(baseline, option), kind: 'share' };
}

const requestWords = ['tokens_per_request', 'input_tokens', 'output_tokens', 'input_tokens_total'];

/** USD per 1e6 tokens of a mix, or of a request where its tokens are given. */
function apiPrice(inputs: Inputs, unit: Unit): { usd: number; of: 'tokens' | 'requests' } {
  if (inputs.has('api_usd_per_request')) return { usd: inputs.number('api_usd_per_request'), of: 'requests' };
  if (inputs.has('api_usd_per_million')) return { usd: inputs.number('api_usd_per_million') / 1e6, of: 'tokens' };
  if (inputs.has(...requestWords)) return { usd: requestUsd(inputs), of: 'requests' };
  if (unit.kind !== 'tokens') inputs.number('api_usd_per_request', 'tokens_per_request');
  return { usd: blendedOf(inputs) / 1e6, of: 'tokens' };
}

const tokensPerRequest = (inputs: Inputs): number =>
  inputs.has('tokens_per_request')
    ? inputs.number('tokens_per_request')
    : inputs.number('input_tokens', 'tokens_per_request') + inputs.or(0, 'output_tokens');

function volumeOf(inputs: Inputs, unit: Unit): Quantity {
  const fixedUsd =
    inputs.has('usd_per_gpu_hour', 'usd_per_hour') && !inputs.has('fixed_usd_month')
      ? rentOf(inputs, unit).value
      : inputs.number('fixed_usd_month');
  const api = apiPrice(inputs, unit);
  const marginal =
    api.of === 'requests' ? inputs.or(0, 'own_usd_per_request') : inputs.or(0, 'own_usd_per_million') / 1e6;
  const volume = breakEvenVolume(
    { fixedUsd, usdPerUnit: marginal },
    { fixedUsd: inputs.or(0, 'api_fixed_usd_month'), usdPerUnit: api.usd },
  );
  const inTokens = unit.kind === 'tokens';
  const value =
    inTokens === (api.of === 'tokens')
      ? volume
      : inTokens
        ? volume * tokensPerRequest(inputs)
        : volume / tokensPerRequest(inputs);
  return { value, kind: inTokens ? 'tokens' : 'requests', period: 'month' };
}

const seconds = (hours: number, monthHours: number): Quantity => ({
  value: hours * 3600,
  kind: 'seconds',
  hoursPerMonth: monthHours,
});

function paybackOf(inputs: Inputs): Quantity {
  const monthHours = inputs.or(hoursPerMonth, 'hours_per_month');
  const utilization = inputs.or(1, 'utilization');
  if (inputs.has('hours')) return seconds(inputs.number('hours') / utilization, monthHours);
  const capex = inputs.number('capex_usd', 'hours');
  if (inputs.has('cloud_usd_per_hour', 'onprem_usd_per_hour')) {
    const saved = inputs.number('cloud_usd_per_hour') - inputs.or(0, 'onprem_usd_per_hour');
    return seconds(paybackPeriods(capex, saved, utilization), monthHours);
  }
  const saved = inputs.has('cloud_usd_per_month')
    ? inputs.number('cloud_usd_per_month') - inputs.or(0, 'onprem_usd_per_month')
    : inputs.has('saved_usd_per_year')
      ? inputs.number('saved_usd_per_year') / 12
      : inputs.number('saved_usd_per_month', 'cloud_usd_per_hour');
  return seconds(paybackPeriods(capex, saved, utilization) * monthHours, monthHours);
}

const month: Period = 'month';

function splitOf(inputs: Inputs): Quantity {
  const own = inputs.number('self_hosted_fixed_usd_month');
  const api = inputs.number('api_usd_month', 'api_usd_month_at_full_load');
  return { value: splitUsd(own, api, inputs.or(1, 'api_share')), kind: 'usd', period: month };
}

const cascadeNames = 'small_right accepts_right accepts_wrong check_usd quality_large_on_refused';
const routerNames =
  'hard_share true_positive false_positive router_usd large_share quality_large_hard quality_large_easy ' +
  'quality_small_hard quality_small_easy';

function cascadeOf(inputs: Inputs, unit: Unit): Quantity {
  const cascade = {
    smallRight: inputs.number('small_right'),
    acceptsRight: inputs.or(1, 'accepts_right'),
    acceptsWrong: inputs.or(0, 'accepts_wrong'),
  };
  if (unit.kind === 'share') {
    if (!inputs.has('quality_large_on_refused')) return { value: 1 - keptShare(cascade), kind: 'share' };
    return { value: cascadeQuality(cascade, inputs.number('quality_large_on_refused')), kind: 'share' };
  }
  const [small, large] = [inputs.number('small_usd'), inputs.number('large_usd')];
  return { value: cascadeUsd(cascade, small, inputs.or(0, 'check_usd'), large), kind: 'usd' };
}

function routerOf(inputs: Inputs, unit: Unit): Quantity {
  if (inputs.has('small_right')) return cascadeOf(inputs, unit);
  const router = () => ({
    hardShare: inputs.number('hard_share'),
    truePositive: inputs.or(1, 'true_positive'),
    falsePositive: inputs.or(0, 'false_positive'),
  });
  if (unit.kind === 'share' && inputs.has('quality_large_hard'))
    return {
      value: routedQuality(
        router(),
        { hard: inputs.number('quality_large_hard'), easy: inputs.number('quality_large_easy') },
        { hard: inputs.number('quality_small_hard'), easy: inputs.number('quality_small_easy') },
      ),
      kind: 'share',
    };
  const large = inputs.has('large_share') ? inputs.number('large_share') : routedShare(router());
  if (unit.kind === 'share') return { value: large, kind: 'share' };
  const usd = routedUsd(inputs.or(0, 'router_usd'), inputs.number('large_usd'), inputs.number('small_usd'), large);
  return { value: usd, kind: 'usd', token: unit.tokens !== null };
}

export const compareFormulas: Record<string, Formula> = {
  B0: { title: 'saving: 1 - option / baseline', takes: 'baseline_usd option_usd', of: savingOf },
  B1: {
    title: 'break-even volume: (F_own - F_api) / (p_api - m_own)',
    takes:
      'fixed_usd_month api_fixed_usd_month api_usd_per_request own_usd_per_request api_usd_per_million ' +
      `own_usd_per_million ${requestNames} ${rentNames}`,
    of: volumeOf,
  },
  B2: {
    title: 'payback: capex / saving',
    takes:
      'capex_usd saved_usd_per_month saved_usd_per_year cloud_usd_per_hour onprem_usd_per_hour cloud_usd_per_month ' +
      'onprem_usd_per_month hours hours_per_month utilization',
    of: paybackOf,
  },
  B4: {
    title: 'break-even month of a growing bill',
    takes: 'capex_usd own_usd_per_month api_usd_per_month growth_per_month price_decline_per_year discount_per_year',
    of: (inputs) => {
      const months = growthBreakEvenMonth({
        capexUsd: inputs.number('capex_usd'),
        ownUsdPerMonth: inputs.or(0, 'own_usd_per_month'),
        apiUsdPerMonth: inputs.number('api_usd_per_month'),
        growthPerMonth: inputs.or(0, 'growth_per_month'),
        priceDeclinePerYear: inputs.or(0, 'price_decline_per_year'),
        discountPerYear: inputs.or(0, 'discount_per_year'),
      });
      return seconds(months * hoursPerMonth, hoursPerMonth);
    },
  },
  H1: {
    title: 'split: own fixed cost + share x API bill',
    takes: 'self_hosted_fixed_usd_month api_usd_month api_usd_month_at_full_load api_share',
    of: splitOf,
  },
  H2: { title: 'router or cascade', takes: `${routerNames} ${cascadeNames} large_usd small_usd`, of: routerOf },
  H3: {
    title: 'saving of a split against the large model: p_L / (s p_L + (1 - s) p_S)',
    takes: 'large_usd small_usd large_share',
    of: (inputs) => ({
      value: savingFactor(inputs.number('large_usd'), inputs.number('small_usd'), inputs.number('large_share')),
      kind: 'share',
    }),
  },
  T6: {
    title: 'utilization above which owning is cheaper than renting',
    takes: 'own_usd_per_hour rental_usd_per_hour',
    of: (inputs) => ({
      value: ownAboveUtilization(inputs.number('own_usd_per_hour'), inputs.number('rental_usd_per_hour')),
      kind: 'share',
    }),
  },
};
