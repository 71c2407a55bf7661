import type { Tables } from '../tables/tables.js';
import { daysPerMonth, monthsPerYear } from '../units/clock.js';
import { timesPerDay } from '../units/volume.js';
import { type Finding, findingError, findingWarning } from './issues.js';
import { capabilityOf } from './resolve-task.js';
import type { Scenario, ScenarioTask, Volume } from './schema.js';
import type { Path } from './source.js';

/** Legal values that are more often a slip of the pen. They stop nothing, so they are no assumptions of the model. */
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

/** Beyond anything there is: whoever wrote it meant another unit or suffix, and no figure made of it means anything. */
const impossible = { requestsPerDay: 1e12, tokensPerDay: 1e18, inputTokens: 1e7 } as const;

/** Fields that are legal and unlikely, or beyond sense. */
export function suspicions(scenario: Scenario): Finding[] {
  const { workload, tasks, needs, data, team } = scenario;
  return [
    ...ofVolume(workload.volume, ['workload', 'volume']),
    ...(workload.growth && workload.growth.likely > unusual.monthlyGrowth
      ? [
          warn(
            'steep-growth',
            ['workload', 'growth'],
            `growth of ${percent(workload.growth.likely)} a month is unusual`,
            'did you mean per year?',
          ),
        ]
      : []),
    ...tasks.flatMap((task, index) => ofTask(task, ['tasks', index], scenario)),
    ...(tasks.every(({ volume }) => volume)
      ? [warn('unused-volume', ['workload', 'volume'], 'every task has its own volume, so this one serves nothing')]
      : []),
    ...ofAvailability(needs?.availability, ['needs', 'availability']),
    ...(data?.sensitivity === 'regulated' && !data.regimes?.length
      ? [regimeNotNamed(['data', 'sensitivity'], data.boundary !== undefined, [['data', 'regimes']])]
      : []),
    ...ofTeam(team),
  ];
}

/** Digits as they are written, but for those that a product of fractions adds. */
const percent = (share: number) => `${Number((share * 100).toPrecision(12))}%`;
const warn = (code: string, path: Path, message: string, suggestion: string | null = null) =>
  findingWarning(code, path, message, { suggestion });

const regimeNotNamed = (path: Path, isBound: boolean, uses: Path[]) =>
  findingWarning(
    'regime-not-named',
    path,
    `the data is regulated and no regime is named: ${isBound ? 'no rule of a regime is asked' : 'the strictest usual boundary is used'}`,
    {
      suggestion: 'add regimes, for example [gdpr]',
      uses,
    },
  );

function ofVolume({ amount, of, per }: Volume, path: Path): Finding[] {
  const daily = amount.likely * (per ? timesPerDay(per, daysPerMonth) : 1);
  const key = of === 'tokens' ? 'tokensPerDay' : 'requestsPerDay';
  if (daily <= unusual[key]) return [];
  if (daily > impossible[key]) {
    const message = `${Number(daily.toPrecision(3))} ${of} a day are more than mankind has`;
    return [
      findingError('impossible-size', path, message, {
        suggestion: 'check the suffix: 50k is 50,000, 2M is 2,000,000',
      }),
    ];
  }
  return [
    warn(
      'huge-volume',
      path,
      `${Number(daily.toPrecision(3))} ${of} a day is more than almost anyone has`,
      'check the suffix and the period',
    ),
  ];
}

function ofTask(
  { share, volume, tokens, latency, availability, data, deadlineHours, serviceTier }: ScenarioTask,
  at: Path,
  scenario: Scenario,
): Finding[] {
  const findings = volume ? ofVolume(volume, [...at, 'volume']) : [];
  if (share && share.likely < unusual.share) {
    const [message, hint] =
      share.likely === 0
        ? ['a share of 0% has no requests, and the rules of the task hold all the same', 'leave the task out']
        : [`a share of ${percent(share.likely)} hardly matters`, 'did you mean percent?'];
    findings.push(warn('tiny-share', [...at, 'share'], message, hint));
  }
  if (tokens?.input && tokens.input.likely >= impossible.inputTokens) {
    const message = `${tokens.input.likely} input tokens per request are more than any model reads`;
    const suggestion = 'write those of one request, as in `input: 2k`; documents to search go to `needs: {rag: …}`';
    findings.push(findingError('impossible-size', [...at, 'tokens', 'input'], message, { suggestion }));
  } else if (tokens?.input && tokens.input.likely > unusual.inputTokens) {
    findings.push(
      warn(
        'huge-input',
        [...at, 'tokens', 'input'],
        `${tokens.input.likely} input tokens per request exceed most context windows`,
      ),
    );
  }
  if (tokens?.input && tokens.output && tokens.output.likely > tokens.input.likely * unusual.outputPerInput) {
    const path = [...at, 'tokens', 'output'];
    const message = `the output is more than ${unusual.outputPerInput} times the input`;
    findings.push(
      findingWarning('long-output', path, message, {
        suggestion: 'check that input and output are not swapped',
        uses: [[...at, 'tokens', 'input']],
      }),
    );
  }
  for (const [key, ms] of [
    ['ttftP95', latency?.ttftP95Ms],
    ['totalP95', latency?.totalP95Ms],
  ] as const) {
    if (ms !== undefined && ms < unusual.latencyMs) {
      findings.push(
        warn(
          'tight-latency',
          [...at, 'latency', key],
          `${ms} ms is faster than a network round trip allows`,
          'a bare number is in milliseconds',
        ),
      );
    }
  }
  const targets = [latency?.ttftP95Ms, latency?.totalP95Ms].filter((target) => target !== undefined);
  if (deadlineHours !== undefined && deadlineHours >= 1 && targets.length > 0) {
    const hours = `${Number(deadlineHours.toPrecision(6))} ${deadlineHours === 1 ? 'hour' : 'hours'}`;
    const message = `both count: the work may wait ${hours} and is billed so, and the latency target holds once an answer is begun, which no batch tariff promises`;
    findings.push(
      findingWarning('deadline-and-latency', [...at, 'deadline'], message, {
        suggestion: 'leave out the one that is not meant',
        uses: [[...at, 'latency']],
      }),
    );
  }
  const tier = serviceTier ?? scenario.needs?.serviceTier;
  if (tier === 'flex' && targets.length > 0) {
    const path = serviceTier === undefined ? ['needs', 'serviceTier'] : [...at, 'serviceTier'];
    const message =
      'flex answers may take minutes and may be refused: no provider promises a latency target at this tier';
    const hint = { suggestion: 'leave out the one that is not meant', uses: [[...at, 'latency']] };
    findings.push(findingWarning('flex-and-latency', path, message, hint));
  }
  findings.push(...ofAvailability(availability, [...at, 'availability']));
  if (data?.sensitivity === 'regulated' && !data.regimes?.length && !scenario.data?.regimes?.length) {
    findings.push(
      regimeNotNamed([...at, 'data', 'sensitivity'], data.boundary !== undefined, [
        [...at, 'data', 'regimes'],
        ['data', 'regimes'],
      ]),
    );
  }
  return findings;
}

/** What `k` behind a number stands for. */
const thousand = 1000;

/** What is legal and unlikely beside what the tables say. */
export function suspicionsInTables({ team, tasks }: Scenario, tables: Tables): Finding[] {
  return [...tasks.flatMap((task, index) => ofQuality(task, ['tasks', index], tables)), ...ofYearlyCost(team, tables)];
}

/** A quality below what is usual for the type of the task lets in what is often not good enough: a tier says so with no number. */
function ofQuality(task: ScenarioTask, at: Path, tables: Tables): Finding[] {
  const preset = tables.taskOf.get(task.type);
  if (preset === undefined || task.capability === undefined) return [];
  const { need } = capabilityOf(task, preset, tables);
  const usual = preset.minIndexLikely;
  // Of a model that nobody judged nothing is known.
  if (need === 0 || need >= usual) return [];
  const [key = '', value] = Object.entries(task.capability)[0] ?? [];
  const said = typeof value === 'string' ? `\`${key}: ${value}\` asks` : 'this asks';
  const message = `${said} for a quality of ${Number(need.toFixed(1))}, and ${usual} is usual for ${task.type}`;
  const hint = 'leave `capability` out for what is usual; `docs/glossary.md` tells which model is in which tier';
  return [
    findingWarning('below-usual', [...at, 'capability', key], message, { suggestion: hint, uses: [[...at, 'type']] }),
  ];
}

function ofYearlyCost(team: Scenario['team'], { parameterOf }: Tables): Finding[] {
  const usual = parameterOf.get('defaultLoadedFte');
  const given = team?.yearlyCostUsd?.likely;
  // Nothing is a cost that somebody means.
  if (usual === undefined || !given || given * monthsPerYear >= usual.low) return [];
  const inThousands = given * thousand;
  const hint =
    inThousands >= usual.low && inThousands <= usual.high ? `did you mean ${given}k?` : 'it is the full cost of a year';
  const message = `$${given} a year for a person is less than the tables take for a month: $${Math.round(usual.low / monthsPerYear)} and more`;
  return [warn('low-yearly-cost', ['team', 'yearlyCost'], message, hint)];
}

function ofAvailability(availability: number | undefined, path: Path): Finding[] {
  if (availability === undefined || availability <= unusual.availability) return [];
  return [warn('extreme-availability', path, `${percent(availability)} allows less than an hour of outage a year`)];
}

function ofTeam(team: Scenario['team']): Finding[] {
  if (!team) return [];
  const uses: Path[] = [
    ['team', 'devops'],
    ['team', 'mlInfra'],
    ['team', 'free'],
    ['team', 'mayHire'],
  ];
  const people = (team.devops?.likely ?? 0) + (team.mlInfra?.likely ?? 0);
  const counted = team.devops !== undefined || team.mlInfra !== undefined;
  const findings: Finding[] = [];
  if (team.mayHire === false && counted && people === 0 && !team.freeFte?.likely) {
    findings.push(
      findingWarning('nobody', ['team'], 'nobody runs it and nobody may be hired: only what needs no people remains', {
        on: 'key',
        uses,
      }),
    );
  }
  if (counted && team.freeFte && team.freeFte.likely > people) {
    findings.push(
      findingWarning(
        'free-over-team',
        ['team', 'free'],
        `more time is free (${team.freeFte.likely} FTE) than the team has (${people} FTE)`,
        { uses },
      ),
    );
  }
  return findings;
}
