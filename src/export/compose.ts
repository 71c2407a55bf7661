import { nameAt } from './names.js';
import { copyNames, type OwnPlace, ownPlaces, placeholdersIn } from './own-places.js';
import { modeRemark } from './places.js';
import { headOf, type Target } from './target.js';
import { machineWords, remarksOn } from './vllm.js';
import { yamlText } from './yaml-text.js';

/** Where the image keeps weights, and the volume that keeps them between starts. */
const cacheFolder = '/root/.cache/huggingface';
const cacheVolume = 'huggingface';

/** A file of the compose specification for one machine of each place that the team runs. */
export const compose: Target = {
  name: 'compose',
  title: 'compose file for one machine',
  files(exported) {
    const { context } = exported;
    const { own, left } = ownPlaces(exported.places, context);
    const files = own.flatMap((one) => {
      const driver = nameAt(context.tables, 'compose', 'driver', one.server.accelerator.vendor);
      if (driver === null) return [];
      const head = [
        ...headOf(`Compose file for ${one.place.option.id}`, exported, ['VLLM_API_KEY', ...placeholdersIn(one)]),
        ...machineWords(one.place, one.server),
        'one machine: start it on each of them',
        ...remarksOn(one.server),
        ...modeRemark(one.place),
        ...left,
      ];
      const services = Object.fromEntries(copyNames(one).map((name, copy) => [name, serviceOf(one, copy, driver)]));
      const value = { services, volumes: { [cacheVolume]: {} } };
      return [{ path: `${one.place.name}.compose.yaml`, text: yamlText(head, value) }];
    });
    return files.length === 0 ? null : files;
  },
};

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
