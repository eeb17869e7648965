#!/usr/bin/env bash
# Checks an installed manual and the completions against the program's help: every option of every command is in them.
# scripts/dist/check_manual.sh PREFIX
set -euo pipefail
prefix=$1
ringkey=.build-dist/release/ringkey-stripped
page=$(gzip -dc "$prefix/share/man/man1/ringkey.1.gz" | sed 's/\\-/-/g; s/\\f[BIR]//g')
bash -n "$prefix/share/bash-completion/completions/ringkey"
completions=$(cat "$prefix/share/bash-completion/completions/ringkey")

# commands: the names that the help of a command lists below SUBCOMMANDS.
commands() { "$ringkey" $1 --help | awk '/^SUBCOMMANDS/ { on = 1; next } on && /^  [a-z]/ { print $1 }'; }
# options: the long options of a command, as its help lists them.
options() { "$ringkey" $1 --help | grep -oE '^  (-[a-z], )?--[a-z0-9-]+' | grep -oE -- '--[a-z0-9-]+'; }

count=0
for command in "" $(commands "") $(commands key | sed 's/^/key_/'); do
    command=${command//_/ }
    [[ -z $command || $page == *".SS \"$command\""* ]] || {
        echo "dist-test: the manual has no section $command" >&2
        exit 1
    }
    section=$page
    [[ -z $command ]] ||
        section=$(awk -v name=".SS \"$command\"" '$0 == name { on = 1; next } /^\.S[SH]/ { on = 0 } on' <<< "$page")
    for option in $(options "$command"); do
        # A command that only has subcommands is described by theirs.
        [[ $command == key || $section == *"$option"* ]] || {
            echo "dist-test: the manual's section $command has no $option" >&2
            exit 1
        }
        [[ $completions == *"$option"* ]] || {
            echo "dist-test: the completions have no $option" >&2
            exit 1
        }
        count=$((count + 1))
    done
done
((count > 100)) || { echo "dist-test: only $count options were compared" >&2; exit 1; }
echo "dist-test: manual and completions have all $count options of the help"
