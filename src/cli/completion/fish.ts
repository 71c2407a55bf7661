import { heading, optionKeys, positions, severalKeys, steps, together } from './offers.js';
import type { CommandTree, Offer, TreeOption } from './tree.js';

/** Completion for fish, from 3.4 on, by its own `complete`. */
export function fishScript(tree: CommandTree): string {
  const fn = `__${tree.program.replaceAll('-', '_')}`;
  const names = Object.entries(tree.names).map(([name, all]) => `set -g ${fn}_${name} ${all.map(safe).join(' ')}`);
  const taking = together(optionKeys(tree).map(({ key }) => ({ key: `'${key}'`, text: 'takes' })));
  const named = ({ words, lists }: Offer): string[] => [...words, ...lists.map((list) => `$${fn}_${list}`)];
  const answers = ({ files, joined, ...offer }: Offer): string[] => [
    ...(joined ? [`(${fn}_joined ${named({ files, ...offer }).join(' ')})`] : named({ files, ...offer })),
    ...(files.includes('folders') ? ['(__fish_complete_directories (commandline -ct))'] : []),
    ...(files.includes('documents') ? [`(${fn}_documents)`] : []),
  ];
  const offered = (offer: Offer): string => {
    const given = answers(offer);
    const list = given.length === 0 ? '' : ` -a ${quoted(given.join(' '))}`;
    return offer.files.includes('files') ? ` -F${list}` : list;
  };
  const line = (condition: string, rest: string): string =>
    `complete -c ${tree.program} -n ${quoted(`${fn}_at ${condition}`)}${rest}`;
  const option = (path: string, { names: all, help, value }: TreeOption): string => {
    const called = all
      .map((name) => (name.startsWith('--') ? ` -l ${name.slice(2)}` : ` -s ${name.slice(1)}`))
      .join('');
    const takes = value === null ? '' : ` ${value.offer.files.includes('files') ? '-r' : '-x'}${offered(value.offer)}`;
    const whole = line(`'${path}'`, `${called}${takes} -d ${quoted(help)}`);
    // To fish only the first word after an option is its value.
    return value?.several
      ? [whole, ...all.map((name) => line(`'${path}' ${name}`, offered(value.offer)))].join('\n')
      : whole;
  };
  const lines = tree.nodes.flatMap((node) => [
    ...node.children.map(({ word, help }) => line(`'${node.path}' 0`, ` -a ${word} -d ${quoted(help)}`)),
    ...positions(node)
      .map(({ at, several, offer }) => [several ? '' : ` ${at}`, offered(offer)] as const)
      .filter(([, rest]) => rest !== '')
      .map(([at, rest]) => line(`'${node.path}'${at}`, rest)),
    ...node.options.map((each) => option(node.path, each)),
  ]);
  return `# ${heading(tree, 'fish')}

${names.join('\n')}

# Whether the command before the cursor is this one, and the next argument the so-manieth.
function ${fn}_at
    set -l path ''
    set -l at 0
    set -l value no
    set -l option ''
    set -l ended no
    set -l tokens (commandline -opc)
    for word in $tokens[2..]
        if test $value = several; and string match -q -- '-*' $word
            set value no
        else if test $value = several
            continue
        end
        if test $value = yes
            set value no
            continue
        end
        if test $ended = yes
            set at (math $at + 1)
            continue
        end
        switch $word
            case --
                set ended yes
            case '--*=*'
            case '-*'
                switch "$path $word"
                    case ${severalKeys(tree)
                      .map((key) => `'${key}'`)
                      .join(' ')}
                        set value several
                        set option $word
                    case ${taking.flatMap(({ keys }) => keys).join(' ')}
                        set value yes
                end
            case '*'
                switch "$at$path/$word"
${steps(tree)
  .map(({ step, path }) => `                    case '0${step}'\n                        set path '${path}'`)
  .join('\n')}
                    case '*'
                        set at (math $at + 1)
                end
        end
    end
    test $value = several; and set at $option
    test "$path" = "$argv[1]"; and test (count $argv) -lt 2 -o "$at" = "$argv[2]"
end

# Names after those that stand before the last comma.
function ${fn}_joined
    set -l before (string match -r '.*,' -- (string replace -r '^--[^=]*=' '' -- (commandline -ct)))
    set -l taken (string split , -- $before)
    for name in $argv
        contains -- $name $taken; or echo "$before$name"
    end
end

function ${fn}_documents
    __fish_complete_suffix .yaml
    __fish_complete_suffix .yml
    __fish_complete_suffix .json
end

complete -c ${tree.program} -f
${lines.join('\n')}
`;
}

const safe = (name: string): string => (/[<>]/.test(name) ? quoted(name) : name);
const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
