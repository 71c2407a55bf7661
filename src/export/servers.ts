import type { Context } from '../places/placement.js';
import { shellWord } from '../units/numeric.js';
import { machineWords, type OwnPlace, placeTarget, remarksOn } from './own-places.js';
import {
  commented,
  engineArguments,
  ggufOf,
  headOf,
  modeRemark,
  nameAt,
  replaceMe,
  type Server,
  type Target,
} from './places.js';

/** A script for each place that runs the engine: the command of every model copy on a machine. */
export const vllm: Target = {
  title: 'vLLM commands',
  files(exported) {
    const { places, context } = exported;
    const files = places.flatMap((place) => {
      const { server } = place;
      const values = engineArguments(place, context);
      if (server === null || values === null) return [];
      const head = headOf(`vLLM for ${place.option.id}`, exported, [
        'VLLM_API_KEY',
        ...(server.checkpoint.id.startsWith(replaceMe) ? [server.checkpoint.id] : []),
      ]);
      const lines = [...head, ...machineWords(place, server), ...remarksOn(server), ...modeRemark(place)];
      return [{ path: `${place.name}.vllm.sh`, text: script(lines, server, values, context) }];
    });
    return files;
  },
};

function script(head: string[], server: Server, values: [string, string][], { tables }: Context): string {
  const { copiesPerMachine, cardsPerCopy, checkpoint, accelerator } = server;
  const portFlag = nameAt(tables, 'vllm', 'flag', 'port');
  const devices = nameAt(tables, 'vllm', 'devices', accelerator.vendor);
  const commands = Array.from({ length: copiesPerMachine }, (_, copy) => {
    const cards = Array.from({ length: cardsPerCopy }, (_, card) => copy * cardsPerCopy + card).join(',');
    const own = values.map(([flag, value]) => [flag, flag === portFlag ? String(Number(value) + copy) : value]);
    const prefix = copiesPerMachine === 1 || devices === null ? '' : `${devices}=${cards} `;
    const args = own.map(([flag, value]) => `  ${flag} ${shellWord(value as string)}`);
    return `${prefix}vllm serve ${[shellWord(checkpoint.id), ...args].join(' \\\n')}`;
  });
  const body = commands.length === 1 ? `exec ${commands[0]}\n` : `${commands.join(' &\n')} &\nwait\n`;
  return `#!/bin/sh\n${commented(head)}set -eu\n: "\${VLLM_API_KEY:?the key that callers send}"\nexport VLLM_API_KEY\n${body}`;
}

/** Where the image keeps weights, and the volume that keeps them between starts. */
const cacheFolder = '/root/.cache/huggingface';
const cacheVolume = 'huggingface';

/** A compose file for one machine of each place that the team runs. */
export const compose = placeTarget('compose', 'compose file', (one, { tables }) => {
  const { place, server } = one;
  const driver = nameAt(tables, 'compose', 'driver', server.accelerator.vendor);
  if (driver === null) return null;
  const { copiesPerMachine } = server;
  const services = Object.fromEntries(
    Array.from({ length: copiesPerMachine }, (_, copy) => [
      copiesPerMachine === 1 ? place.name : `${place.name}-${copy + 1}`,
      serviceOf(one, copy, driver),
    ]),
  );
  return {
    values: [{ services, volumes: { [cacheVolume]: {} } }],
    fill: ['VLLM_API_KEY'],
    notes: ['one machine: start it on each of them'],
  };
});

function serviceOf({ image, args, port, server }: OwnPlace, copy: number, driver: string) {
  const { cardsPerCopy } = server;
  const cards = Array.from({ length: cardsPerCopy }, (_, card) => String(copy * cardsPerCopy + card));
  return {
    image,
    // A dollar would be taken for a variable.
    command: args.map((word) => word.replaceAll('$', '$$$$')),
    ports: [`${port + copy}:${port}`],
    ipc: 'host',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: compose fills these in
    environment: { VLLM_API_KEY: '${VLLM_API_KEY:?the key that callers send}', HF_TOKEN: '${HF_TOKEN:-}' },
    volumes: [`${cacheVolume}:${cacheFolder}`],
    healthcheck: {
      test: ['CMD', 'curl', '-f', `http://localhost:${port}/health`],
      interval: '10s',
      retries: 3,
      start_period: '20m',
    },
    deploy: { resources: { reservations: { devices: [{ driver, device_ids: cards, capabilities: ['gpu'] }] } } },
    restart: 'unless-stopped',
  };
}

/** A Modelfile for each place whose machine runs GGUF files, i.e. personal machines. */
export const ollama: Target = {
  title: 'Ollama Modelfile',
  files(exported) {
    const { places, context } = exported;
    const files = places.flatMap((place) => {
      const { server, taskParts, name, option } = place;
      // What another engine takes arguments for is served by that one.
      if (server === null || engineArguments(place, context) !== null) return [];
      const repository = ggufOf(server.model, context.tables);
      const quant = nameAt(context.tables, 'ollama', 'quant', server.scheme.scheme);
      const tuned = server.checkpoint.id.endsWith('-tuned');
      const known = repository !== null && quant !== null && !tuned;
      const from = known
        ? `hf.co/${repository}:${quant}`
        : `./${replaceMe}-${server.model.family}-${server.scheme.scheme}.gguf`;
      const longest = Math.max(...taskParts.map(({ tokens }) => tokens.output + (tokens.reasoning ?? 0)));
      const head = [
        ...headOf(`Modelfile for ${option.id}`, exported, known ? [] : [from]),
        ...machineWords(place, server),
        known
          ? 'check that the repository has this file'
          : tuned
            ? `your tuned ${server.model.family} as GGUF`
            : 'no such GGUF file is in the tables: name or make one',
        `the plan is sized for ${server.engine.row.engine}: ollama create ${name} -f ${name}.Modelfile`,
        ...modeRemark(place),
      ];
      const lines = [
        `FROM ${from}`,
        `PARAMETER num_ctx ${server.contextTokens}`,
        ...(option.mode === 'standard' ? [`PARAMETER num_predict ${Math.ceil(longest * answerRoom)}`] : []),
      ];
      return [{ path: `${name}.Modelfile`, text: `${commented(head)}${lines.join('\n')}\n` }];
    });
    return files;
  },
};

/** Answers are cut at so many times their mean length. */
const answerRoom = 4;

/** How long weights may take to load before a copy counts as failed, seconds. */
const loadSeconds = 1200;

/** A SkyPilot service for each place on rented machines whose cards and cloud it knows. */
export const skypilot = placeTarget(
  'skypilot',
  'SkyPilot service',
  ({ place, server, image, args, port, copies }, { tables }) => {
    const { provider, region, purchase } = place.option;
    const cards = nameAt(tables, 'skypilot', 'accelerator', server.accelerator.accelerator);
    const cloud = nameAt(tables, 'skypilot', 'cloud', provider);
    if (cards === null || cloud === null) return null;
    const value = {
      name: place.name,
      resources: {
        accelerators: `${cards}:${server.cardsPerCopy}`,
        infra: region === null || region === 'global' ? cloud : `${cloud}/${region}`,
        use_spot: purchase === 'spot',
        image_id: `docker:${image}`,
        ports: port,
      },
      service: { readiness_probe: { path: '/health', initial_delay_seconds: loadSeconds }, replicas: copies },
      secrets: { VLLM_API_KEY: null, HF_TOKEN: null },
      run: `vllm serve ${args.map(shellWord).join(' ')}\n`,
    };
    const reserved = purchase?.startsWith('reserved') === true;
    return {
      values: [value],
      fill: ['VLLM_API_KEY'],
      notes: [
        'a replica is one copy of the model on cards of its own',
        ...(reserved
          ? ['the plan reserves machines: they are rented on demand unless SkyPilot is told of the reservation']
          : []),
      ],
    };
  },
);
