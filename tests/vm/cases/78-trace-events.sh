# What the JIT compiler does, from its books and by a probe, in this kernel.
# timeout: 240

# Not on the host's file system, which has no pipes.
files=$(mktemp -d)
mkfifo "$files/orders"
exec 9<> "$files/orders"
start_workload luajit "$WORKLOADS/jitevents.lua" "$files/orders"

# told - the numbers of orders that are done
told() {
	grep -c '^done' "$workload_out" || :
}

for how in memory bpf; do
	ljstap run -v lj-trace-events --collector=$how -p "$PID" \
		--duration=30 -o $how.ljd 2> $how.err &
	run=$!
	sleep 20
	had=$(told)
	echo "compile 7" >&9
	echo "abort 5" >&9
	echo "black 1" >&9
	n=0
	until [ "$(told)" -ge $((had + 3)) ] || [ $n -gt 100 ]; do
		n=$((n + 1))
		sleep 0.3
	done
	rc=0
	wait $run || rc=$?
	cat $how.err
	[ $rc = 0 ] || fail "$how: ljstap run: status $rc"
	grep '^done' "$workload_out" | tail -n 3 |
		awk '{ s += $3; a += $4 } END { print s, a }' > $how.want
done
kill "$PID"
exec 9>&-
rm -r "$files"
pass
