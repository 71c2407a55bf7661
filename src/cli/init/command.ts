import { type CommandEntry, common } from '../command-entry.js';

/** The keys of a file of answers; a test holds that they are those of the questions. */
export const answerKeys: Readonly<Record<string, string>> = {
  tasks: 'task types, as ["rag-answering"]',
  shares: 'share of each task, as ["70%", "30%"]',
  volume: '50k conversations/day, 4k notes/day, 300 users, 1M requests/month',
  requestsPerUser: 'requests of a user a day, where the volume is in users',
  turns: 'requests of a conversation, where the volume is in conversations or calls',
  documents: 'how many documents are searched, as 20k',
  sensitivity: 'public, internal, pii, regulated or device-only',
  regimes: 'laws and standards, as ["gdpr", "hipaa"]',
  residency: 'where data must stay: eea, us, uk …',
  agreements: 'agreements that are signed or can be: dpa, baa, scc',
  boundary: 'how far data may go: own-premises, own-account, under-contract, usual',
  offline: 'whether it must work without a network: yes or no',
  devices: 'how many devices could run a model',
  chip: 'the chip of most of them, see hardware',
  quality: 'basic, general, strong, frontier or usual',
  wait: 'how long an answer may take to begin: 800ms, 2s; 24h: nobody waits',
  profile: 'when the load is: business-hours, flat, batch-nightly …',
  growth: '5% per month',
  horizon: '24 months',
  devops: 'full-time people who run services, as 0.5',
  mlInfra: 'full-time people who run GPUs and model servers',
  today: 'what is in use: the id of an option, see models',
  bill: 'what that costs, as 9000/month',
  budget: 'the most it may cost a month, in USD',
  owned: 'cards that you own: how many x which, see hardware',
};

/** `init`: a first scenario, by questions at a terminal or from a preset. */
export const initCommand: CommandEntry = {
  words: ['init'],
  arguments: [],
  summary: 'a first scenario file, commented: by questions at a terminal, or from a preset',
  options: [
    {
      flags: '--from <preset>',
      help: 'a preset or a task type; without a terminal, init alone lists them',
      offers: ['presets'],
    },
    {
      flags: '--answers <file>',
      help: 'answers to the questions as JSON or YAML: {"tasks": ["faq-chat"], "volume": "50k requests/day"}; keys below',
    },
    {
      flags: '--fix <file>',
      help: 'put a scenario right in place (or with -o in another file): what is read by habit is written as the format has it',
    },
    common.set,
    {
      flags: '-o, --output <file>',
      help: 'the file to write (default: scenario.yaml, or that of --fix; - for stdout)',
    },
    { flags: '--force', help: 'write over a file that is there' },
    common.noColor,
    common.quiet,
  ],
  notes: [
    'Answers, each a text, number, yes or no, or a list; ? leaves a line to look it up:',
    ...Object.entries(answerKeys).map(([key, what]) => `  ${key.padEnd(16)}${what}`),
  ],
  examples: [
    'init --from support-chatbot -o first.yaml',
    'init --from summarization --set "workload.volume=20k requests/day" -o letters.yaml',
    'init --fix first.yaml',
  ],
  run: async (io, _, values) => (await import('../commands/init.js')).runInit(io, values),
};
