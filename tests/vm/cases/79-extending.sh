# Every script of docs/extending.md does what is said there; the probes that
# stap -L lists have their pages.
# timeout: 240
need luajit

start_workload luajit "$WORKLOADS/modules.lua"
sed '/^ready$/,$d' "$workload_out" > said
sample modules "$PID" modules
kill "$PID"

export SAMPLE_LIMIT=7
start_workload luajit "$WORKLOADS/extending.lua"
sample hot "$PID" hot
sample states "$PID" states
sample gcwho "$PID" gcwho
sample watch "$PID" watch path=phase
SAMPLE_LIMIT=2 sample watch "$PID" version
kill "$PID"

stap -L 'luajit.*' > probes
pass
