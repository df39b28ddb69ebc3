# The CPU usage of a busy and of an idle process; a sampled one has it, too.
# timeout: 120
start_workload luajit "$WORKLOADS/seed.lua" on ready 1e6
sample lj-cpu-usage "$PID" busy.ljd duration=4
sample lj-cpu-flame "$PID" sampled.ljd duration=4
kill "$PID"
sleep 1000 &
sample lj-cpu-usage $! idle.ljd duration=3 every=100
kill $!
pass
