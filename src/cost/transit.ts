import { monthly } from '../formula/formula.js';
import { given, parameter, product, stated } from '../formula/traced.js';
import type { Tables } from '../tables/tables.js';
import { highestOf } from '../workload/load.js';
import type { CostTerms, TaskPart } from '../workload/workload.js';
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
export const transit = (taskPart: TaskPart, workload: CostTerms, tables: Tables): Component => ({
  working: formula,
  amount: product(
    'line of a request',
    'USD/request',
    stated(`output tokens of ${taskPart.task}`, taskPart.tokens.output, 'tokens', outputPathOf(taskPart)),
    parameter('bytes of a token on the wire', 'bytesPerTokenOnTheWire', { workload, tables }),
    given(
      'megabits of a byte, through a month',
      megabitsPerByte / (workload.hoursPerMonth * secondsPerHour),
      'Mbit/s-month',
    ),
    given('busiest hour over the mean hour', highestOf(taskPart.hours), 'ratio'),
    parameter('busiest minute over its hour', 'inHourFactor', { workload, tables }),
    parameter('line', 'internetTransit', { workload, tables }),
  ),
});
