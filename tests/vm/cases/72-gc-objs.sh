# All objects of a heap, counted by a script: as ljstap heap, which copies it.
# timeout: 240
need /builds/run
printf '%s\n' "gc64 luajit" "gc32 /builds/roots/bullseye/usr/bin/luajit" > vms
while read -r vm luajit; do
	start_workload "$luajit" "$WORKLOADS/heap.lua" spin
	sample lj-gc-objs "$PID" "$vm.spin"
	sample lj-gc-objs "$PID" "$vm.small" piece=100 duration=30
	ljstap heap -p "$PID" > "$vm.heap" || fail "ljstap heap: status $?"
	kill "$PID"
	# what nobody keeps is freed all the time
	start_workload "$luajit" "$WORKLOADS/heap.lua" busy
	rc=0
	staprun -x "$PID" "$(module lj-gc-objs)" duration=30 > "$vm.busy" \
		2> "$vm.busy.err" || rc=$?
	echo "$rc" > "$vm.busy.rc"
	kill "$PID"
done < vms

# one that sleeps, and one without Lua
sleep 1000 &
rc=0
staprun -x $! "$(module lj-gc-objs)" duration=1 > none 2> none.err || rc=$?
[ $rc != 0 ] || fail "a sleeping process: status 0"
grep -q 'did not run for 1 s; if it sleeps, use ljstap heap' none.err ||
	fail "a sleeping process: $(cat none.err)"
kill $!
pass
