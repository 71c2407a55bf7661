# What bash offers after each line: bash complete.bash <completion script> <line>...
# Lines end up in COMP_WORDS as readline cuts them: at spaces, and around = and :.
source "$1"
shift
for line in "$@"; do
  spaced=${line//=/ = }
  spaced=${spaced//:/ : }
  read -ra COMP_WORDS <<< "$spaced"
  case $spaced in *' ') COMP_WORDS+=('') ;; esac
  # After = readline completes an empty word, but = is the last it names.
  case $line in *[=:]) unset 'COMP_WORDS[${#COMP_WORDS[@]}-1]' ;; esac
  COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) COMP_LINE=$line COMP_POINT=${#line}
  # As `complete` has it: the function of the first word.
  read -ra registered <<< "$(complete -p "${COMP_WORDS[0]}")"
  "${registered[2]}" "${COMP_WORDS[0]}" "${COMP_WORDS[COMP_CWORD]}"
  echo "> $line"
  printf '%s\n' "${COMPREPLY[@]}"
done
