import { readdirSync } from 'node:fs';
import { bareName, type CommandWords, type Offered, type OptionEntry } from './command-entry.js';
import type { NameList, Names } from './names.js';

/**
 * A shell asks at every Tab: `deploy-advisor __complete "<line up to the cursor>"`. The answer is one whole word a line, so
 * the scripts know nothing of commands. bash cuts words at = and :, so what stands before them is taken off again.
 */
export const scripts = {
  bash: `# bash completion for deploy-advisor
_deploy_advisor() {
  local word="\${COMP_WORDS[COMP_CWORD]}" line="\${COMP_LINE:0:COMP_POINT}"
  local whole="\${line##* }" found
  [[ $word == [=:] ]] && word=
  COMPREPLY=()
  while IFS= read -r found; do
    found="\${found#"\${whole%"$word"}"}"
    [[ $whole == *[\\"\\']* || $found != *[!-[:alnum:]_./:@%+=,]* ]] || found=$(printf %q "$found")
    COMPREPLY+=("$found")
  done < <(deploy-advisor __complete "$line" 2>/dev/null)
  [[ \${#COMPREPLY[@]} == 1 && $COMPREPLY == *[=/] ]] && compopt -o nospace 2>/dev/null
}
complete -F _deploy_advisor deploy-advisor
`,
  zsh: `#compdef deploy-advisor
# zsh completion for deploy-advisor
_deploy_advisor() {
  local -a found; found=("\${(@f)$(deploy-advisor __complete "\${(j: :)words[1,CURRENT-1]} $PREFIX" 2>/dev/null)}")
  compadd -- $found
}
# As a file of fpath it is run at the first Tab.
if [[ $funcstack[1] == _deploy-advisor ]]; then _deploy_advisor; else compdef _deploy_advisor deploy-advisor; fi
`,
  fish: `# fish completion for deploy-advisor
complete -c deploy-advisor -f -a '(deploy-advisor __complete (commandline -cp))'
`,
} as const satisfies Record<string, string>;

export type Shell = keyof typeof scripts;

type Said = Pick<OptionEntry, 'choices' | 'offers' | 'words'>;

/** What is offered for a text of which only the name in brackets is known. */
const placeholders: Readonly<Record<string, readonly Offered[]>> = {
  file: ['files'],
  'file|url': ['files'],
  'rows.csv': ['files'],
  actuals: ['files'],
  part: ['files'],
  result: ['documents'],
  scenario: ['documents'],
  scenarios: ['documents'],
  folder: ['folders'],
  'date|folder': ['snapshots', 'folders'],
};

const flagsOf = ({ flags }: OptionEntry): string[] => (flags.split(/ (?=[<[])/)[0] ?? '').split(', ');
const placeholderOf = ({ flags }: OptionEntry): string | undefined => flags.split(/ (?=[<[])/)[1];

/** Whole words that may stand last in a command line, sorted. */
export function candidates(line: string, entries: readonly CommandWords[], names: Names): string[] {
  const [, ...typed] = line.trimStart().split(/\s+/);
  const quote = /^["']/.exec(typed.at(-1) ?? '')?.[0] ?? '';
  const word = (typed.pop() ?? '').slice(quote.length);
  const isHelp = typed[0] === 'help';
  const [path, rest] = commandIn(isHelp ? typed.slice(1) : typed, entries);
  const below = entries.flatMap(({ words }) =>
    path.every((each, at) => words[at] === each) ? (words[path.length] ?? []) : [],
  );
  const entry = entries.find(({ words }) => words.join(' ') === path.join(' '));
  const options = [...(entry?.options ?? []), { flags: '-h, --help', help: '' }];
  const offer = (said: Said, placeholder: string, written: string): string[] =>
    offered(said, bareName(placeholder), written, names);

  if (isHelp) return starting(word, below);
  const isPastOptions = rest.includes('--');
  const [, flag = '', written] = /^(--[\w-]+)=(.*)$/.exec(word) ?? [];
  const open = written === undefined ? openOption(rest, options) : options.find((each) => flagsOf(each).includes(flag));
  if (open && !isPastOptions && !(written === undefined && word.startsWith('-'))) {
    const values = offer(open, placeholderOf(open) ?? '', written ?? word);
    return written === undefined ? values : values.map((value) => `${flag}=${value}`);
  }
  if (word.startsWith('-') && !isPastOptions) return starting(word, options.flatMap(flagsOf));
  const at = rest.filter(
    (each, index) => !each.startsWith('-') && openOption(rest.slice(0, index), options) === undefined,
  );
  const argument = entry?.arguments[at.length] ?? entry?.arguments.findLast(({ name }) => name.includes('...'));
  const commands = path.length === 0 ? [...below, 'help'] : below;
  return [...starting(word, commands), ...(argument ? offer(argument, argument.name, word) : [])].sort();
}

/** The words of the command that stands at the beginning, and what comes after them. */
function commandIn(typed: readonly string[], entries: readonly CommandWords[]): [string[], string[]] {
  let depth = 0;
  while (
    depth < typed.length &&
    entries.some(({ words }) => typed.slice(0, depth + 1).every((each, at) => words[at] === each))
  )
    depth++;
  return [typed.slice(0, depth), typed.slice(depth)];
}

/** The option whose value comes next; one that takes several goes on up to the next option. */
function openOption(rest: readonly string[], options: readonly OptionEntry[]): OptionEntry | undefined {
  const at = rest.findLastIndex((each) => each.startsWith('-'));
  const option = options.find((each) => flagsOf(each).includes(rest[at] ?? ''));
  const value = option && placeholderOf(option);
  return value !== undefined && (value.includes('...') || at === rest.length - 1) ? option : undefined;
}

const starting = (word: string, all: readonly string[]): string[] =>
  [...new Set(all)].filter((each) => each.startsWith(word)).sort();

function offered({ choices, words = [], offers }: Said, placeholder: string, written: string, names: Names): string[] {
  const lists = offers ?? (choices ? [] : (placeholders[placeholder] ?? []));
  const known = lists.flatMap((list) => (list in names ? names[list as NameList] : []));
  const files = lists.flatMap((list) => (list in names ? [] : filesFor(written, list as keyof typeof shown)));
  return [...starting(written, [...(choices ?? words), ...known]), ...files];
}

const shown = { files: /(?:)/, documents: /\.(ya?ml|json|jsonl)$/, folders: /$^/ };

/** Files that go on with a path, folders with a slash. */
function filesFor(written: string, kind: keyof typeof shown): string[] {
  const folder = written.slice(0, written.lastIndexOf('/') + 1);
  try {
    return readdirSync(folder || '.', { withFileTypes: true })
      .filter((each) => each.isDirectory() || shown[kind].test(each.name))
      .map((each) => `${folder}${each.name}${each.isDirectory() ? '/' : ''}`)
      .filter((name) => name.startsWith(written) && !name.startsWith(`${folder}.`));
  } catch {
    return [];
  }
}
