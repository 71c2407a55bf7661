import { heading, offerText, optionKeys, positions, severalKeys, steps, together } from './offers.js';
import type { CommandTree } from './tree.js';

/** Completion for bash, from 3.2 on, which has no associative arrays; needs nothing of bash-completion. */
export function bashScript(tree: CommandTree): string {
  const fn = `_${tree.program.replaceAll('-', '_')}`;
  const values = together(optionKeys(tree).map(({ key, offer }) => ({ key, text: offerText(offer) })));
  const places = together(
    tree.nodes.flatMap((node) =>
      positions(node).map(({ at, several, offer }) => ({
        key: several ? `'${node.path} '*` : `'${node.path} ${at}'`,
        text: offerText(offer),
      })),
    ),
  );
  const words = together(
    tree.nodes
      .filter(({ children }) => children.length > 0)
      .map(({ path, children }) => ({ key: `'${path}'`, text: children.map(({ word }) => word).join(' ') })),
  );
  const flags = together(
    tree.nodes.map(({ path, options }) => ({
      key: `'${path}'`,
      text: options.flatMap(({ names }) => names).join(' '),
    })),
  );
  const cases = (entries: readonly { keys: string[]; text: string }[]): string =>
    entries.map(({ keys, text }) => `    ${keys.join('|')}) offer='${text}' ;;`).join('\n');
  const lists = Object.entries(tree.names).map(([name, all]) => `      @${name}) token='${all.join(' ')}' ;;`);
  return `# ${heading(tree, 'bash')}

# What may stand after an option ("$2") of a command ("$1"); fails where it takes no value.
${fn}_value() {
  case "$1 $2" in
${cases(values.map(({ keys, text }) => ({ keys: keys.map((key) => `'${key}'`), text })))}
    *) return 1 ;;
  esac
}

# Whether every word after an option is a value of it, up to the next option.
${fn}_several() {
  case "$1 $2" in
    '${severalKeys(tree).join("'|'")}') ;;
    *) return 1 ;;
  esac
}

# The so-manieth argument ("$2") of a command.
${fn}_argument() {
  case "$1 $2" in
${cases(places)}
  esac
}

${fn}_commands() {
  case "$1" in
${cases(words)}
  esac
}

${fn}_options() {
  case "$1" in
${cases(flags)}
  esac
}

${fn}() {
  local cur value token word reply i path='' option='' ended='' glue='' offer='' words='' breaks='' head='' files='' taken='' quoted='' at=0
  local -a given
  COMPREPLY=()
  given=()
  # Bash cuts words at = and :, which stand in values.
  for ((i = 1; i <= COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    if [[ \${#given[@]} -gt 0 && ($glue || $word == [=:]*) ]]; then
      given[\${#given[@]} - 1]+=$word
    else
      given+=("$word")
    fi
    glue=''
    if [[ $word == *[=:] && $word != --*= ]]; then glue=1; fi
  done
  cur=\${given[\${#given[@]} - 1]}
  if [[ \${COMP_WORDS[COMP_CWORD]} == [\\"\\']* ]]; then quoted=1; fi
  for ((i = 0; i < \${#given[@]} - 1; i++)); do
    word=\${given[i]}
    if [[ $option && $word == -* ]] && ${fn}_several "$path" "$option"; then option=''; fi
    if [[ $option ]]; then
      if ! ${fn}_several "$path" "$option"; then option=''; fi
      continue
    elif [[ $ended ]]; then
      at=$((at + 1))
      continue
    fi
    case $word in
      --) ended=1 ;;
      --*=*) ;;
      -?*) if ${fn}_value "$path" "$word"; then option=$word; fi ;;
      *)
        case "$path/$word" in
${steps(tree)
  .map(({ step, path }) => `          '${step}') if [[ $at == 0 ]]; then path='${path}'; else at=$((at + 1)); fi ;;`)
  .join('\n')}
          *) at=$((at + 1)) ;;
        esac
        ;;
    esac
  done

  if [[ $option && $cur == -* ]] && ${fn}_several "$path" "$option"; then option=''; fi
  offer=''
  value=$cur
  if [[ $option ]]; then
    ${fn}_value "$path" "$option"
  elif [[ ! $ended && $cur == --*=* ]]; then
    value=\${cur#*=}
    ${fn}_value "$path" "\${cur%%=*}"
  elif [[ ! $ended && $cur == -* ]]; then
    ${fn}_options "$path"
  else
    if [[ $at == 0 && ! $ended ]]; then
      ${fn}_commands "$path"
      words=$offer
      offer=''
    fi
    ${fn}_argument "$path" "$at"
  fi

  for token in $offer; do
    case $token in
${lists.join('\n')}
      ,)
        # What stands before the last comma is not offered again.
        taken=",\${value%"\${value##*,}"}"
        value=\${value##*,}
        continue
        ;;
      %*)
        files=\${token#%}
        continue
        ;;
    esac
    words+=" $token"
  done
  # What readline replaces begins after the last = or : at which it cuts.
  case $COMP_WORDBREAKS in *=*) breaks+='=' ;; esac
  case $COMP_WORDBREAKS in *:*) breaks+=':' ;; esac
  if [[ $breaks && $cur == *[$breaks]* ]]; then head=\${cur%"\${cur##*["$breaks"]}"}; fi
  while IFS= read -r reply; do
    if [[ $reply && $taken != *",$reply,"* ]]; then
      # Outside of quotes it would lead the output, or the input, elsewhere.
      if [[ ! $files && ! $quoted && $reply == *['<>'] ]]; then reply=\${reply%?}\\\\\${reply: -1}; fi
      reply=\${cur%"$value"}$reply
      COMPREPLY+=("\${reply#"$head"}")
    fi
  done <<< "$(
    compgen -W "$words" -- "$value"
    case $files in
      files) compgen -f -- "$value" ;;
      folders) compgen -d -- "$value" ;;
      documents)
        compgen -d -- "$value"
        compgen -f -- "$value" | grep -E '\\.(ya?ml|json)$'
        ;;
    esac
  )"
  if type compopt > /dev/null 2>&1; then
    if [[ $files ]]; then compopt -o filenames 2> /dev/null; fi
    # A name that ends in =, < or > goes on with a value.
    if [[ \${#COMPREPLY[@]} == 1 && \${COMPREPLY[0]} == *['=<>'] ]]; then compopt -o nospace 2> /dev/null; fi
  fi
}

complete -F ${fn} ${tree.program}
`;
}
