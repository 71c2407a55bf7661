import type { Tables } from '../tables/tables.js';
import { nameKey, sameName } from '../units/suggest.js';
import { isMap, type Path } from './source.js';

/*
 * What people write where they guess, and what to write instead: data, compared as names are. Each hint is one sentence with
 * an example. None of them may loosen a rule on data. What can only mean one thing is read: see habits.ts.
 */

/** Fields that there are not, by what they are called, and how it is said. */
const fields: readonly (readonly [guesses: string, instead: string])[] = [
  [
    'region, regions, location, country, geography, data residency, data region, data location',
    'write where data must stay as `data: {residency: [eea]}`, or us, uk …',
  ],
  [
    'air gapped, airgap, air gap, no internet, no network, disconnected, offline only',
    'write `needs: {offline: true}`',
  ],
  [
    'corpus, documents, document count, knowledge base, docs, rag, retrieval',
    'write how many documents there are as `needs: {rag: {documents: 20k, tokensPerDocument: 1500}}`',
  ],
  [
    'provider, providers, cloud, clouds, vendor, vendors, platform, platforms',
    'name those to consider as `preferences: {only: [cloud-api]}`, or by their names',
  ],
  [
    'model, models, llm',
    'write how good a model must be as `capability: {tier: strong}`, or `capability: {atLeast: MODEL}`',
  ],
  [
    'quality, accuracy, intelligence, level',
    'write how good a model must be as `capability: {tier: strong}`, one of basic, general, strong, frontier',
  ],
  [
    'gpu, gpus, card, cards, chip, hardware, machine, machines, own gpus',
    'name cards that you own as `existing: [{accelerator: NAME, count: 8}]`',
  ],
  [
    'ttft, first token, time to first token, p95, latency ms, response time, max latency, latency target',
    'write `latency: {ttftP95: 800ms}` in the task',
  ],
  [
    'input tokens, prompt tokens, input, prompt, prompt length, input length',
    'write `tokens: {input: 1500}` in the task',
  ],
  [
    'output tokens, completion tokens, output, completion, output length, answer tokens',
    'write `tokens: {output: 300}` in the task',
  ],
  [
    'requests, requests per day, requests per month, qps, rps, rate, traffic, calls, conversations, messages, load',
    'write `workload: {volume: 50k requests/day}`',
  ],
  ['users, employees, developers, seats, customers', 'write `workload: {volume: 300 users, requestsPerUser: 10}`'],
  [
    'compliance, regulation, regulations, regulatory, law, laws, standards, certifications',
    'write laws and standards as `data: {regimes: [hipaa]}`',
  ],
  ['baa, dpa, contract, contracts, signed', 'write what is signed as `data: {agreements: [baa]}`'],
  [
    'pii, phi, personal, personal data, classification, data classification, data class, confidential, confidentiality',
    'write how sensitive data are as `data: {sensitivity: regulated, kinds: [phi]}`',
  ],
  ['staff, people, engineers, fte, headcount, ops', 'write who runs it as `team: {devops: 1, mlInfra: 0.5}`'],
  ['cost, max cost, spend, monthly budget, max monthly cost, price limit', 'write `budget: {monthly: 5000}`'],
  ['sla, uptime, slo', 'write `needs: {availability: 99.5%}`'],
  ['batch, async, asynchronous, nightly, batchable', 'write how long answers may take as `deadline: 24h` in the task'],
  [
    'context, context window, context length, max context, max tokens',
    'write the longest request as `tokens: {maxInput: 32k}` in the task',
  ],
  ['duration, period, months, contract length, term', 'write how far to look as `workload: {horizon: 24 months}`'],
  [
    'peak, peak factor, burst, bursts, peak hours, hours, schedule',
    'write `workload: {profile: business-hours}` or `profile: {peakToMean: 3}`',
  ],
  ['phones, laptops, on device, edge', 'write `devices: {count: 100k}`'],
  ['fine tuned, finetune, finetuned, lora, custom model', 'write `needs: {fineTuning: true}`'],
  [
    'cache, caching, prompt caching, system prompt, cached',
    'write what requests share as `tokens: {cacheablePrefix: 60%}` in the task',
  ],
  [
    'current, current setup, current cost, status quo',
    'write what is in use as `today: {option: cloud-api/PROVIDER/MODEL, bill: 9000/month}`',
  ],
  [
    'no training, training, training allowed, train on data, allow training, opt out of training',
    'write `data: {ownRegimes: [{name: no training, requires: option:no-training}]}`',
  ],
  [
    'pages, document pages, words, characters, document length',
    'write the size of a request as `tokens: {input: 24000}` in the task',
  ],
  [
    'total, total requests, one off, one time',
    'write a job that ends as `workload: {volume: 1.2M requests, once: true}`',
  ],
  [
    'mode, interactive, realtime, real time',
    'write `latency: {ttftP95: 1s}` where somebody waits, else `deadline: 24h`',
  ],
  [
    'company, organization, organisation, industry, sector, country',
    'write the rules that follow from it as `data: {regimes: [gdpr], residency: [eu]}`',
  ],
  ['working days, working days only, days per month', 'write `workload: {profile: business-hours}`'],
  ['run on, deployment, deploy to, hosting', 'write `preferences: {only: [cloud-api]}`'],
  ['optimize, optimise, priority, goal', 'write `preferences: {objective: cost}`'],
  ['images, image, photos', 'write `tokens: {images: 1}` and `needs: [vision]` in the task'],
  ['start, launch, launch date, go live', 'write `team: {launchWithin: 8 weeks}`'],
];

/** The same where the field stands in a certain place. */
const fieldsIn: Record<string, readonly (readonly [string, string])[]> = {
  existing: [
    [
      'gpu, gpus, card, cards, name, type, model, hardware',
      'write `accelerator: NAME`, one that `deploy-advisor hardware` lists',
    ],
    ['number, amount, quantity', 'write `count: 8`'],
  ],
  rag: [
    ['count, number', 'write `documents: 20k` with `tokensPerDocument: 1500`'],
    ['top k, chunks, passages, chunk size', 'write the tokens found for a request as `retrieved: 3000`'],
    ['tokens, size', 'write `documents: 30M tokens`'],
  ],
};

/** What somebody else calls a deployment type. */
const deploymentTypes: readonly (readonly [guesses: string, instead: string])[] = [
  ['closed model, closed models, closed model api, proprietary api, commercial api, proprietary', 'write `cloud-api`'],
  [
    'open model, open models, open weights api, open model apis, hosted open models, hosted model',
    'write `open-model-api`',
  ],
  ['api, apis', 'write `cloud-api` for closed models, `open-model-api` for open ones'],
  ['dedicated endpoint, dedicated endpoints, managed, managed endpoints, managed inference', 'write `managed-hosting`'],
  ['serverless, serverless gpus', 'write `serverless-gpu`'],
  [
    'rented gpus, cloud gpu, cloud gpus, gpu cloud, rented, self hosted, own cloud, vm, vms',
    'write `self-hosted-cloud`',
  ],
  ['on premises, on premise, onprem, own servers, own machines, owned hardware, local, own gpus', 'write `on-prem`'],
  ['device, phone, phones, on the device, client side', 'write `edge`'],
];

/** Words that the format or the tables do not have, by the key they stand under. */
const words: Record<string, readonly (readonly [guesses: string, instead: string])[]> = {
  type: [
    ['voice agent, voice bot, phone agent, phone, call center, ivr, telephone, voice', 'write `type: voice-assistant`'],
    [
      'rag, rag chat, document search, search, enterprise search, knowledge base, qa, question answering, document qa, doc qa, manual',
      'write `type: rag-answering`',
    ],
    [
      'chat, chatbot, bot, support chat, support, customer support, customer service, faq, conversation, conversational, assistant',
      'write `type: faq-chat`, or `support-agent-tools` where it looks things up by tools',
    ],
    [
      'coding agent, coding agents, developer agent, agentic coding, software agent, swe agent',
      'write `type: code-agent`',
    ],
    [
      'coding, code, coding assistant, code assistant, copilot, pair programming',
      'write `type: code-chat`, `code-completion` for lines as one types, or `code-agent` where it works alone',
    ],
    [
      'agent, agents, assistant agent, tool calling, tool use, workflow, agentic',
      'write `type: office-work-agent`, or `function-calling` for single calls',
    ],
    [
      'image description, image descriptions, image captioning, captioning, captions, alt text, vision, image understanding, images, ocr, photo description, product images',
      'write `type: ocr-and-image-questions`',
    ],
    [
      'text rewriting, rewriting, rewrite, paraphrasing, product descriptions, content generation, content, marketing, copywriting, writing, generation, text generation',
      'write `type: creative-writing`',
    ],
    [
      'keyboard, autocomplete, next word, next word prediction, suggestions, typing, smart compose',
      'write `type: text-autocomplete`',
    ],
    [
      'tagging, labeling, labelling, sentiment, sentiment analysis, routing, triage, categorization, categorisation, annotation',
      'write `type: classification`, or `extraction` where it fills in fields',
    ],
    [
      'email, emails, letters, letter drafting, drafting, writing letters, reply drafting',
      'write `type: email-drafting`',
    ],
    ['redaction, anonymization, anonymisation, pseudonymization', 'write `type: personal-data-redaction`'],
    [
      'document analysis, document review, contract review, contracts, legal, due diligence, long documents, long document qa, document qa',
      'write `type: document-analysis-long-context`',
    ],
    ['notes, note taking, meeting notes, medical notes, clinical notes, minutes', 'write `type: summarization`'],
    ['parsing, structured extraction, data extraction, entity extraction, ner', 'write `type: extraction`'],
    ['sql, database, text2sql, analytics', 'write `type: text-to-sql`'],
    ['reasoning, research, analysis, deep research', 'write `type: complex-reasoning`'],
    ['tutor, tutoring, education, math', 'write `type: math-tutoring`'],
    ['role play, characters, npc, npc dialogue, dialogue, storytelling', 'write `type: creative-writing`'],
    ['synthetic data, distillation', 'write `type: synthetic-data-labelling`'],
    [
      'evaluation, evaluations, evals, eval, benchmark, benchmarks, benchmarking, judge, judging, grading, scoring, llm as judge',
      'write `type: complex-reasoning`',
    ],
    ['moderation, content moderation, filter, filtering, spam, safety', 'write `type: moderation-filter`'],
    ['localization, localisation, translate, translations, machine translation', 'write `type: translation`'],
    ['summary, summaries, summarize, summarise, summarisation, reports, report', 'write `type: summarization`'],
    [
      'classify, classifier, extract, structured output',
      'write `type: classification`, or `extraction` where it fills in fields',
    ],
  ],
  sensitivity: [
    [
      'confidential, secret, private, sensitive, restricted, proprietary, high, strictly confidential',
      'say what they are: `pii` for data about people, `regulated` where a law decides, `internal` for all else within a company',
    ],
    ['low, none, open', 'write `public` only for what anybody may read, else `internal`'],
    ['local, on premises, on prem, offline', 'write how far data may go as `boundary: own-premises`, or `device`'],
  ],
  boundary: [
    ['vpc, own vpc, own cloud, private cloud, our cloud, own tenant, cloud account', 'write `boundary: own-account`'],
    ['on prem, on premise, on premises, datacenter, data center, local, in house', 'write `boundary: own-premises`'],
    ['phone, on device, edge, device only', 'write `boundary: device`'],
    ['eu, europe, eea, us', 'write where data must stay as `residency: [eea]`'],
  ],
  residency: [
    [
      'europe, european union, eu only, eu west, eu central',
      'write `eea`, or the code of one country of it, such as `de`',
    ],
    ['usa, united states, us east, us west', 'write `us`'],
    ['america, north america', 'write `us`, or `ca` for Canada'],
    ['united kingdom, great britain, england, gb', 'write `uk`'],
    ['germany', 'write `de`'],
    ['france', 'write `fr`'],
    ['spain', 'write `es`'],
    ['italy', 'write `it`'],
    ['netherlands', 'write `nl`'],
    ['ireland', 'write `ie`'],
    ['sweden', 'write `se`'],
    ['poland', 'write `pl`'],
    ['austria', 'write `at`'],
    ['belgium', 'write `be`'],
    ['finland', 'write `fi`'],
    ['denmark', 'write `dk`'],
    ['portugal', 'write `pt`'],
    ['switzerland', 'write `ch`'],
    ['canada', 'write `ca`'],
    ['japan', 'write `jp`'],
    ['india', 'write `in`'],
    ['australia', 'write `au`'],
    ['brazil', 'write `br`'],
    ['china', 'write `cn`'],
    ['korea, south korea', 'write `kr`'],
    ['singapore', 'write `sg`'],
  ],
  regimes: [
    ['ccpa, cpra, california', 'write `us-state-privacy`'],
    ['eu data protection, dsgvo, rgpd', 'write `gdpr`'],
    ['ai act', 'write `eu-ai-act`'],
  ],
  profile: [
    ['nightly, night, batch, overnight', 'write `profile: batch-nightly`'],
    ['24/7, 24x7, constant, always, even, uniform, steady, around the clock', 'write `profile: flat`'],
    ['office hours, office, working hours, daytime, weekdays, work hours, 9 to 5', 'write `profile: business-hours`'],
    ['evening, evenings, consumer', 'write `profile: consumer-chat`'],
    ['bursty, burst, peaks, peaky', 'write `profile: spiky`, or `profile: {peakToMean: 8}`'],
  ],
  tier: [
    ['low, small, cheap', 'write `tier: basic`'],
    ['medium, good, average, normal, standard', 'write `tier: general`, or `strong` for more'],
    ['high, very good, better', 'write `tier: strong`, or `frontier` for the best'],
    ['best, sota, state of the art, highest, top', 'write `tier: frontier`'],
  ],
  only: deploymentTypes,
  exclude: deploymentTypes,
  classes: [
    [
      'phone, phones, mobile, smartphone, smartphones, android',
      'write the name of a chip, one that `deploy-advisor hardware --kind phone` lists',
    ],
    ['iphone, iphones, ios', 'write the name of a chip, one that `deploy-advisor hardware --kind phone` lists'],
    [
      'laptop, laptops, macbook, notebook, desktop, pc',
      'write the name of a chip, one that `deploy-advisor hardware --kind soc` lists',
    ],
  ],
};

/** Where a map is wanted, how a lone value is most likely meant. */
const loneValues: Record<string, (value: string) => string> = {
  budget: (value) => `budget: {monthly: ${value}}`,
  workload: (value) => `workload: {volume: ${value}}`,
  volume: (value) => `volume: ${value} requests/day`,
  data: (value) => `data: {sensitivity: ${value}}`,
  latency: (value) => `latency: {ttftP95: ${value}}`,
  capability: (value) => (/\d/.test(value) ? `capability: {atLeast: ${value}}` : 'capability: {tier: strong}'),
  tokens: (value) => `tokens: {input: ${value}, output: 300}`,
  team: (value) => (/^[\d.]/.test(value) ? `team: {devops: ${value}}` : 'team: {devops: 0, mlInfra: 0}'),
  devices: (value) => `devices: {count: ${value}}`,
  needs: () => 'needs: {offline: true}',
  development: (value) => `development: {share: ${value}}`,
  today: (value) => `today: {option: ${value}}`,
  easy: (value) => `easy: {share: ${value}}`,
  sensitive: (value) => `sensitive: {share: ${value}}`,
  tuned: (value) => `tuned: {cost: ${value}}`,
  tasks: (value) => `tasks: [{type: ${value}}]`,
  existing: (value) => `existing: [{accelerator: ${value}, count: 1}]`,
  preferences: (value) => `preferences: {only: [${value}]}`,
};

/** Whether a word is one of those of a row. */
export const isGuess = (guesses: string, word: string): boolean =>
  guesses.split(', ').some((guess) => nameKey(guess) === nameKey(word));

const among = (table: readonly (readonly [string, string])[] | undefined, word: string): string | null =>
  table?.find(([guesses]) => isGuess(guesses, word))?.[1] ?? null;

/** What to write instead of a field that there is not, or null. */
export function fieldMeant(path: Path, key: string): string | null {
  const parent = String(path.findLast((step) => typeof step === 'string') ?? '');
  return among(Object.hasOwn(fieldsIn, parent) ? fieldsIn[parent] : undefined, key) ?? among(fields, key);
}

/** What to write instead of a word that is not known under the last key of a path, or null. */
export function wordMeant(path: Path, word: string): string | null {
  const key = String(path.findLast((step) => typeof step === 'string' && step !== word) ?? '');
  return among(Object.hasOwn(words, key) ? words[key] : undefined, word);
}

/** Names under a key, each with another word for it where there is one: `rag-answering (rag)`. */
export const withOtherWords = (key: string, names: readonly string[]): string =>
  names
    .map((name) => {
      const [guesses = ''] = words[key]?.find(([, hint]) => hint.startsWith(`write \`${key}: ${name}\``)) ?? [];
      const [other] = guesses.split(', ');
      return other === '' ? name : `${name} (${other})`;
    })
    .join(', ');

/** Keys under which a wrong guess with one meaning is read as that. */
const read = new Set(['type', 'profile', 'only', 'exclude', 'residency', 'regimes', 'boundary', 'tier']);

/** The one name that a word can mean under a key, or null: where there are several. */
export function onlyMeaning(key: string, word: string): string | null {
  if (!read.has(key)) return null;
  const [, name = null] = /^write `(?:[a-z]+: )?([a-z0-9-]+)`$/.exec(wordMeant([key], word) ?? '') ?? [];
  return name;
}

/** Kinds of data by words of everyday; which of them is meant follows from the regimes. */
const everydayKinds: readonly (readonly [guesses: string, kinds: readonly string[]])[] = [
  [
    'financial, finance, financial data, bank, banking, bank data, account, accounts, account data',
    ['financial-eu', 'financial-us'],
  ],
  [
    'health, health data, medical, medical data, medical records, health records, patient, patients, patient data, clinical',
    ['phi', 'special-category'],
  ],
  [
    'payment, payments, payment data, card, cards, card data, card numbers, credit card, credit cards, pan',
    ['cardholder-data'],
  ],
  [
    'pii, personal data, personal information, customer, customers, employee, employees, names, addresses, contact data',
    ['personal', 'personal-eea', 'customer-data'],
  ],
  ['biometric, religion, ethnicity, union membership, sensitive personal data', ['special-category']],
  ['student, students, education, school, grades', ['education-record']],
  ['police, criminal, law enforcement', ['criminal-justice']],
  ['legal, privileged, client, attorney client', ['client-confidential']],
  ['government, public sector, federal', ['us-federal', 'government-sa']],
  ['export controlled, technical, defense, defence', ['technical-data']],
];

/** What a word of everyday may mean among the kinds of data, with the regimes that have a rule for it: those named, if any. */
export function kindsMeant(
  word: string,
  { regimes }: Tables,
  named: readonly string[],
): { kind: string; regimes: string[] }[] {
  const meant = everydayKinds.find(([guesses]) => isGuess(guesses, word))?.[1] ?? [];
  const all = meant.map((kind) => {
    const rows = regimes.filter(({ dataKind }) => dataKind === kind);
    return { kind, rows, regimes: [...new Set(rows.map(({ regime }) => regime))] };
  });
  const asked = all.filter(({ rows }) =>
    rows.some(({ regime, aliases }) => named.some((name) => sameName(name, [regime, ...aliases]) !== null)),
  );
  return (asked.length > 0 ? asked.slice(0, 1) : all).map(({ kind, regimes }) => ({ kind, regimes }));
}

/** What regimes that are named call a kind of data that only others have a rule for, with one that does. */
export function kindsUnder(
  kind: string,
  { regimes }: Tables,
  named: readonly string[],
): { kind: string; regime: string }[] {
  const asked = regimes.filter(({ regime, aliases }) =>
    named.some((name) => sameName(name, [regime, ...aliases]) !== null),
  );
  if (asked.some(({ dataKind }) => dataKind === kind)) return [];
  const alike = everydayKinds.flatMap(([, kinds]) => (kinds.includes(kind) ? kinds : []));
  return alike.flatMap((other) => {
    const row = asked.find(({ dataKind }) => dataKind === other);
    return row === undefined ? [] : [{ kind: other, regime: row.regime }];
  });
}

/** How a value that stands where a map or a list is wanted is written, or null. */
export function shapeMeant(path: Path, value: unknown): string | null {
  const key = String(path.at(-1) ?? '');
  if (isMap(value)) return `write a list: \`${key}:\`, and below it each entry behind a hyphen`;
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  const text = Object.hasOwn(loneValues, key) ? loneValues[key]?.(String(value).slice(0, 40)) : undefined;
  return text === undefined ? null : `write \`${text}\``;
}

/** Every guess at a word with its hint, by the key it stands under. */
export const wordsGuessed = (): [key: string, word: string, hint: string][] =>
  Object.entries(words).flatMap(([key, table]) =>
    table.flatMap(([guesses, hint]) => guesses.split(', ').map((word): [string, string, string] => [key, word, hint])),
  );

/** Every guess at a field with its hint. */
export const fieldsGuessed = (): [field: string, hint: string][] =>
  [...fields, ...Object.values(fieldsIn).flat()].flatMap(([guesses, hint]) =>
    guesses.split(', ').map((field): [string, string] => [field, hint]),
  );

/** Fields without which the ones beside them say nothing. */
const missing: Readonly<Record<string, string>> = {
  'workload.volume': 'write how many requests there are as `volume: 50k requests/day`, or `volume: 300 users`',
  'today.option': 'write what is in use as `option: cloud-api/PROVIDER/MODEL`, or leave out `today`',
};

/** What to write where a field is missing; null: its name says it. */
export const missingMeant = (path: Path): string | null => missing[path.join('.')] ?? null;
