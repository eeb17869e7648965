#!/usr/bin/env bash
# Prints the completions of a shell: what the argument parser writes, which offers commands, options and fixed values but no
# names of files, with names of files where a command wants one.
# scripts/dist/completions.sh BINARY bash|zsh|fish
set -euo pipefail
generated=$("$1" --generate-completion-script "$2")
case $2 in
bash) completed=$(sed 's/^complete -o filenames /&-o default /' <<< "$generated") ;;
zsh)
    files='image|source|results|path|file[a-z.]*'
    completed=$(sed -E "s/(:($files)):'\$/\1:_files'/; s/(:dir):'\$/\1:_files -\/'/" <<< "$generated")
    ;;
# An option without fixed values takes a name of a file as well as anything else.
fish) completed=$(sed "/^complete -c 'ringkey' -f\$/d; s/ -rfka ''/ -r/" <<< "$generated") ;;
*)
    echo "completions.sh: expected bash, zsh or fish, found $2" >&2
    exit 64
    ;;
esac
# Another version of the argument parser may write something else.
[[ $completed != "$generated" ]] || {
    echo "completions.sh: expected a place for names of files in the completions of $2, found none" >&2
    exit 1
}
echo "$completed"
