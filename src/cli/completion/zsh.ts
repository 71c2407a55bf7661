import { heading, offerText, steps } from './offers.js';
import type { CommandTree, TreeNode, TreeOption } from './tree.js';

/** Completion for zsh, by its own `_arguments`: to be put on the `fpath` as `_<program>`, or sourced after compinit. */
export function zshScript(tree: CommandTree): string {
  const fn = `_${tree.program}`;
  const action = (offer: string): string => (offer === '' ? ' ' : ` ${fn}_offer ${offer}`);
  const spec = ({ names, help, repeatable, value }: TreeOption): string => {
    const others = repeatable ? '*' : `(${names.join(' ')})`;
    const taken = value === null ? '' : `:${escaped(value.name)}:${action(offerText(value.offer))}`;
    // Of several words after an option, zsh is told of two: a list without an end would take the options after it too.
    const text = `[${escaped(help)}]${taken}${value?.several ? `:${taken}` : ''}`;
    return names.map((name) => quoted(`${others}${name}${joint(name, value !== null)}${text}`)).join(' ');
  };
  const specs = ({ options, arguments: all, children }: TreeNode): string[] => [
    ...options.map(spec),
    ...all.map(({ name, several, offer }, at) =>
      quoted(
        `${several ? '*' : at + 1}:${escaped(name)}:${action([offerText(offer), ...(at === 0 && children.length > 0 ? ['!commands'] : [])].join(' ').trim())}`,
      ),
    ),
    ...(all.length === 0 && children.length > 0 ? [quoted(`1:command:${action('!commands')}`)] : []),
  ];
  return `#compdef ${tree.program}
# ${heading(tree, 'zsh')}

# Words, @lists of names, %kinds of files and the !commands of $_path; a comma: several, joined by it.
${fn}_offer() {
  local token result=1
  local -a plain open names taken
  for token in "$@"; do
    names=()
    case $token in
${Object.entries(tree.names)
  .map(([name, all]) => `      @${name}) names=(${all.map(safe).join(' ')}) ;;`)
  .join('\n')}
      ,)
        # What stands before the last comma is not offered again.
        [[ $PREFIX == *,* ]] && taken=(\${(s:,:)PREFIX%,*})
        compset -P '*,'
        ;;
      %files) _files && result=0 ;;
      %folders) _files -/ && result=0 ;;
      %documents) _files -g '*.(yaml|yml|json)(-.)' && result=0 ;;
      !commands) ${fn}_commands && result=0 ;;
      *) names=($token) ;;
    esac
    names=(\${names:|taken})
    # A name that ends in =, < or > goes on with a value.
    plain+=(\${names:#*['=<>']})
    open+=(\${(M)names:#*['=<>']})
  done
  (( $#plain )) && compadd -a plain && result=0
  (( $#open )) && compadd -S '' -a open && result=0
  return result
}

${fn}_commands() {
  local -a children
  case $_path in
${tree.nodes
  .filter(({ children }) => children.length > 0)
  .map(({ path, children }) => {
    const all = children.map(({ word, help }) => `      ${quoted(`${word}:${help.replaceAll('\\', '\\\\')}`)}`);
    return `    '${path}') children=(\n${all.join('\n')}\n    ) ;;`;
  })
  .join('\n')}
  esac
  _describe command children
}

${fn}() {
  local _path= word option= i
  local curcontext=$curcontext
  local -a specs
  integer first=2
  for (( i = 2; i < CURRENT; i++ )); do
    word=$words[i]
    case "$_path/$word" in
${steps(tree)
  .map(({ step, path }) => `      '${step}') _path='${path}' ;;`)
  .join('\n')}
      *) break ;;
    esac
    first=$(( i + 1 ))
  done
  # What follows the words of the command is as if it were alone.
  words=("$words[1]" "\${(@)words[first,-1]}")
  (( CURRENT -= first - 2 ))
  case $_path in
${tree.nodes
  .map(
    (node) =>
      `    '${node.path}') specs=(\n${specs(node)
        .map((one) => `      ${one}`)
        .join('\n')}\n    ) ;;`,
  )
  .join('\n')}
  esac
  _arguments -s $specs
}

if [[ $funcstack[1] == ${fn} ]]; then ${fn} "$@"; else compdef ${fn} ${tree.program}; fi
`;
}

const safe = (name: string): string => (/[<>]/.test(name) ? quoted(name) : name);
const joint = (name: string, takes: boolean): string => (!takes ? '' : name.startsWith('--') ? '=' : '+');
const escaped = (text: string): string => text.replace(/[\\[\]:]/g, '\\$&');
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
