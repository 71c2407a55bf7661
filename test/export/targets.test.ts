import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse as parseCsv } from 'csv-parse/sync';
import { Deployment } from 'kubernetes-models/apps/v1/Deployment';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget';
import { Pod } from 'kubernetes-models/v1/Pod';
import { Service as ServiceManifest } from 'kubernetes-models/v1/Service';
import { beforeAll, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { sequencesThatFit, weightsOf } from '../../src/capacity/replica.js';
import { monthsOf } from '../../src/decide/months.js';
import { kindsOf } from '../../src/decide/recommendation.js';
import { exportPlan } from '../../src/export/export-plan.js';
import type { TargetName } from '../../src/export/own-places.js';
import { placesOf } from '../../src/export/places.js';
import { allWritten, filesFor, type Written, writtenAs } from '../support/exported.js';
import { cliHere } from '../support/recording-io.js';

/** What decides whether a text is of a target. */
type Check = (text: string) => string[];

const load = (name: string) => JSON.parse(readFileSync(`test/fixtures/schemas/${name}.json`, 'utf8'));
const ajv = new Ajv2020({ strict: false });
const closed = (name: string): ((value: unknown) => string[]) => {
  const validate = ajv.compile(load(name));
  return (value) => (validate(value) ? [] : (validate.errors ?? []).map((error) => JSON.stringify(error)));
};

/** The schema of the compose specification writes old names of its parts, which nothing refers to. */
function composeSchema(): (value: unknown) => string[] {
  const file =
    'schemastore/schemas/json/raw.githubusercontent.com/compose-spec/compose-spec/master/schema/compose-spec.json';
  const text = readFileSync(createRequire(import.meta.url).resolve(file), 'utf8');
  const schema = JSON.parse(text, function (this: unknown, key, value) {
    return key === 'id' && typeof value === 'string' ? undefined : value;
  });
  schema.$schema = 'https://json-schema.org/draft/2019-09/schema';
  const validate = new Ajv2019({ strict: false, validateFormats: false }).compile(schema);
  return (value) => (validate(value) ? [] : (validate.errors ?? []).map((error) => JSON.stringify(error)));
}

/** Validates by the classes of the cluster's own types. */
const valid = (object: { validate(): void }): string[] => {
  try {
    object.validate();
    return [];
  } catch (error) {
    return [String(error)];
  }
};
const podErrors = (spec: unknown): string[] => valid(new Pod({ metadata: { name: 'x' }, spec: spec as never }));

type Manifest = { kind: string; spec: never; metadata: never };
const kubernetesErrors: Check = (text) =>
  parseAllDocuments(text).flatMap((document) => {
    const { kind, spec, metadata } = document.toJS() as Manifest;
    if (kind === 'Deployment') return valid(new Deployment({ spec, metadata }));
    if (kind === 'Service') return valid(new ServiceManifest({ spec, metadata }));
    if (kind === 'PodDisruptionBudget') return valid(new PodDisruptionBudget({ spec, metadata }));
    return [`unknown kind ${kind}`];
  });

/** Instructions and parameters of a Modelfile as Ollama reads it. */
const modelfileErrors: Check = (text) => {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const wrong = lines.filter(
    (line) =>
      !/^(?:FROM (?:hf\.co\/[\w.-]+\/[\w.-]+:[A-Z0-9_]+|\.\/[\w.-]+\.gguf)|PARAMETER (?:num_ctx|num_predict) [1-9]\d*)$/.test(
        line,
      ),
  );
  return [...wrong, ...(lines.filter((line) => line.startsWith('FROM ')).length === 1 ? [] : ['not one FROM'])];
};

const shellErrors: Check = (text) => {
  const { status, stderr } = spawnSync('sh', ['-n'], { input: text, encoding: 'utf8' });
  const unknown = [...text.matchAll(/^ {2}(--[\w-]+)/gm)].flatMap(([, flag]) =>
    flags.has(flag as string) ? [] : [flag as string],
  );
  return [...(status === 0 ? [] : [stderr]), ...unknown];
};
/** Flags of the pinned version, as its documentation has them; the tables may write no other. */
const flags: ReadonlySet<string> = new Set(
  '--served-model-name --tensor-parallel-size --pipeline-parallel-size --max-model-len --max-num-seqs --max-num-batched-tokens --gpu-memory-utilization --kv-cache-dtype --quantization --dtype --port --no-enable-prefix-caching'.split(
    ' ',
  ),
);

const composeErrors = composeSchema();
const skypilotErrors = closed('skypilot-service');
const stackErrors = closed('production-stack-values');
const kserveErrors = closed('kserve-llm-inference-service');
const envoyErrors = closed('envoy-ai-gateway');
const portkeyErrors = closed('portkey-config');

/** How a target is checked, and edits of a good file that must each be refused. */
const checks: Partial<
  Record<TargetName, { check: Check; broken: [from: string | RegExp, to: string][]; least: number }>
> = {
  vllm: {
    check: shellErrors,
    broken: [['--max-num-seqs', '--max-num-seq']],
    least: 8,
  },
  compose: {
    check: (text) => {
      const value = parse(text, { version: '1.1' });
      const services = Object.values(value.services ?? {}) as { deploy: never }[];
      const cards = services.map(
        ({ deploy }) =>
          (deploy as { resources: { reservations: { devices: { capabilities?: string[] }[] } } })?.resources
            ?.reservations?.devices?.[0],
      );
      // What the schema lets pass: without the capability no card is given.
      return [
        ...composeErrors(value),
        ...(cards.every((card) => card?.capabilities?.includes('gpu')) ? [] : ['no gpu']),
      ];
    },
    broken: [[/capabilities:\n +- gpu/, 'options: {}']],
    least: 5,
  },
  kubernetes: {
    check: kubernetesErrors,
    broken: [[/replicas: \d+/, 'replicas: many']],
    least: 5,
  },
  skypilot: {
    check: (text) => skypilotErrors(parse(text)),
    broken: [[/replicas: \d+/, 'replicas: 0']],
    least: 1,
  },
  kserve: {
    check: (text) => {
      const value = parse(text);
      return [...kserveErrors(value), ...podErrors(value.spec?.template)];
    },
    broken: [['uri: hf://', 'uri: ']],
    least: 5,
  },
  'production-stack': {
    check: (text) => stackErrors(parse(text)),
    broken: [
      ['replicaCount:', 'replicas:'],
      [/maxNumSeqs: \d+/, 'maxNumSeqs: lots'],
    ],
    least: 5,
  },
  envoy: {
    check: (text) => parseAllDocuments(text).flatMap((document) => envoyErrors(document.toJS())),
    broken: [['backendRefs:', 'backendRef:']],
    least: 25,
  },
  portkey: {
    check: (text) => portkeyErrors(JSON.parse(text)),
    broken: [['"mode": "conditional"', '"mode": "any"']],
    least: 25,
  },
  ollama: {
    check: modelfileErrors,
    broken: [
      ['FROM ', 'FORM '],
      [/FROM .*\n/, ''],
    ],
    least: 3,
  },
};

let all: Written[] = [];
beforeAll(async () => {
  all = [...(await allWritten()), ...(await others())];
}, 300_000);

/** Plans that none of the committed scenarios is advised: rented machines of a cloud, and models of every sort. */
async function others(): Promise<Written[]> {
  const ids = [
    ['overnight-claims', 'self-hosted-cloud/aws/qwen3-32b@fp8/p5.48xlarge/us-east-1/on-demand'],
    ['overnight-claims', 'self-hosted-cloud/aws/qwen3-8b@fp16/g4dn.12xlarge/us-east-1/on-demand'],
    ['overnight-claims', 'self-hosted-cloud/azure/llama-3.3-70b@fp8/Standard_ND96isr_MI300X_v5/westus3/on-demand'],
  ] as const;
  return (await Promise.all(ids.map(([name, id]) => writtenAs(name, id)))).filter((one) => one !== null);
}

test.each(Object.entries(checks))(
  'every file for %s is what it reads, and broken ones are not',
  (target, { check, broken, least }) => {
    const files = filesFor(all, target as TargetName);
    expect(files.length).toBeGreaterThanOrEqual(least);
    for (const { path, text, written } of files) expect(check(text), `${written.name} ${path}`).toEqual([]);
    for (const [from, to] of broken) {
      const { text } = files.find((file) => file.text.search(from) >= 0) ?? { text: '' };
      const edited = text.replace(from, to);
      expect(edited, `${from}`).not.toBe(text);
      expect(check(edited).length, `${target}: ${to}`).toBeGreaterThan(0);
    }
  },
);

test('every file says where it is from and that nothing was applied, and holds no key', () => {
  for (const target of [...Object.keys(checks), 'litellm', 'adr'] as TargetName[]) {
    if (target === 'portkey') continue;
    for (const { text, written } of filesFor(all, target)) {
      expect(text).toContain('not applied to anything: review before use');
      expect(text).toContain(`prices of ${written.context.tables.snapshot.date}`);
      expect(text, target).not.toMatch(/\b(?:sk|hf|pk|xoxb|ghp)[-_][A-Za-z0-9]{16,}/);
    }
  }
});

/** Flags with their values in a list of arguments, without the weights before them. */
function flagsIn(words: readonly string[]): Record<string, string> {
  const [, ...rest] = words;
  return Object.fromEntries(rest.flatMap((word, i) => (i % 2 === 0 ? [[word, rest[i + 1] ?? '']] : [])));
}

type Service = {
  command: string[];
  ports: string[];
  deploy: { resources: { reservations: { devices: { device_ids: string[] }[] } } };
};

test('commands, compose files and manifests say the same, and what `capacity` says of that machine', async () => {
  const asked = new Map<string, { sequences: number; engine: string; longest: number }>();
  let compared = 0;
  for (const written of all) {
    const { files, places } = written;
    for (const { name, server, option } of places) {
      const script = files.get('vllm')?.find(({ path }) => path === `${name}.vllm.sh`)?.text;
      if (script === undefined || server === null) continue;
      const ports = [...script.matchAll(/--port (\d+)/g)].map(([, port]) => port);
      expect(ports.length).toBe(server.copiesPerMachine);
      expect(new Set(ports).size).toBe(ports.length);
      const devices = [...script.matchAll(/^\w+_VISIBLE_DEVICES=([\d,]+) /gm)].flatMap(([, cards = '']) =>
        cards.split(','),
      );
      expect(new Set(devices).size).toBe(ports.length === 1 ? 0 : option.fleet?.gpusPerUnit);
      const lines = script.slice(script.indexOf('vllm serve ')).split(/ &\n|\n(?=exec|wait)/)[0] ?? '';
      const values = flagsIn(lines.replaceAll('\\\n', ' ').trim().split(/\s+/).slice(2));
      const yaml = (target: TargetName, file: string) => files.get(target)?.find(({ path }) => path === file)?.text;
      const compose = yaml('compose', `${name}.compose.yaml`);
      if (compose !== undefined) {
        const services = Object.values(parse(compose).services) as Service[];
        expect(services.length).toBe(server.copiesPerMachine);
        // Every card of a machine is one copy's, and every copy has a port of its own.
        const cards = services.flatMap(({ deploy }) =>
          deploy.resources.reservations.devices.flatMap((one) => one.device_ids),
        );
        expect(cards.map(Number)).toEqual(Array.from({ length: option.fleet?.gpusPerUnit ?? 0 }, (_, card) => card));
        expect(new Set(services.map(({ ports }) => ports.join())).size).toBe(services.length);
        for (const { command } of services) expect(flagsIn(command)).toEqual(values);
      }
      const manifests = yaml('kubernetes', `${name}.kubernetes.yaml`);
      if (manifests !== undefined) {
        const [deployment] = parseAllDocuments(manifests).map((document) => document.toJS());
        const { spec } = deployment;
        expect(flagsIn(spec.template.spec.containers[0].args)).toEqual(values);
        expect(spec.replicas).toBe(server.machines * server.copiesPerMachine);
      }
      const cards = values['--tensor-parallel-size'] ?? '';
      expect(Number(cards)).toBe(option.fleet?.gpusPerReplica);
      const context = values['--max-model-len'] ?? '';
      const key = [option.model, option.hardware, cards, option.quantization, context].join();
      const known =
        asked.get(key) ??
        (await capacityOf(
          `--model ${option.model} --accelerator ${option.hardware} --count ${cards} --quantization ${option.quantization} --context ${context}`,
        ));
      asked.set(key, known);
      expect({ sequences: Number(values['--max-num-seqs']), engine: server.engine.row.engine }).toEqual({
        sequences: known.sequences,
        engine: known.engine,
      });
      // A request as long as the engine is told to take has room in its cache.
      expect(known.longest, key).toBeGreaterThanOrEqual(1);
      compared++;
    }
  }
  expect(compared).toBeGreaterThan(8);
});

test('a request as long as is usual is taken where it fits, else as long as the plan is made for', () => {
  let [usual, clipped] = [0, 0];
  for (const { plan, context, places } of all) {
    const parts = places.filter(({ server }) => server !== null).flatMap(({ taskParts }) => taskParts);
    const before = parts.map(({ needs }) => needs.contextTokens);
    for (const { needs } of parts) needs.contextTokens = 1e7;
    for (const { server, option } of placesOf(plan, context)) {
      const weights = server && weightsOf(server.model, server.scheme);
      if (server === null || weights === null) continue;
      const { accelerator, cardsPerCopy, contextTokens, engine } = server;
      expect(
        sequencesThatFit(weights, accelerator, cardsPerCopy, contextTokens, engine),
        option.id,
      ).toBeGreaterThanOrEqual(1);
      if (contextTokens === option.contextTokens) usual++;
      else clipped++;
    }
    for (const [i, { needs }] of parts.entries()) needs.contextTokens = before[i] as number;
  }
  expect({ usual: usual > 0, clipped: clipped > 0 }).toEqual({ usual: true, clipped: true });
});

async function capacityOf(machine: string): Promise<{ sequences: number; engine: string; longest: number }> {
  const { out, code } = await cliHere(`capacity ${machine} --input 1000 --output 200 --format json -q`);
  const answer = JSON.parse(out);
  expect(code, out.slice(0, 300)).toBe(0);
  return { sequences: answer.maxSequences, engine: answer.engine, longest: answer.memory.longestSequences };
}

test('FOCUS rows add up to the report to the cent: in all, by month, by part, and the purchases up front', async () => {
  for (const written of all) {
    const [file] = written.files.get('focus') ?? [];
    const rows = csvRows(file?.text ?? '');
    const { plan, context } = written;
    const { months } = context.workload;
    const sum = (column: string, takes: (row: Record<string, string>) => boolean = () => true) =>
      rows.filter(takes).reduce((usd, row) => usd + Number(row[column]), 0);
    expect(sum('EffectiveCost') / months, written.name).toBeCloseTo(plan.monthlyUsd, 2);
    expect(sum('BilledCost')).toBe(0);
    // By month: what is paid in it, one-offs apart.
    const { firstUsd, peakUsd } = monthsOf(plan, context);
    const paid = [...new Set(rows.map((row) => row.BillingPeriodStart))].map((start) =>
      sum('ListCost', (row) => row.BillingPeriodStart === start && row.ChargeCategory === 'Usage'),
    );
    expect(paid, written.name).toHaveLength(months);
    expect(paid[0], written.name).toBeCloseTo(firstUsd, 2);
    expect(Math.max(...paid), written.name).toBeCloseTo(peakUsd, 2);
    const bought = plan.deployments
      .flatMap(({ lines, second }) => [...lines, ...(second?.lines ?? [])])
      .concat(plan.shared)
      .filter(({ once }) => once === true)
      .reduce((usd, { upfront }) => usd + upfront, 0);
    expect(
      sum('ListCost', ({ ChargeCategory }) => ChargeCategory === 'Purchase'),
      written.name,
    ).toBeCloseTo(bought, 2);
    expect(Object.keys(rows[0] ?? {})).toEqual(expect.arrayContaining(mandatory));
    for (const row of rows) {
      expect(row.ChargePeriodEnd?.localeCompare(row.ChargePeriodStart ?? '')).toBe(1);
      expect(row.ChargePeriodStart).toMatch(/^\d{4}-\d{2}-01T00:00:00Z$/);
    }
  }
  const advised = all.find(({ name }) => name === 'regulated-hybrid');
  const parts = advised?.exported.decision().recommendation.costParts ?? [];
  const rows = csvRows(advised?.files.get('focus')?.[0]?.text ?? '');
  for (const { part, monthly } of parts) {
    const usd = rows
      .filter(({ x_Part }) => x_Part === part)
      .reduce((total, row) => total + Number(row.EffectiveCost), 0);
    expect(usd / (advised?.context.workload.months ?? 1), part).toBeCloseTo(monthly, 2);
  }
});

/** Columns that FOCUS 1.2 asks for in every file. */
const mandatory =
  'BilledCost BillingAccountId BillingAccountName BillingCurrency BillingPeriodEnd BillingPeriodStart ChargeCategory ChargeClass ChargeDescription ChargePeriodEnd ChargePeriodStart ContractedCost EffectiveCost InvoiceIssuerName ListCost PricingQuantity PricingUnit ProviderName PublisherName ServiceCategory ServiceName'.split(
    ' ',
  );

const csvRows = (text: string): Record<string, string>[] => parseCsv(text, { columns: true });

/** Headings of MADR 4.0.0, in its order; the options have headings of their own below the fifth. */
const headings = [
  'Context and Problem Statement',
  'Decision Drivers',
  'Considered Options',
  'Decision Outcome',
  'Pros and Cons of the Options',
  'More Information',
];

test('a decision record has the form of MADR 4 and names every deployment type once', () => {
  for (const written of all) {
    const text = written.files.get('adr')?.[0]?.text ?? '';
    const [, matter = '', body = ''] = /^---\n([\s\S]*?)---\n([\s\S]*)$/.exec(text) ?? [];
    expect(parse(matter)).toEqual({ status: 'proposed', date: written.context.workload.asOf, 'decision-makers': [] });
    expect([...body.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading)).toEqual(headings);
    const considered = body.slice(body.indexOf('## Considered'), body.indexOf('## Decision Outcome'));
    for (const kind of ['closed API', 'hosted open model', 'serverless GPU', 'rented GPU', 'own hardware', 'on-device'])
      expect(considered.split(new RegExp(`- ${kind}(?: alone)?: `)).length, `${written.name} ${kind}`).toBe(2);
    // What is proposed is among what was considered, or of one kind that is.
    const kinds = kindsOf(written.plan, written.context.workload);
    expect(considered.includes(' together: '), written.name).toBe(kinds.length > 1);
    expect(/^<!--[\s\S]*?-->/m.exec(body)?.[0], written.name).toContain(`\nplan: ${written.plan.id}\n`);
    const expected = /```yaml\n([\s\S]*?)```/.exec(body)?.[1] ?? '';
    expect(parse(expected).expect.maxMonthlyCost).toBe(Math.ceil(written.plan.monthlyUsd));
  }
});

test('hostile names stay names in every target', async () => {
  const written = all.find(({ name }) => name === 'regulated-hybrid');
  if (written === undefined) throw new Error('regulated-hybrid is not advised anything');
  const parts = written.plan.deployments.flatMap(({ taskParts }) => taskParts);
  const before = parts.map(({ task }) => task);
  const names = [
    "x'; rm -rf / #",
    '=1+1',
    'a"b: {c}\n- d',
    '<script>alert(1)</script>',
    '--> # 日本 \u202e',
    '../../up',
  ];
  for (const name of names) {
    for (const part of parts) part.task = name;
    const workload = { ...written.context.workload, name: `${name}\nevil: true` };
    const exported = { ...written.exported, file: `${name}\nkind: Evil`, context: { ...written.context, workload } };
    for (const [target, { check }] of Object.entries(checks)) {
      for (const { path, text } of exportPlan(target as TargetName, exported) ?? []) {
        expect(check(text), `${target} ${name}`).toEqual([]);
        expect(path).toMatch(/^[a-z0-9.-]+(?:Modelfile)?$/);
        expect(text).not.toMatch(/^(?:evil: true|kind: Evil)$/m);
      }
    }
    const record = exportPlan('adr', exported)?.[0]?.text ?? '';
    expect(record).not.toContain('<script>');
    expect(record.match(/<!--/g)?.length).toBe(1);
    expect(record.match(/-->/g)?.length).toBe(1);
    for (const row of csvRows(exportPlan('focus', exported)?.[0]?.text ?? ''))
      expect(row.x_Task).not.toMatch(/^[=+@-]/);
  }
  for (const [i, part] of parts.entries()) part.task = before[i] as string;
});

test('the same plan gives the same bytes, and its places names of their own', () => {
  for (const written of all.slice(0, 8)) {
    expect(exportPlan('all', written.exported)).toEqual(exportPlan('all', written.exported));
    const paths = (exportPlan('all', written.exported) ?? []).map(({ path }) => path);
    expect(new Set(paths).size).toBe(paths.length);
  }
});
