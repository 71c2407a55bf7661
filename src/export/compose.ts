import { nameAt } from './names.js';
import { type OwnPlace, placeTarget } from './own-places.js';

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
