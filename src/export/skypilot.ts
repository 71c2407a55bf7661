import { shellWord } from '../units/format.js';
import { nameAt } from './names.js';
import { placeTarget } from './own-places.js';

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
