import { monthly } from '../formula/formula.js';
import { given, parameter, product, stated } from '../formula/traced.js';
import type { Tables } from '../tables/tables.js';
import type { CostTerms, Slice } from '../workload/demand.js';
import { highestOf } from '../workload/load.js';
import type { Component } from './fleet-bill.js';
import { outputPathOf } from './slice-trace.js';

const secondsPerHour = 3600;
const megabitsPerByte = 8e-6;

const formula = monthly(
  'network.transit',
  'Internet line of the colocation',
  'output tokens x bytes per token on the wire x 8e-6 / seconds in a month x busiest minute over the mean x USD per Mbit/s-month',
);

/** The line out of a building, as wide as the busiest minute needs it, by the request. */
export const transit = (slice: Slice, demand: CostTerms, tables: Tables): Component => ({
  working: formula,
  amount: product(
    'line of a request',
    'USD/request',
    stated(`output tokens of ${slice.task}`, slice.tokens.output, 'tokens', outputPathOf(slice)),
    parameter('bytes of a token on the wire', 'bytesPerTokenOnTheWire', { demand, tables }),
    given(
      'megabits of a byte, through a month',
      megabitsPerByte / (demand.hoursPerMonth * secondsPerHour),
      'Mbit/s-month',
    ),
    given('busiest hour over the mean hour', highestOf(slice.hours), 'ratio'),
    parameter('busiest minute over its hour', 'inHourFactor', { demand, tables }),
    parameter('line', 'internetTransit', { demand, tables }),
  ),
});
