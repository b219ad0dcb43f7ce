#!/bin/sh
# On the board: death_to_safe over every graph of a folder. guest_death_to_safe.sh BUILD FOLDER DEATHS
set -u
export TAKT_NODE_PATH="$1/tests/integration/nodes"
head -c 4096 /dev/zero >/tmp/orders
for graph in "$2"/*.yaml; do
  name=$(basename "$graph" .yaml)
  cp "$graph" "/tmp/$name.yaml"
  period=${name##*-}
  "$1/bin/death_to_safe" "/tmp/$name.yaml" "${period%ms}000000" "$3" >"/results/$name.ns" 2>"/results/$name.log" || {
    cat "/results/$name.log"
    exit 1
  }
done
