# Probes in a stripped LuaJIT, GC64 and not: SystemTap by the names of ljstap
# symbols, and eBPF.
# timeout: 500
# library: yield-gc64 lj-yield-flame /usr/bin/luajit
# library: yield-gc32 lj-yield-flame /builds/roots/bullseye/usr/bin/luajit
# library: alloc-gc64 lj-alloc-flame /usr/bin/luajit
# library: alloc-gc32 lj-alloc-flame /builds/roots/bullseye/usr/bin/luajit
need /builds/run
printf '%s\n' "gc64 luajit" \
	"gc32 /builds/roots/bullseye/usr/bin/luajit" > vms

is_done() {
	grep -q done "$1"
}

# The probes of eBPF are in place, or will be in a moment: each is an event, as
# each CPU's look for mappings is. Kernels before 5.15 have no links for them.
bpf_looks() {
	pid=$(pgrep -f 'hostlib/ljstap run') &&
		[ "$(ls -l "/proc/$pid/fd" | grep -c perf_event)" -ge 4 ]
}

# round N SAID CMD... - have the workload do N once CMD succeeds, then end the
# collector
round() {
	n=$1 said=$2
	shift 2
	(
		wait_for 60 "a collector" "$@"
		sleep 2
		echo "$n" >&9
		wait_for 60 "the workload" is_done "$said"
		sleep 1
		kill -INT "$(pgrep -x stapio || pgrep -f 'hostlib/ljstap run')"
	) &
}

# begin LUAJIT WORKLOAD JIT OUT
begin() {
	rm -f /run/orders
	mkfifo /run/orders
	exec 9<> /run/orders
	"$1" "$WORKLOADS/$2.lua" "$3" /run/orders ready > "$4" 9>&- &
	PID=$!
	wait_for 60 "$2" grep -q ready "$4"
}

finish_one() {
	kill "$PID"
	exec 9>&-
}

while read -r vm luajit; do
	for jit in off on; do
		out=yield.$vm.$jit.stap
		begin "$luajit" yields "$jit" $out.said
		round 10 $out.said test -s $out.ljd
		sample "yield-$vm" "$PID" $out.ljd duration=60
		finish_one
	done
	out=alloc.$vm.off.stap
	begin "$luajit" alloc off $out.said
	round 300 $out.said test -s $out.ljd
	sample "alloc-$vm" "$PID" $out.ljd duration=60 every=1
	finish_one
	out=yield.$vm.off.bpf
	begin "$luajit" yields off $out.said
	round 10 $out.said bpf_looks
	ljstap run --collector=bpf lj-yield-flame -p "$PID" --duration=60 \
		-o $out.ljd || fail "ljstap run: status $?"
	finish_one
done < vms
pass
