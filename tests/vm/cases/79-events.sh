# Off the CPU and file I/O: both collectors on one workload.
# timeout: 500
need /builds/run

# bpf PROFILE PID OUT SECONDS
bpf() {
	ljstap run --collector=bpf "$1" -p "$2" --duration="$4" -o "$3" ||
		fail "ljstap run $1: status $?"
}

# GC64, and not
printf '%s\n' "gc64 luajit" \
	"gc32 /builds/roots/bullseye/usr/bin/luajit" > vms
files=$(mktemp -d)
head -c 100000 /dev/zero > "$files/input"

# Both programs of it are attached.
bpf_looks() {
	pid=$(pgrep -f 'hostlib/ljstap run') &&
		[ "$(ls -l "/proc/$pid/fd" | grep -c 'bpf_link\|raw-tp')" -ge 2 ]
}

# rounds CMD... - have fileio.lua do 20 once that succeeds
rounds() {
	(
		wait_for 60 "a collector" "$@"
		sleep 1
		echo 20 >&9
	) &
}

while read -r vm luajit; do
	start_workload "$luajit" "$WORKLOADS/sleeps.lua" off ready
	sample lj-offcpu-flame "$PID" "$vm.wait.stap.ljd" duration=8
	bpf lj-offcpu-flame "$PID" "$vm.wait.bpf.ljd" 8
	kill "$PID"

	# Two others want the same CPU.
	start_workload taskset -c 0 "$luajit" "$WORKLOADS/seed.lua" off ready 2e4
	taskset -c 0 sh -c 'while :; do :; done' &
	others=$!
	taskset -c 0 sh -c 'while :; do :; done' &
	others="$others $!"
	sample lj-offcpu-flame "$PID" "$vm.busy.stap.ljd" duration=5
	bpf lj-offcpu-flame "$PID" "$vm.busy.bpf.ljd" 5
	# shellcheck disable=SC2086 # two
	kill "$PID" $others

	mkfifo "$files/orders.$vm"
	exec 9<> "$files/orders.$vm"
	start_workload "$luajit" "$WORKLOADS/fileio.lua" off "$files/input" \
		"$files/output" "$files/orders.$vm" ready
	rounds test -s "$vm.io.stap.ljd"
	sample lj-file-io-flame "$PID" "$vm.io.stap.ljd" duration=10
	rounds bpf_looks
	bpf lj-file-io-flame "$PID" "$vm.io.bpf.ljd" 10
	kill "$PID"
	exec 9>&-
done < vms
rm -r "$files"

# What a killed stap leaves can be read.
start_workload luajit "$WORKLOADS/sleeps.lua" off ready
staprun -x "$PID" "$(module lj-offcpu-flame)" duration=0 > killed.ljd &
sleep 4
kill -KILL $(pgrep -x stapio)
wait $! || :
kill "$PID"
sleep 1
ko=$(module lj-offcpu-flame)
staprun -d "$(basename "$ko" .ko)"

# Nothing to see.
sleep 1000 &
for script in lj-offcpu-flame lj-file-io-flame; do
	rc=0
	staprun -x $! "$(module $script)" duration=2 > none.ljd 2> none.err || rc=$?
	[ $rc != 0 ] || fail "$script of a sleeping process: status 0"
	grep -q 'in the time sampled' none.err || fail "$script: $(cat none.err)"
done
kill $!
pass
