import type { Context } from '../places/placement.js';
import { shellWord } from '../units/format.js';
import { nameAt, replaceMe } from './names.js';
import { machineWords, remarksOn } from './own-places.js';
import { engineArguments, modeRemark, type Server } from './places.js';
import { commented, headOf, type Target } from './target.js';

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
