import { nameAt } from './names.js';
import { ownPlaces, placeholdersIn } from './own-places.js';
import { modeRemark } from './places.js';
import { headOf, type Target } from './target.js';
import { machineWords, remarksOn, shellWord } from './vllm.js';
import { yamlText } from './yaml-text.js';

const spot = 'spot';

/** A service of SkyPilot for each place on rented machines whose cards and cloud it knows by name. */
export const skypilot: Target = {
  name: 'skypilot',
  title: 'SkyPilot service',
  files(exported) {
    const { tables } = exported.context;
    const files = ownPlaces(exported.places, exported.context).own.flatMap((one) => {
      const { place, server, image, args, port, copies } = one;
      const { option } = place;
      const cards = nameAt(tables, 'skypilot', 'accelerator', server.accelerator.accelerator);
      const cloud = nameAt(tables, 'skypilot', 'cloud', option.provider);
      if (cards === null || cloud === null) return [];
      const region = option.region === null || option.region === 'global' ? null : option.region;
      const head = [
        ...headOf(`SkyPilot service for ${option.id}`, exported, ['VLLM_API_KEY', ...placeholdersIn(one)]),
        ...machineWords(place, server),
        'a replica is one copy of the model on cards of its own',
        ...(option.purchase?.startsWith('reserved')
          ? ['the plan reserves machines: SkyPilot rents on demand unless told of the reservation']
          : []),
        ...remarksOn(server),
        ...modeRemark(place),
      ];
      const value = {
        name: place.name,
        resources: {
          accelerators: `${cards}:${server.cardsPerCopy}`,
          infra: region === null ? cloud : `${cloud}/${region}`,
          use_spot: option.purchase === spot,
          image_id: `docker:${image}`,
          ports: port,
        },
        service: { readiness_probe: { path: '/health', initial_delay_seconds: 1200 }, replicas: copies },
        secrets: { VLLM_API_KEY: null, HF_TOKEN: null },
        run: `vllm serve ${args.map(shellWord).join(' ')}\n`,
      };
      return [{ path: `${place.name}.skypilot.yaml`, text: yamlText(head, value) }];
    });
    return files.length === 0 ? null : files;
  },
};
