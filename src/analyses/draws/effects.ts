import { at } from '../../cost/curve.js';
import { taskLines } from '../../decide/plan.js';
import type { Context } from '../../places/placement.js';
import type { ReadScenario } from '../../workload/read.js';
import { onlyPart } from '../../workload/workload.js';
import { casesOf, likelyOf } from '../uncertainty/draws.js';
import type { UncertainInput } from '../uncertainty/input.js';
import type { Field } from './field.js';
import { apiBillsIn, billsOf, remadeRows, speedOf } from './remade.js';
import { billUnder, type Representatives } from './representatives.js';

/**
 * What some inputs do together at nodes of their values, as logarithms of factors against the likely values: by node, and
 * of rows by node x rows + row. Null: nothing.
 */
export type Effect = {
  /** Places of the inputs, and the nodes of each. */
  inputs: readonly number[];
  nodes: readonly Float64Array[];
  /** Whether what is between nodes is told by the logarithms of values, and by the two nodes beside it alone. */
  isLog: readonly boolean[];
  isLinear: readonly boolean[];
  /** On what rows cost without people, and on how much their machines take. */
  price: Float64Array | null;
  rate: Float64Array | null;
  /** On the volume, on wages, and on what the task costs wherever it runs. */
  volume: Float64Array | null;
  wages: Float64Array | null;
  task: Float64Array | null;
};

/** Shares of an input's draws at its nodes; in place of the middle one its likely value, if it is inside. */
const threeNodes = [0.01, 0.5, 0.99];
const fiveNodes = [0.002, 0.1, 0.5, 0.9, 0.998];

type Nodes = Pick<Effect, 'inputs' | 'nodes' | 'isLog' | 'isLinear'>;

/** How closely it is told where APIs change their price, and how far logarithms of bills may be off in between. */
const closely = 1.003;
const straight = 1e-3;

/** Share of the draws at which it is looked whether two inputs act together, and how many others go with lengths at the most. */
const farShare = 0.9;
const mostJoint = 2;

/** What is looked at: APIs and machines made again, or bills by the representatives. */
type Look = { apis: boolean; machines: boolean; bills: (plan: number) => boolean };
const noBill = (): boolean => false;

/** The effects of inputs on the rows of a field, people left out: they are reckoned anew in every draw. */
export function effectsOf(
  field: Field,
  representatives: Representatives,
  inputs: readonly UncertainInput[],
  read: ReadScenario,
): Effect[] {
  const { workload, tables } = field.context;
  const caseAt = casesOf(read, field.context, inputs);
  const likely = likelyOf(inputs);
  const { plans, ofRow } = representatives;
  const hasMachines = field.rows.paired > field.rows.apis;
  const base = asPredicted(caseAt(likely));
  const { made, asked: ofRows } = noting(base, (noted) => ({
    apiUsd: apiBillsIn(field, noted),
    machines: hasMachines ? remadeRows(field, noted) : null,
  }));
  const bills = plans.map((plan) => noting(base, (noted) => billUnder(plan, noted)));
  const taskBaseUsd = taskUsd(base);
  const lengths = inputs.flatMap(({ path }, i) => (/\.tokens\.(?:input|output)$/.test(path) ? [i] : []));
  const others = inputs.flatMap((input, i) => (lengths.includes(i) ? [] : [{ i, look: lookOf(input) }]));
  const joint = others.flatMap(({ i, look }) => (look?.apis === true && isJoint(i) ? [i] : [])).slice(0, mostJoint);
  const alone = others.flatMap(({ i, look }) => {
    if (look === null) return [];
    if (!look.apis || joint.includes(i)) return effectOf(nodesOf([i]), { ...look, apis: false });
    return effectOf(cutNodes(nodesOf([i])), look);
  });
  const ofMachines = effectOf(nodesOf(lengths), { apis: false, machines: true, bills: noBill });
  const ofApis = effectOf(cutNodes(nodesOf([...lengths, ...joint])), { apis: true, machines: false, bills: noBill });
  // The volume that goes with lengths counts once.
  const once = ofApis.map((effect) => ({ ...effect, volume: null, wages: null, task: null }));
  return [...ofMachines, ...once, ...alone];

  /** Null: no row depends on it, nor does anything that is read off the scenario. */
  function lookOf({ subject, path }: UncertainInput): Look | null {
    switch (subject.is) {
      case 'capacity':
        return null;
      case 'assumption': {
        const isNamed = (asked: ReadonlySet<string>): boolean => {
          for (const name of asked) if ((tables.parameterOf.get(name)?.as ?? name) === subject.name) return true;
          return false;
        };
        if (isNamed(ofRows)) return { apis: true, machines: true, bills: noBill };
        const isRead = isNamed(new Set(workload.resolvedWith)) || taskBaseUsd > 0;
        const which = bills.map(({ asked }) => isNamed(asked));
        return which.includes(true) || isRead
          ? { apis: false, machines: false, bills: (plan) => which[plan] as boolean }
          : null;
      }
      case 'listPrice': {
        const isOf = (plan: number): boolean =>
          plans[plan]?.deployments[0]?.option.fleet?.accelerator.accelerator === subject.accelerator;
        return { apis: false, machines: false, bills: isOf };
      }
      case 'figure':
      case 'rent':
      case 'ownPrice':
        return { apis: false, machines: false, bills: () => true };
      case 'scenario':
        if (/^team\./.test(path)) return { apis: false, machines: false, bills: noBill };
        return /\.tokens\.|^needs\.rag|\.ofPredicted$/.test(path)
          ? { apis: true, machines: true, bills: noBill }
          : { apis: false, machines: false, bills: () => true };
    }
  }

  /** Outer nodes, and the likely value: the middle node, or an outer one where that would be on its other side. */
  function nodesOf(some: readonly number[]): Nodes {
    const nodes = some.map((i) => {
      const { quantile, likely: middle, origin } = inputs[i] as UncertainInput;
      const own = (origin === 'user' ? fiveNodes : threeNodes).map(quantile);
      const last = own.length - 1;
      own[middle <= (own[0] as number) ? 0 : middle >= (own[last] as number) ? last : last >> 1] = middle;
      return Float64Array.from(new Set(own)).sort();
    });
    // A likely value at an end of its range means a share, or what may not be at all.
    const isLog = nodes.map((own, place) => {
      const middle = likely[some[place] as number] as number;
      return (own[0] as number) > 0 && middle > (own[0] as number) && middle < (own.at(-1) as number);
    });
    return { inputs: some, nodes, isLog, isLinear: some.map(() => false) };
  }

  function effectOf({ inputs: some, nodes, ...rest }: Nodes, look: Look): Effect[] {
    if (some.length === 0) return [];
    const count = nodes.reduce((all, { length }) => all * length, 1);
    const { rows } = field;
    const ofRow = () => new Float64Array(count * rows.count);
    const effect = {
      ...{ price: ofRow(), rate: ofRow() },
      ...{ volume: new Float64Array(count), wages: new Float64Array(count), task: new Float64Array(count) },
    };
    for (let node = 0; node < count; node++) {
      const values = likely.slice();
      let rest = node;
      for (const [place, i] of some.entries()) {
        const own = nodes[place] as Float64Array;
        values[i] = own[rest % own.length] as number;
        rest = Math.floor(rest / own.length);
      }
      if (values.every((value, i) => value === likely[i])) continue;
      const context = asPredicted(caseAt(values));
      effect.volume[node] = logOf(context.workload.requestsPerDay, base.workload.requestsPerDay);
      effect.wages[node] = logOf(context.workload.team.yearlyCostUsd, base.workload.team.yearlyCostUsd);
      effect.task[node] = taskBaseUsd === 0 ? 0 : logOf(taskUsd(context), taskBaseUsd);
      const [price, rate] = [effect.price, effect.rate].map((column) =>
        column.subarray(node * rows.count, (node + 1) * rows.count),
      ) as [Float64Array, Float64Array];
      // At the volume of the likely values: rows are priced at any other.
      const then = atVolumeOf(base, context);
      if (look.apis) apisInto(then, price);
      if (look.machines) machinesInto(then, price, rate);
      if (look.bills !== noBill) billedInto(then, look, price);
    }
    const felt = (column: Float64Array): Float64Array | null => (column.some((log) => log !== 0) ? column : null);
    const found = {
      ...{ price: felt(effect.price), rate: felt(effect.rate) },
      ...{ volume: felt(effect.volume), wages: felt(effect.wages), task: felt(effect.task) },
    };
    return Object.values(found).every((column) => column === null) ? [] : [{ inputs: some, nodes, ...rest, ...found }];
  }

  /** Logarithms of what APIs cost at some values. */
  function apiLogsAt(values: Float64Array): Float64Array {
    return apiBillsIn(field, atVolumeOf(base, asPredicted(caseAt(values)))).map(Math.log);
  }

  /** Whether an input does something else to APIs where prompts and answers are longer, as thinking does. */
  function isJoint(input: number): boolean {
    const endOf = (i: number): number => (inputs[i] as UncertainInput).quantile(farShare);
    return lengths.some((length) => {
      const [none, own, long, both] = [[], [input], [length], [length, input]].map((moved) => {
        const values = likely.slice();
        for (const i of moved) values[i] = endOf(i);
        return apiLogsAt(values);
      }) as [Float64Array, Float64Array, Float64Array, Float64Array];
      const apart = (row: number): number =>
        (both[row] as number) - (long[row] as number) - (own[row] as number) + (none[row] as number);
      return both.some((_, row) => Math.abs(apart(row)) > straight);
    });
  }

  function apisInto(context: Context, price: Float64Array): void {
    const told = apiBillsIn(field, context);
    for (let row = 0; row < told.length; row++) price[row] = logOf(told[row] as number, made.apiUsd[row] as number);
  }

  /** Rates by the rows as they become; on prices what they cost beyond that. */
  function machinesInto(context: Context, price: Float64Array, rate: Float64Array): void {
    const before = made.machines;
    if (before === null) return;
    const then = remadeRows(field, context);
    const pairs = Array.from(then.placeOf, (there, row) => ({
      row,
      here: before.placeOf[row] as number,
      there,
    })).filter(({ here, there }) => here !== -1 && there !== -1);
    const perSecond = before.rows.perSecond.slice();
    const perWork = before.rows.perWork.slice();
    for (const { row, here, there } of pairs) {
      rate[row] = logOf(speedOf(then, there), speedOf(before, here));
      const factor = Math.exp(rate[row] as number);
      perSecond[here] = (before.rows.perSecond[here] as number) * factor;
      perWork[here] = (before.rows.perWork[here] as number) / factor;
    }
    const told = pairs.filter(({ row }) => representatives.rows.includes(row));
    const here = told.map((pair) => pair.here);
    const there = told.map((pair) => pair.there);
    const expected = billsOf({ ...before, rows: { ...before.rows, perSecond, perWork } }, here, base);
    const found = billsOf(then, there, context);
    const logs = new Map(told.map(({ row }, at) => [ofRow[row], logOf(found[at] as number, expected[at] as number)]));
    for (const { row } of pairs) price[row] = logs.get(ofRow[row] as number) ?? 0;
  }

  /**
   * APIs ask for other prices beyond some length of the prompt, and find prompts in their caches from one on: inputs
   * are cut up between nodes wherever bills are not straight there.
   */
  function cutNodes({ inputs: some, nodes, isLog }: Nodes): Nodes {
    const all = some.map((i, place) => {
      const own = nodes[place] as Float64Array;
      // The second length does what it does between few nodes.
      const isStraight = place > 0 && lengths.includes(i);
      return isStraight || !((own[0] as number) > 0) ? null : cutBetween(i, own);
    });
    return {
      inputs: some,
      nodes: nodes.map((own, place) => all[place] ?? own),
      isLog: isLog.map((is, place) => is || all[place] !== null),
      isLinear: all.map((cuts) => cuts !== null),
    };
  }

  function cutBetween(input: number, nodes: Float64Array): Float64Array {
    const told = new Map<number, Float64Array>();
    const logsAt = (value: number): Float64Array => {
      const values = likely.slice();
      values[input] = value;
      const logs = told.get(value) ?? apiLogsAt(values);
      told.set(value, logs);
      return logs;
    };
    const cut = (low: number, high: number): number[] => {
      const middle = Math.sqrt(low * high);
      if (high < low * closely) return [];
      const [below, there, above] = [low, middle, high].map(logsAt) as [Float64Array, Float64Array, Float64Array];
      const isStraight = there.every(
        (log, row) => !(Math.abs(log - ((below[row] as number) + (above[row] as number)) / 2) > straight),
      );
      return isStraight ? [] : [...cut(low, middle), middle, ...cut(middle, high)];
    };
    return Float64Array.from(
      Array.from(nodes).flatMap((value, at) => (at === 0 ? [value] : [...cut(nodes[at - 1] as number, value), value])),
    );
  }

  function billedInto(context: Context, look: Look, price: Float64Array): void {
    const logs = plans.map((plan, p) =>
      look.bills(p) ? logOf(billUnder(plan, context), (bills[p] as { made: number }).made) : 0,
    );
    for (let row = 0; row < price.length; row++) price[row] = logs[ofRow[row] as number] ?? 0;
  }
}

/** Of what has no price, or is free, nothing is told. */
const logOf = (one: number, other: number): number =>
  one > 0 && other > 0 && one < Number.POSITIVE_INFINITY && other < Number.POSITIVE_INFINITY
    ? Math.log(one / other)
    : 0;

const taskUsd = (context: Context): number =>
  taskLines([{ taskParts: context.workload.taskParts }], context).reduce(
    (usd, { curve }) => usd + at(curve, context.workload.requestsPerDay),
    0,
  );

/** A case at the volume of another one. */
const atVolumeOf = ({ workload: { requestsPerDay } }: Context, { tables, workload }: Context): Context => ({
  tables,
  workload: { ...workload, requestsPerDay, taskParts: [{ ...onlyPart(workload), requestsPerDay }] },
});

/** Where nothing was measured machines do as predicted. */
function asPredicted({ tables, workload }: Context): Context {
  const { capacityError, ...rest } = workload;
  return workload.measured.length > 0 || capacityError === undefined
    ? { tables, workload }
    : { tables, workload: rest };
}

/** What is made of a case, and the assumptions that were asked for. */
function noting<Made>(context: Context, make: (noted: Context) => Made): { made: Made; asked: ReadonlySet<string> } {
  const asked = new Set<string>();
  const { workload } = context;
  const assume = (name: string): number => {
    asked.add(name);
    return workload.assume(name);
  };
  return { made: make({ ...context, workload: { ...workload, assume, assumptions: {} } }), asked };
}

/** Effects on some rows, those that they do not feel left out. */
export function effectsOn(effects: readonly Effect[], rows: number, places: Int32Array): Effect[] {
  const on = (column: Float64Array | null): Float64Array | null => {
    if (column === null) return null;
    const nodes = column.length / rows;
    const some = new Float64Array(nodes * places.length);
    for (let node = 0; node < nodes; node++)
      for (let at = 0; at < places.length; at++)
        some[node * places.length + at] = column[node * rows + (places[at] as number)] as number;
    return some.some((log) => log !== 0) ? some : null;
  };
  return effects
    .map((effect) => ({ ...effect, price: on(effect.price), rate: on(effect.rate) }))
    .filter(({ price, rate, volume, wages, task }) => [price, rate, volume, wages, task].some((one) => one !== null));
}
