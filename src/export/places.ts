import { Document, isNode } from 'yaml';
import { type Engine, engineOf, sequencesThatFit } from '../capacity/replica.js';
import { at, type CostLine, requestsPerMonthPerDaily } from '../cost/curve.js';
import type { Decision } from '../decide/decision.js';
import { type Deployment, inTaskOrder, machinesOf, type Plan, partNames, taskPartName } from '../decide/plan.js';
import { verdictsOn } from '../decide/review.js';
import { requestShapeOf } from '../places/machine-table.js';
import type { Option } from '../places/option.js';
import type { Context } from '../places/placement.js';
import { plainText } from '../report/printable.js';
import { mayRun } from '../rules/rule.js';
import { availability } from '../rules/service.js';
import type { AcceleratorRow, ModelRow, QuantizationRow } from '../tables/columns.js';
import type { Tables } from '../tables/tables.js';
import { rounded } from '../units/numeric.js';
import type { TaskPart } from '../workload/workload.js';

/** A file to write; `path` is relative to the folder of all. */
export type ExportFile = { path: string; text: string };

/** What is written down: a plan, its places, and where all of it is from. */
export type Exported = {
  plan: Plan;
  places: readonly Place[];
  context: Context;
  /** Path of the scenario as it was given. */
  file: string;
  tool: { name: string; version: string };
  /** Rules that the plan breaks, each with its task and reason; none if recommended. */
  missed: readonly string[];
  /** The whole decision, made on demand. */
  decision(): Decision;
};

/** One format. */
export type Target = {
  /** What it is, in a few words. */
  title: string;
  /** The files; none: the plan has nothing for it. */
  files(exported: Exported): ExportFile[];
};

/** The head of every file: source, that nothing was done, and what to fill in. */
export function headOf(
  title: string,
  { plan, context, file, tool, missed }: Omit<Exported, 'places' | 'decision'>,
  toFill: readonly string[],
): string[] {
  const { workload, tables } = context;
  return [
    `${title}: ${workload.name}`,
    `from ${file} by ${tool.name} ${tool.version}, prices of ${tables.snapshot.date}, judged on ${workload.asOf}`,
    `plan: ${plan.id}`,
    ...missed.map((rule) => `a rule that it does not meet: ${rule}`),
    'not applied to anything: review before use',
    ...(toFill.length === 0 ? [] : [`fill in: ${[...new Set(toFill)].join(', ')}`]),
  ];
}

/** Lines as comments, each on one line whatever it holds. */
export const commented = (lines: readonly string[]): string => lines.map((line) => `# ${plainText(line)}\n`).join('');

/** What to say before a part of a document: where it stands, and the lines. */
export type Remark = { at: readonly (string | number)[]; lines: readonly string[] };

/**
 * A value as YAML under its head, also for YAML 1.1: words such as `no` quoted, and numbers with a dot before the
 * exponent.
 */
export function yamlText(head: readonly string[], value: unknown, remarks: readonly Remark[] = []): string {
  const document = new Document(value, { compat: 'yaml-1.1', aliasDuplicateObjects: false });
  for (const { at, lines } of remarks) {
    const node = document.getIn(at, true);
    if (isNode(node) && lines.length > 0) node.commentBefore = lines.map((line) => ` ${plainText(line)}`).join('\n');
  }
  return commented(head) + document.toString({ lineWidth: 0 }).replace(/( -?\d+)e([-+]\d+)$/gm, '$1.0e$2');
}

/** Several documents of one file under one head. */
export const yamlDocuments = (head: readonly string[], values: readonly unknown[]): string =>
  commented(head) + values.map((value) => yamlText([], value)).join('---\n');

/** A placeholder for names that the tables lack, to be replaced on deployment. */
export const replaceMe = 'REPLACE-ME';

/** What a tool calls something of our tables; null: not known. */
export const nameAt = ({ deployNames }: Pick<Tables, 'deployNames'>, tool: string, kind: string, name: string) =>
  deployNames.find((row) => row.tool === tool && row.kind === kind && row.name === name)?.theirs ?? null;

/** The protocol that a tool takes a server to speak of which nothing else is known. */
export const protocolOf = (tables: Pick<Tables, 'deployNames'>, tool: string): string =>
  nameAt(tables, tool, 'protocol', 'any') ?? replaceMe;

/** Where an engine loads weights from. */
type Checkpoint = {
  /** `organization/repository` on Hugging Face, or a placeholder. */
  id: string;
  /** What the engine makes of them while it loads; null: they are as they run. */
  onLoad: string | null;
  /** What to mind; null: nothing. */
  remark: string | null;
};

/**
 * Published weights of a model in a scheme: those of the scheme, else the released ones if of the scheme, or if the
 * engine converts them as it loads; else a placeholder.
 */
export function checkpointOf(model: ModelRow, { scheme }: QuantizationRow, tables: Tables): Checkpoint {
  const idOf = (wanted: string | null) =>
    tables.checkpoints.find((row) => row.family === model.family && row.scheme === wanted)?.huggingfaceId ?? null;
  const released = idOf(null);
  const own = idOf(scheme) ?? (isReleased(model, scheme) ? released : null);
  if (own !== null) return { id: own, onLoad: null, remark: null };
  const onLoad = nameAt(tables, 'vllm', 'on-load', scheme);
  if (onLoad !== null && released !== null) return { id: released, onLoad, remark: `made ${scheme} as it loads` };
  return {
    id: `${replaceMe}/${model.family}-${scheme}`,
    onLoad: null,
    remark: `no published ${scheme} weights of ${model.family} are in the tables: name or make some${released === null ? '' : ` from ${released}`}`,
  };
}

/** The repository of GGUF files of a model; null: not known. */
export const ggufOf = ({ family }: ModelRow, tables: Tables): string | null =>
  tables.checkpoints.find((row) => row.family === family && row.scheme === 'gguf')?.huggingfaceId ?? null;

/** What needs no rounding of the weights: a type of 16 bits is loaded as another. */
const isReleased = ({ nativeDtype }: ModelRow, scheme: string): boolean =>
  nativeDtype === scheme || (halves.has(scheme) && (nativeDtype === null || halves.has(nativeDtype)));
const halves: ReadonlySet<string> = new Set(['bf16', 'fp16']);

const longestSlug = 40;

/** Names in lower case, digits and dashes for every target, in order, each once. */
export function slugsOf(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name, index) => {
    const plain = name
      .normalize('NFKD')
      .replace(/\p{M}/gu, '')
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .slice(0, longestSlug)
      .replace(/^-+|-+$/g, '');
    const base = /^[a-z]/.test(plain) ? plain : `task-${plain || index + 1}`;
    let slug = base;
    for (let n = 2; taken.has(slug); n++) slug = `${base}-${n}`;
    taken.add(slug);
    return slug;
  });
}

/** The name of a variable of the environment: `faq-peak` is `FAQ_PEAK`. */
export const variable = (...parts: string[]): string =>
  parts
    .join('_')
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, '_');

/** Engine and machines that serve weights of one's own. */
export type Server = {
  engine: Engine;
  model: ModelRow;
  scheme: QuantizationRow;
  accelerator: AcceleratorRow;
  checkpoint: Checkpoint;
  /** Cards of one copy of the model. */
  cardsPerCopy: number;
  copiesPerMachine: number;
  /** Machines as sold at the busiest hour of the first month, with spares; 0: workers. */
  machines: number;
  /** Tokens of the longest request it takes. */
  contextTokens: number;
};

/** An option of the plan with what it serves. */
export type Place = {
  /** Unique, fit for the name of a service. */
  name: string;
  option: Option;
  taskParts: TaskPart[];
  /** Null: the first place of its requests; else what it is there for. */
  second: 'overflow' | 'failover' | null;
  deployment: Deployment;
  lines: readonly CostLine[];
  server: Server | null;
};

/**
 * Who serves what, named: the first places in the plan's order, each with its second. A task whose rules exclude the
 * second place has none.
 */
export function placesOf(plan: Plan, context: Context): Place[] {
  const found = plan.deployments.flatMap((deployment): Omit<Place, 'name'>[] => {
    const { option, second, lines, taskParts } = deployment;
    const first = { option, taskParts, second: null, deployment, lines, server: serverOf(deployment, context) };
    const behind =
      second === undefined ? [] : taskParts.filter((taskPart) => mayServe(second.option, taskPart, context));
    if (second === undefined || behind.length === 0) return [first];
    const { option: other, role, lines: itsLines } = second;
    return [first, { ...first, option: other, taskParts: behind, second: role, lines: itsLines, server: null }];
  });
  const names = slugsOf(
    found.map(({ taskParts, second }) =>
      [...taskParts.map(taskPartName), ...(second === null ? [] : [partNames[second][1]])].join('-'),
    ),
  );
  return found.map((place, i) => ({ name: names[i] as string, ...place }));
}

/** Whether no rule excludes an option for a task, without availability, which is that of a pair. */
const mayServe = (option: Option, taskPart: TaskPart, context: Context): boolean =>
  verdictsOn(option, taskPart, context, null).every(({ gate, verdict }) => gate === availability.id || mayRun(verdict));

function serverOf(deployment: Deployment, context: Context): Server | null {
  const { option, taskParts } = deployment;
  const { workload, tables } = context;
  const { fleet } = option;
  if (fleet === null) return null;
  const { weights, accelerator, gpusPerUnit, gpusPerReplica } = fleet;
  const { model, scheme } = weights;
  const engine = engineOf(workload, tables, accelerator.kind);
  const usual = checkpointOf(model, scheme, tables);
  const tuned = taskParts.some(({ needs, tuningUsd }) => needs.fineTuning || tuningUsd !== undefined);
  return {
    engine,
    model,
    scheme,
    accelerator,
    checkpoint: tuned
      ? { id: `${replaceMe}/${model.family}-tuned`, onLoad: usual.onLoad, remark: `your tuned ${model.family}` }
      : usual,
    cardsPerCopy: gpusPerReplica,
    copiesPerMachine: gpusPerUnit / gpusPerReplica,
    machines: machinesOf(deployment, workload.requestsPerDay),
    contextTokens: contextOf(
      deployment,
      (tokens) => sequencesThatFit(weights, accelerator, gpusPerReplica, tokens, engine),
      context,
    ),
  };
}

/** The usual context of its tasks if one such request fits, else the plan's longest request. */
function contextOf({ option, taskParts }: Deployment, fitting: (tokens: number) => number, context: Context): number {
  const least = Math.max(...taskParts.map((taskPart) => requestShapeOf(option, taskPart, context).contextTokens));
  const usual = Math.max(least, ...taskParts.map(({ needs }) => needs.contextTokens));
  const most = option.contextTokens ?? usual;
  const wanted = Math.ceil(Math.min(usual, most));
  return fitting(wanted) >= 1 ? wanted : Math.ceil(Math.min(least, most));
}

/** The model in a request: for provisioned throughput its deployment, if the provider names one. */
export const requestedModel = ({ option }: Pick<Place, 'option'>, { tables }: Pick<Context, 'tables'>): string =>
  option.provisioned === null
    ? option.model
    : `${option.model}${nameAt(tables, 'provisioned', 'suffix', option.provider) ?? ''}`;

/** What callers use: a task part at a place, by its name. */
type Route = { name: string; taskPart: TaskPart; place: Place; fallback: Route | null };

/** Every task part of the plan in order, with its first place and a fallback; names are unique. */
export function routesOf(places: readonly Place[], { workload }: Context): Route[] {
  const firsts = inTaskOrder(
    places
      .filter(({ second }) => second === null)
      .flatMap((place) => place.taskParts.map((taskPart) => ({ taskPart, place }))),
    workload,
  );
  const behind = firsts.map(({ place, taskPart }) =>
    places.find(
      ({ second, deployment, taskParts }) =>
        second !== null && deployment === place.deployment && taskParts.includes(taskPart),
    ),
  );
  const wanted = firsts.map(({ taskPart }) => taskPartName(taskPart));
  const names = slugsOf([
    ...wanted,
    ...behind.map((place, i) => `${wanted[i]}-${place?.second ? partNames[place.second][1] : ''}`),
  ]);
  return firsts.map(({ taskPart, place }, i) => {
    const second = behind[i];
    const name = names[firsts.length + i] as string;
    const fallback = second === undefined ? null : { name, taskPart, place: second, fallback: null };
    return { name: names[i] as string, taskPart, place, fallback };
  });
}

/** Arguments of the engine with values, as its version spells them; null: run otherwise. */
export function engineArguments(
  place: Place,
  { tables }: Pick<Context, 'tables'>,
): [flag: string, value: string][] | null {
  const { server, name } = place;
  if (server === null) return null;
  const { engine, checkpoint, scheme } = server;
  const tool = engine.row.engine;
  const { memoryFraction } = engine.row;
  const values: [string, string | null][] = [
    ['servedModelName', name],
    ['tensorParallelSize', String(server.cardsPerCopy)],
    ['maxModelLen', String(server.contextTokens)],
    ['maxNumSeqs', String(engine.maxSequences)],
    ['maxNumBatchedTokens', String(engine.chunkTokens)],
    ['gpuMemoryUtilization', memoryFraction === null ? null : String(memoryFraction)],
    ['kvCacheDtype', nameAt(tables, tool, 'kv-cache', String(engine.kvCacheBits))],
    ['dtype', nameAt(tables, tool, 'dtype', scheme.scheme)],
    ['quantization', checkpoint.onLoad],
    ['port', nameAt(tables, tool, 'port', 'http')],
  ];
  const written = values.flatMap(([key, value]): [string, string][] => {
    const flag = nameAt(tables, tool, 'flag', key);
    return flag === null || value === null ? [] : [[flag, value]];
  });
  return written.length === 0 ? null : written;
}

/** What to mind of a model that may think or not; empty: it does one of them. */
export const modeRemark = ({ option: { capability, mode } }: Pick<Place, 'option'>): string[] =>
  capability?.indexStandard == null || capability.indexThinking === null
    ? []
    : [
        mode === 'thinking'
          ? 'the plan has it think: switch thinking on in requests'
          : 'the plan has it answer without thinking: switch thinking off in requests',
      ];

/** USD a month, mean of the horizon, of a place alone, without people and common costs of tasks. */
export const placeUsd = ({ lines }: Pick<Place, 'lines'>, { workload }: Context): number =>
  lines.reduce((usd, { curve }) => usd + at(curve, workload.requestsPerDay), 0);

/** Share of its task parts' requests that a place serves: the second takes the rest. */
function shareOf({ deployment, second }: Place, { workload }: Context): number {
  const beside = deployment.second?.share(workload.requestsPerDay) ?? 0;
  return second === null ? 1 - beside : beside;
}

/** Tokens a month, mean of the horizon, in and out of a place, with reasoning. */
function placeTokens(place: Place, context: Context): { input: number; output: number } {
  const { option, taskParts } = place;
  let [input, output] = [0, 0];
  for (const taskPart of taskParts) {
    const requests = monthlyRequests(taskPart, context) * shareOf(place, context);
    const shape = requestShapeOf(option, taskPart, context);
    input += requests * shape.inputTokens;
    output += requests * shape.outputTokens;
  }
  return { input, output };
}

/** Requests a month, mean of the horizon. */
export const monthlyRequests = (taskPart: TaskPart, { workload }: Context): number =>
  taskPart.requestsPerDay * requestsPerMonthPerDaily(taskPart, workload);

/** USD per token. */
type PricePerToken = { input: number; output: number };

/**
 * Machine cost per token: the mean monthly cost over the tokens of a month, output weighted by the ratio of prices at
 * the model's cheapest API, else the usual ratio. Null: no tokens.
 */
export function machinePrice(place: Place, context: Context): PricePerToken | null {
  const { tables, workload } = context;
  const { input, output } = placeTokens(place, context);
  const rows = tables.api.filter(({ family, speed }) => family === place.option.family && speed === null);
  const cheapest = rows.reduce<(typeof rows)[number] | null>(
    (least, row) => (least === null || blended(row) < blended(least) ? row : least),
    null,
  );
  const ratio =
    cheapest === null || cheapest.inputUsdPerMTok === 0
      ? workload.assume('outputPriceRatio')
      : cheapest.outputUsdPerMTok / cheapest.inputUsdPerMTok;
  const weighted = input + ratio * output;
  if (weighted === 0) return null;
  const perInput = placeUsd(place, context) / weighted;
  return { input: rounded(perInput), output: rounded(perInput * ratio) };
}

const blended = ({ inputUsdPerMTok, outputUsdPerMTok }: { inputUsdPerMTok: number; outputUsdPerMTok: number }) =>
  inputUsdPerMTok + outputUsdPerMTok;
