import { at } from '../cost/curve.js';
import { feeAt, isFeeUnknown, knownFees, toolsUsd } from '../cost/extras.js';
import { audioPrices, isUnpublished, knownFor, unpublishedAudio } from '../cost/prompt.js';
import { forecastFigures, forecastText } from '../cost/quote.js';
import { introductionEnded, tierPrices, unpublishedPriority } from '../cost/token-prices.js';
import { contractWarnings, priceAgeDays } from '../decide/basis.js';
import { variantsOf, waysWeighed } from '../decide/cuts.js';
import type { Warning } from '../decide/decision.js';
import { todaysPlan } from '../decide/find-plan.js';
import { hindsightWarnings } from '../decide/months.js';
import { notConsidered, planVerdicts } from '../decide/option-report.js';
import { machinesOf, optionsOf, optionWords, type Plan } from '../decide/plan.js';
import type { Reviewed } from '../decide/review.js';
import { apartIn, bundlesAt } from '../decide/several-case.js';
import { todayOf } from '../decide/timeline.js';
import { nameOf, type Option, sellerOf } from '../places/option.js';
import { ownedUnits, ownRoom } from '../places/own-hardware.js';
import type { Context } from '../places/placement.js';
import { dataGates } from '../rules/registry.js';
import type { ApiRow } from '../tables/columns.js';
import { rowKey } from '../tables/price-book/apply-price-book.js';
import type { Tables } from '../tables/tables.js';
import { daysBetween } from '../units/month.js';
import { countWords, rounded, usdWords, weeksWords } from '../units/numeric.js';
import type { ReadScenario } from '../workload/read.js';
import type { TaskPart } from '../workload/workload.js';

/** The report was cut short. */
export const stopped: Warning = {
  code: 'stopped',
  message: 'the program was stopped: what the analyses had not finished is missing',
};

export const leversLeftOut: Warning = {
  code: 'levers-left-out',
  message: 'levers are not worked out for the decision alone: ask for them without --point',
};

/** Ways to cut many tasks up soon are more than anybody reads digits of. */
const mostTold = 1_000_000;

/** The introductory price of the same model elsewhere, where a list has no end for it. */
function introductionOf(row: ApiRow, { api, ownPricing }: Tables): ApiRow | undefined {
  if (row.until !== null || ownPricing?.changed.has(rowKey({ table: 'api', row: row.row }))) return undefined;
  return api.find(
    ({ family, until, inputUsdPerMTok, outputUsdPerMTok, nextInputUsdPerMTok }) =>
      family === row.family &&
      until !== null &&
      nextInputUsdPerMTok !== null &&
      inputUsdPerMTok === row.inputUsdPerMTok &&
      outputUsdPerMTok === row.outputUsdPerMTok,
  );
}

/** A price or a fee of little confidence. */
const weakSource = (what: string): Warning => ({
  code: 'low-confidence-price',
  message: `${what} comes from one weak source: check it`,
});

/** An option of the plan, what it is called, and what it serves. */
type Serving = { option: Option; where: string; taskParts: readonly TaskPart[] };

/** Gaps in the facts about images that a deployment has to read. */
function imageWarnings({ option, where, taskParts }: Serving, { workload, tables }: Context): Warning[] {
  const { family } = option;
  const images = taskParts.flatMap(({ tokens }) => tokens.images ?? []);
  if (images.length === 0 || family === null) return [];
  const model = nameOf('model', family, tables);
  if (isUnpublished(family, tables))
    return [...new Set(images.map(({ size }) => size))].map((size) => {
      const { least, most, mostOf } = knownFor(size, tables);
      const taken = least + workload.assume('unpublishedImageTokens') * (most - least);
      const highest = mostOf === null ? '' : ` (${nameOf('model', mostOf.family, tables)})`;
      return {
        code: 'image-tokens-unknown',
        message: `nobody published how many tokens ${model} counts for an image of ${size}: the bill takes ${countWords(taken)}, and known models count ${countWords(least)} to ${countWords(most)}${highest}: measure 20 images`,
        figures: { tokens: taken, leastTokens: least, mostTokens: most },
      };
    });
  if (option.api !== null) return [];
  return [
    {
      code: 'image-work-left-out',
      message: `the work of the image encoder of ${model} is not in the capacity of ${where}: measure it with your images`,
    },
  ];
}

/** Missing prices of a service tier and facts about audio, replaced by assumptions in a bill. */
function gapWarnings({ option, where, taskParts }: Serving, { workload, tables }: Context): Warning[] {
  const { family, api } = option;
  const isHeard = taskParts.some(({ tokens }) => tokens.audioSeconds !== undefined);
  const tiers = api === null ? [] : taskParts.flatMap((one) => tierPrices(api, one, workload).billedAs ?? []);
  const gap = (is: boolean, code: string, what: string, name: string, unit: string): Warning[] => {
    if (!is) return [];
    const taken = workload.assume(name);
    const { low: least = taken, high: most = taken } = tables.parameterOf.get(name) ?? {};
    const message = `nobody published ${what} at ${where}: the bill takes ${taken} ${unit}, and published ones are ${least} to ${most}: ${api === null ? 'measure it' : `ask ${nameOf('provider', option.provider, tables)}`}`;
    return [{ code, message, figures: { taken, least, most } }];
  };
  const weak = tiers.some(
    ({ tier, over }) =>
      over === undefined &&
      tables.serviceTiers.some(({ row, confidence }) => row === api?.tierRows?.[tier] && confidence === 'low'),
  );
  const isUncounted = isHeard && !tables.audioTokensOf.has(family ?? '');
  const isUnpriced = isHeard && api !== null && audioPrices(api, tables) === null;
  const isBounded = tiers.some(({ tier, over }) => tier === 'priority' && over !== undefined);
  return [
    ...gap(isUncounted, 'audio-unknown', 'the tokens of a second of audio', unpublishedAudio.perSecond, 'tokens'),
    ...gap(isUnpriced, 'audio-unknown', 'a price of audio', unpublishedAudio.price, 'times that of text'),
    ...gap(isBounded, 'priority-price-unknown', 'priority prices', unpublishedPriority, 'times the standard ones'),
    ...(weak ? [weakSource(`the tier price of ${where}`)] : []),
    ...(tiers.some(({ tier, over }) => tier === 'flex' && over !== undefined)
      ? [{ code: 'no-flex-price', message: `no flex price of ${where} is published: the bill takes the standard one` }]
      : []),
  ];
}

/** Tool fees in a bill that are unpublished, or from one weak source. */
function toolWarnings({ option, where, taskParts }: Serving, { workload, tables }: Context): Warning[] {
  const seller = sellerOf(option);
  const byTool = new Map(taskParts.flatMap(({ tools = [] }) => tools.map((calls) => [calls.tool, calls])));
  return [...byTool.values()].flatMap((calls): Warning[] => {
    const { tool } = calls;
    if (!isFeeUnknown(calls, seller, tables))
      return feeAt(tool, seller, tables)?.confidence === 'low'
        ? [weakSource(`the fee for calls of ${tool} on ${where}`)]
        : [];
    const one = { ...calls, calls: 1 };
    const { lowest, highest } = knownFees(one, tables);
    const taken = toolsUsd({ tools: [one] }, seller, { tables, workload });
    const [least, most] = [lowest?.usd ?? 0, highest?.usd ?? 0];
    const names = highest === null ? '' : ` (${nameOf('provider', highest.row.provider, tables)})`;
    return [
      {
        code: 'tool-fee-unknown',
        message: `no fee for calls of ${tool} is published for ${where}: the bill takes $${taken} a call, and known fees are $${least} to $${most}${names}: ask for it, or write your own under \`fees.perToolCall\``,
        figures: { usdPerCall: taken, leastUsdPerCall: least, mostUsdPerCall: most },
      },
    ];
  });
}

/** Warnings on the advice, on what is owned and on what the scenario leaves open. */
export function warningsOf(read: ReadScenario, reviewed: Reviewed | null, context: Context): Warning[] {
  const { workload, tables } = context;
  const plan = reviewed?.plan ?? null;
  const deployments = plan?.deployments ?? [];
  const warnings: Warning[] = notConsidered(read, workload, tables);
  const today = todaysPlan(context);
  if (typeof today === 'string') {
    warnings.push({
      code: 'unknown-option',
      message: `today.option is not known: ${today}; savings leave out the people it takes`,
    });
  }
  if (workload.today?.billUsdPerMonth === null) {
    warnings.push({
      code: 'no-bill',
      message: 'today.option is given without today.bill: what the change saves, and when it pays, is not told',
    });
  }
  const now = todayOf(context);
  if (now !== null && now.listBill !== null) {
    const { bill, listBill } = now;
    if (Math.abs(listBill - bill) > workload.assume('billUnlikeList') * bill)
      warnings.push({
        code: 'bill-unlike-list',
        message: `at the prices of the tables this volume would cost ${usdWords(listBill)}${workload.once ? '' : ' a month'} on what is in use today, and today.bill is ${usdWords(bill)}: check the volume, the tokens or your discounts`,
        figures: { bill, listBill },
      });
  }
  for (const option of deployments.flatMap(optionsOf)) {
    const where = optionWords(option, tables);
    const taskParts = deployments.flatMap((one) => (optionsOf(one).includes(option) ? one.taskParts : []));
    const serving = { option, where, taskParts };
    if (option.api && introductionEnded(option.api, workload.asOf))
      warnings.push({
        code: 'forecast-price',
        message: `the price of ${where} is to be checked: ${forecastText(option.api, tables.snapshot.date)}`,
        figures: forecastFigures(option.api),
      });
    else if (option.api?.confidence === 'low') warnings.push(weakSource(`the price of ${where}`));
    const [how, from] = option.capability?.method?.split(':') ?? [];
    if (how === 'predecessor')
      warnings.push({
        code: 'inherited-capability',
        message: `no public score of ${nameOf('model', option.family ?? option.model, tables)} is known: it is taken as the low end of ${nameOf('model', from ?? '', tables)}, the model it follows; prices.capability.${option.family} states what you measured`,
      });
    warnings.push(
      ...imageWarnings(serving, context),
      ...gapWarnings(serving, context),
      ...toolWarnings(serving, context),
    );
    const introduced = option.api && introductionOf(option.api, tables);
    if (introduced) {
      const { provider, until, nextInputUsdPerMTok: input, nextOutputUsdPerMTok: output } = introduced;
      warnings.push({
        code: 'maybe-introductory',
        message: `${where} costs what ${provider} asks for it until ${until}, and ${introduced.nextEstimated ? 'by estimate ' : ''}${input} and ${output} USD per 1e6 tokens after: nothing says that it stays so here, so check it`,
        figures: { inputUsdPerMTok: input ?? 0, outputUsdPerMTok: output ?? 0 },
      });
    }
    const apart = option.api === null ? (tables.providerOf.get(option.provider)?.billedApart ?? null) : null;
    if (apart !== null)
      warnings.push({
        code: 'billed-apart',
        message: `${option.provider} bills ${apart} on top, which the tables have no price of: ${where} costs more than is told`,
      });
    const free = option.api?.freeTokensPerMonth ?? 0;
    if (free > 0)
      warnings.push({
        code: 'free-tokens',
        message: `the first ${countWords(free)} tokens of a month on ${where} are free; they are not taken off its bill`,
        figures: { tokens: free },
      });
  }
  const ways = waysWeighed(context);
  if (ways.weighed < ways.all) {
    warnings.push({
      code: 'ways-left-out',
      message: `${ways.weighed} of ${ways.all < mostTold ? countWords(ways.all) : `over ${countWords(mostTold)}`} ways to cut tasks up were weighed: raise assumptions.slicingVariants and assumptions.slicesWeighed for more`,
      figures: { weighed: ways.weighed, all: ways.all },
    });
  }
  const largest = variantsOf(context).reduce((most, way) =>
    way.workload.taskParts.length > most.workload.taskParts.length ? way : most,
  );
  const tasks = largest.workload.taskParts.length;
  if (tasks > apartIn(largest).wanted) {
    const groups = bundlesAt(largest);
    warnings.push({
      code: 'tasks-together',
      message: `${tasks} tasks, or parts of tasks, are placed as ${groups} groups of those that can run in the same places: merge tasks that ask for the same, or raise assumptions.tasksApart`,
      figures: { tasks, groups },
    });
  }
  for (const { accelerator, count } of workload.existing) {
    const fillsMachines = ownedUnits(context).some(
      (unit) => unit.accelerator.accelerator === accelerator && unit.offers.some(({ owned }) => owned > 0),
    );
    if (fillsMachines) continue;
    warnings.push({
      code: 'existing-unused',
      message: `${count} x ${accelerator} fill no machine that the tables know at each of ${workload.sites} site${workload.sites === 1 ? '' : 's'}: they do not enter the decision`,
    });
  }
  for (const { option, second } of deployments) {
    const accelerator = option.fleet?.accelerator.accelerator;
    const owned = workload.existing.find((one) => one.accelerator === accelerator);
    if (second?.role !== 'overflow' || owned === undefined) continue;
    warnings.push({
      code: 'existing-not-spared',
      message: `the plan buys ${accelerator}, of which ${owned.count} are owned: machines with an API above them are priced as bought, so that what those spare is not in the bill`,
      figures: { owned: owned.count },
    });
  }
  warnings.push(...roomPowerWarnings(plan, context));
  if (reviewed !== null) {
    const passes = [...reviewed.verdicts, ...planVerdicts(reviewed.plan, context)];
    for (const { verdict } of passes) {
      const { warning } = verdict.why();
      if (warning !== null && !warnings.some(({ message }) => message === warning.message)) warnings.push(warning);
    }
  }
  const unsure = deployments
    .flatMap(({ lines }) => lines)
    .filter(({ rateAssumed }) => rateAssumed)
    .reduce((sum, { curve }) => sum + at(curve, workload.requestsPerDay), 0);
  if (plan !== null && unsure > workload.assume('smallUnknownShare') * plan.monthlyUsd) {
    warnings.push({
      code: 'rate-assumed',
      message: `${usdWords(unsure)} of the bill are priced at an assumed rate: see the parts marked so`,
      figures: { usd: rounded(unsure) },
    });
  }
  // How long it takes to agree is nobody's to know, so it turns nothing down.
  const within = workload.team.launchWithinWeeks;
  const isOpen = reviewed?.verdicts.some(({ gate, verdict }) => dataGates.has(gate) && verdict.state === 'condition');
  const weeks = isOpen ? workload.assume('leadTimeAgreement') : 0;
  if (within !== null && weeks > within) {
    warnings.push({
      code: 'agreements-after-launch',
      message: `what the data ask for has to be settled first, which may take ${weeksWords(weeks)}: it is to run within ${weeksWords(within)}`,
      figures: { weeks, within },
    });
  }
  const { corrected } = tables.snapshot;
  if (corrected)
    warnings.push({
      code: 'corrected-prices',
      message: `${corrected.cells} cells of the prices of ${tables.snapshot.date} were corrected since, last on ${corrected.published}: --no-corrections takes them as they were released`,
      figures: { cells: corrected.cells },
    });
  warnings.push(...ageWarnings(plan, context));
  if (plan !== null)
    warnings.push(...contractWarnings(plan, tables, workload.requestsPerDay), ...hindsightWarnings(plan, tables));
  if (
    workload.taskParts.some(
      ({ needs }) => needs.sensitivity === 'regulated' && needs.regimes.length === 0 && !needs.boundaryGiven,
    )
  ) {
    warnings.push({
      code: 'regime-not-named',
      message: 'data are regulated but no regime is named, so they stay in your own account: name data.regimes',
    });
  }
  return warnings;
}

/** Prices that are old on the day of the answer, or that nobody could know then. */
function ageWarnings(plan: Plan | null, { workload, tables }: Context): Warning[] {
  const { date } = tables.snapshot;
  const snapshotDays = daysBetween(date, workload.asOf);
  if (snapshotDays < 0)
    return [
      {
        code: 'later-prices',
        message: `the prices are of ${date}, ${-snapshotDays} days after the day you ask about: --pricing takes those of an earlier day`,
        figures: { days: snapshotDays },
      },
    ];
  const days = Math.max(snapshotDays, (plan && priceAgeDays(plan, tables, workload.asOf)) ?? 0);
  const mayBe = workload.assume('priceAgeWarning');
  if (days <= mayBe) return [];
  const whose = days > snapshotDays ? 'a price of the plan was last seen' : 'the prices were collected';
  return [
    {
      code: 'old-prices',
      message: `${whose} ${days} days ago; in ${mayBe} days some prices move and some offers go: check the prices of the plan${days > snapshotDays ? '' : ', or take a newer snapshot'}`,
      figures: { days, after: mayBe },
    },
  ];
}

/** Machines of one's own that draw more power than usual rooms have. */
function roomPowerWarnings(plan: Plan | null, { workload }: Context): Warning[] {
  const watts = (plan?.deployments ?? []).reduce((sum, deployment) => {
    const { fleet, provider } = deployment.option;
    if (fleet === null || provider !== ownRoom) return sum;
    return sum + machinesOf(deployment, workload.requestsPerDay) * fleet.gpusPerUnit * (fleet.accelerator.tdpW ?? 0);
  }, 0);
  const kw = (watts * workload.assume('serverPowerOverGpuTdp')) / wattsPerKw;
  const most = workload.assume('roomPower');
  return kw <= most
    ? []
    : [
        {
          code: 'room-power',
          message: `the machines draw up to ${countWords(Math.round(kw))} kW: few rooms have the power and cooling for more than ${countWords(most)} kW (assumptions.roomPower); the rest is priced at what a colocation takes for it: ask who runs the room`,
          figures: { kw: Math.round(kw), most },
        },
      ];
}
const wattsPerKw = 1000;
