#!/bin/sh
# On the deterministic board, one boot: cyclictest and takt one after the other, and what a step costs.
# guest_figures.sh SECONDS RUN_FOR
set -eu
cyclictest --quiet --mlockall --priority=90 --interval=1000 --loops=$(($1 * 1000)) --threads=1 \
  --histogram=400 >/results/cyclictest
before=$(cut -d' ' -f1 /proc/uptime)
takt run config/graphs/motor_speed.yaml --real-time required --for "$2" --json >/results/run.json
after=$(cut -d' ' -f1 /proc/uptime)
echo "$before $after" >/results/uptime
