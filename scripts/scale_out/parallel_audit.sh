#!/usr/bin/env bash
# Audits a folder with GNU parallel: N shards side by side, on this machine or on several by ssh.
#   scripts/scale_out/parallel_audit.sh PHOTOS RESULTS.jsonl SHARDS [ringkey's flags…]
# RINGKEY names the program. PARALLEL_FLAGS is given to parallel: "--sshloginfile hosts.txt --workdir ." spreads the
# shards over machines that have PHOTOS, the model, the key and the folder of RESULTS mounted. Run it again to go on.
set -euo pipefail
photos=$1 results=$2 shards=$3
shift 3
ringkey=${RINGKEY:-ringkey}
parts=$results.parts
mkdir -p "$parts"
# 2 says that some files could not be judged; their errors are in the results.
judge() { "$@" || [[ $? -eq 2 ]]; }
export -f judge
# shellcheck disable=SC2086
parallel ${PARALLEL_FLAGS:-} --env judge --quote --halt soon,fail=1 --joblog "$parts/log" \
    judge "$ringkey" audit "$photos" "$@" --shard "{}/$shards" -o "$parts/part-{}.jsonl" --resume --quiet \
    ::: $(seq "$shards") > "$parts/summaries"
for part in $(seq "$shards"); do cat "$parts/part-$part.jsonl"; done > "$results.tmp"
mv "$results.tmp" "$results"
