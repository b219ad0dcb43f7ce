#!/bin/sh
# On the board: a graph that is armed, a suspend of 3 s by order, and what the graph says of it. What the
# drive sent goes to /results/drive.csv; three lines of the instance's state are the output.
set -u
shipped=$(dirname "$0")/../../config/graphs/motor_speed.yaml
graph=/tmp/by_hand.yaml
sed 's/^graph: .*/&\nstart: armed\nrearm: manual/' "$shipped" >$graph
takt run "$graph" --real-time best_effort 2>/results/run.log >/dev/null &
run=$!
takt echo drive.output --wait 30s --csv >/results/drive.csv &
takt echo motor.speed --wait 30s -n 1500 >/dev/null || exit 1
takt ps --json
# Nobody but the clock wakes it.
echo 0 >/sys/class/rtc/rtc0/wakealarm
echo +3 >/sys/class/rtc/rtc0/wakealarm
echo freeze >/sys/power/state || exit 1
takt echo motor.speed -n 300 >/dev/null || exit 1
takt ps --json
takt arm || exit 1
takt echo motor.speed -n 100 >/dev/null || exit 1
takt ps --json
takt stop && wait $run
