import type { Tables } from '../tables/tables.js';
import { daysPerMonth, monthsPerYear } from '../units/month.js';
import { timesPerDay } from '../units/volume.js';
import { type Findings, findingError, findingWarning } from './issues.js';
import { capabilityOf } from './resolve-task.js';
import type { Scenario, ScenarioData, ScenarioTask, Volume } from './schema.js';
import type { Path } from './source.js';

/** Legal values that are more often mistakes; they only warn, so they are no assumptions. */
const unusual = {
  requestsPerDay: 1e9,
  tokensPerDay: 1e13,
  inputTokens: 1e6,
  outputPerInput: 50,
  share: 0.001,
  monthlyGrowth: 0.5,
  availability: 0.9999,
  latencyMs: 50,
} as const;

/** Impossible values: another unit or suffix was meant, and results would be meaningless. */
const impossible = { requestsPerDay: 1e12, tokensPerDay: 1e18, inputTokens: 1e7 } as const;

/** Fields that are legal and unlikely, or beyond sense. */
export function* suspicions(scenario: Scenario): Findings {
  const { workload, tasks, needs, data, team } = scenario;
  yield* ofVolume(workload.volume, ['workload', 'volume']);
  if (workload.growth && workload.growth.likely > unusual.monthlyGrowth) {
    const message = `growth of ${percent(workload.growth.likely)} a month is unusual`;
    yield warn('steep-growth', ['workload', 'growth'], message, 'did you mean per year?');
  }
  for (const [index, task] of tasks.entries()) yield* ofTask(task, ['tasks', index], scenario);
  if (tasks.every(({ volume }) => volume))
    yield warn('unused-volume', ['workload', 'volume'], 'every task has its own volume, so this one serves nothing');
  yield* ofAvailability(needs?.availability, ['needs', 'availability']);
  yield* regimeNotNamed(data, ['data']);
  yield* ofTeam(team);
}

/** Digits as they are written, but for those that a product of fractions adds. */
const percent = (share: number) => `${Number((share * 100).toPrecision(12))}%`;
const warn = (
  code: string,
  path: Path,
  message: string,
  suggestion: string | null = null,
  uses: readonly Path[] = [],
) => findingWarning(code, path, message, { suggestion, uses });

function* regimeNotNamed(data: ScenarioData | undefined, at: Path, common: Path[] = []): Findings {
  if (data?.sensitivity !== 'regulated' || data.regimes?.length) return;
  const rule = data.boundary === undefined ? 'the strictest usual boundary is used' : 'no rule of a regime is asked';
  const message = `the data is regulated and no regime is named: ${rule}`;
  const uses = [[...at, 'regimes'], ...common];
  yield warn('regime-not-named', [...at, 'sensitivity'], message, 'add regimes, for example [gdpr]', uses);
}

function* ofVolume({ amount, of, per }: Volume, path: Path): Findings {
  const daily = amount.likely * (per ? timesPerDay(per, daysPerMonth) : 1);
  const key = of === 'tokens' ? 'tokensPerDay' : 'requestsPerDay';
  const shown = `${Number(daily.toPrecision(3))} ${of} a day`;
  const suggestion = 'check the suffix: 50k is 50,000, 2M is 2,000,000';
  if (daily > impossible[key])
    yield findingError('impossible-size', path, `${shown} are more than mankind has`, { suggestion });
  else if (daily > unusual[key])
    yield warn('huge-volume', path, `${shown} is more than almost anyone has`, 'check the suffix and the period');
}

function* ofTask(
  { share, volume, tokens, latency, availability, data, deadlineHours, serviceTier }: ScenarioTask,
  at: Path,
  scenario: Scenario,
): Findings {
  if (volume) yield* ofVolume(volume, [...at, 'volume']);
  if (share && share.likely < unusual.share) {
    const [message, hint] =
      share.likely === 0
        ? ['a share of 0% has no requests, and the rules of the task hold all the same', 'leave the task out']
        : [`a share of ${percent(share.likely)} hardly matters`, 'did you mean percent?'];
    yield warn('tiny-share', [...at, 'share'], message, hint);
  }
  yield* ofTokens(tokens, [...at, 'tokens']);
  const { ttftP95Ms, totalP95Ms } = latency ?? {};
  for (const [key, ms] of Object.entries({ ttftP95: ttftP95Ms, totalP95: totalP95Ms }))
    if (ms !== undefined && ms < unusual.latencyMs) {
      const message = `${ms} ms is faster than a network round trip allows`;
      yield warn('tight-latency', [...at, 'latency', key], message, 'a bare number is in milliseconds');
    }
  const hasTarget = ttftP95Ms !== undefined || totalP95Ms !== undefined;
  const [oneOnly, uses] = ['leave out the one that is not meant', [[...at, 'latency']]];
  if (deadlineHours !== undefined && deadlineHours >= 1 && hasTarget) {
    const hours = `${Number(deadlineHours.toPrecision(6))} ${deadlineHours === 1 ? 'hour' : 'hours'}`;
    const message = `both count: the work may wait ${hours} and is billed so, and the latency target holds once an answer is begun, which no batch tariff promises`;
    yield warn('deadline-and-latency', [...at, 'deadline'], message, oneOnly, uses);
  }
  if ((serviceTier ?? scenario.needs?.serviceTier) === 'flex' && hasTarget) {
    const path = serviceTier === undefined ? ['needs', 'serviceTier'] : [...at, 'serviceTier'];
    const message =
      'flex answers may take minutes and may be refused: no provider promises a latency target at this tier';
    yield warn('flex-and-latency', path, message, oneOnly, uses);
  }
  yield* ofAvailability(availability, [...at, 'availability']);
  if (!scenario.data?.regimes?.length) yield* regimeNotNamed(data, [...at, 'data'], [['data', 'regimes']]);
}

function* ofTokens({ input, output }: NonNullable<ScenarioTask['tokens']> = {}, at: Path): Findings {
  if (input === undefined) return;
  const { likely } = input;
  const written = `${likely} input tokens per request`;
  if (likely >= impossible.inputTokens) {
    const suggestion = 'write those of one request, as in `input: 2k`; documents to search go to `needs: {rag: …}`';
    yield findingError('impossible-size', [...at, 'input'], `${written} are more than any model reads`, { suggestion });
  } else if (likely > unusual.inputTokens)
    yield warn('huge-input', [...at, 'input'], `${written} exceed most context windows`);
  if (output === undefined || output.likely <= likely * unusual.outputPerInput) return;
  const message = `the output is more than ${unusual.outputPerInput} times the input`;
  const hint = 'check that input and output are not swapped';
  yield warn('long-output', [...at, 'output'], message, hint, [[...at, 'input']]);
}

/** What `k` behind a number stands for. */
const thousand = 1000;

/** Legal values that are unlikely by the tables. */
export function* suspicionsInTables({ team, tasks }: Scenario, tables: Tables): Findings {
  for (const [index, task] of tasks.entries()) yield* ofQuality(task, ['tasks', index], tables);
  yield* ofYearlyCost(team, tables);
}

/** A quality below what is usual for the task type lets in poor models; a tier needs no number. */
function* ofQuality(task: ScenarioTask, at: Path, tables: Tables): Findings {
  const preset = tables.taskOf.get(task.type);
  if (preset === undefined || task.capability === undefined) return;
  const { need } = capabilityOf(task, preset, tables);
  const usual = preset.minIndexLikely;
  // Of a model that nobody judged nothing is known.
  if (need === 0 || need >= usual) return;
  const [key = '', value] = Object.entries(task.capability)[0] ?? [];
  const said = typeof value === 'string' ? `\`${key}: ${value}\` asks` : 'this asks';
  const message = `${said} for a quality of ${Number(need.toFixed(1))}, and ${usual} is usual for ${task.type}`;
  const hint = 'leave `capability` out for what is usual; `docs/glossary.md` tells which model is in which tier';
  yield warn('below-usual', [...at, 'capability', key], message, hint, [[...at, 'type']]);
}

function* ofYearlyCost(team: Scenario['team'], { parameterOf }: Tables): Findings {
  const usual = parameterOf.get('defaultLoadedFte');
  const given = team?.yearlyCostUsd?.likely;
  // Nothing is a cost that somebody means.
  if (usual === undefined || !given || given * monthsPerYear >= usual.low) return;
  const inThousands = given * thousand;
  const hint =
    inThousands >= usual.low && inThousands <= usual.high ? `did you mean ${given}k?` : 'it is the full cost of a year';
  const message = `$${given} a year for a person is less than the tables take for a month: $${Math.round(usual.low / monthsPerYear)} and more`;
  yield warn('low-yearly-cost', ['team', 'yearlyCost'], message, hint);
}

function* ofAvailability(availability: number | undefined, path: Path): Findings {
  if (availability !== undefined && availability > unusual.availability)
    yield warn('extreme-availability', path, `${percent(availability)} allows less than an hour of outage a year`);
}

function* ofTeam(team: Scenario['team']): Findings {
  const { devops, mlInfra, freeFte, mayHire } = team ?? {};
  if (devops === undefined && mlInfra === undefined) return;
  const uses = ['devops', 'mlInfra', 'free', 'mayHire'].map((key) => ['team', key]);
  const people = (devops?.likely ?? 0) + (mlInfra?.likely ?? 0);
  if (mayHire === false && people === 0 && !freeFte?.likely) {
    const message = 'nobody runs it and nobody may be hired: only what needs no people remains';
    yield findingWarning('nobody', ['team'], message, { on: 'key', uses });
  }
  if (freeFte && freeFte.likely > people) {
    const message = `more time is free (${freeFte.likely} FTE) than the team has (${people} FTE)`;
    yield warn('free-over-team', ['team', 'free'], message, null, uses);
  }
}
