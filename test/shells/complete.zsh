# What zsh offers after a line: zsh -f complete.zsh <completion script> <line>
# A shell of its own on a pseudo-terminal gets the line and a Tab; each match is printed as compadd is told of it.
zmodload zsh/zpty || exit 3
setopt rcquotes
export COMPLETIONS=$1
zpty z zsh -f -i
() {
  local line
  zpty -w z source $1
  repeat 20; do
    zpty -r z line
    [[ $line == ok* ]] && return
  done
  exit 4
} =( <<< '
PROMPT=
autoload -Uz compinit
compinit -D -u
source $COMPLETIONS
bindkey ''^M'' undefined
bindkey ''^J'' undefined
bindkey ''^I'' complete-word
null-line () { echo -E - $''\0'' }
compprefuncs=( null-line )
comppostfuncs=( null-line exit )
zstyle '':completion:*'' insert-tab false
zmodload zsh/zutil
compadd () {
  if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then
    builtin compadd "$@"
    return $?
  fi
  typeset -a __hits
  builtin compadd -A __hits "$@"
  setopt localoptions norcexpandparam extendedglob
  typeset -A apre hpre hsuf asuf
  zparseopts -E P:=apre p:=hpre S:=asuf s:=hsuf
  local hit
  for hit in $__hits; do echo -E - $IPREFIX$apre$hpre$hit$hsuf$asuf; done
}
echo ok')
zpty -w z "$2"$'\t'
integer shown=0
while zpty -r z; do :; done | while IFS= read -r line; do
  if [[ $line == *$'\0\r' ]]; then
    (( shown++ )) && exit 0 || continue
  fi
  (( shown )) && echo -E - ${line%$'\r'}
done
exit 0
