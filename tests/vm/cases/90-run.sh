# ljstap run with SystemTap: several processes in one dump, by number, parent
# and name; a table at once; a module that was made elsewhere; the reasons for
# nothing; Ctrl-C.
# timeout: 300
cat > family <<'END'
for depth in 10 20; do
	luajit "$WORKLOADS/depth.lua" $depth off ready &
	all="$all $!"
done
trap "kill $all; exit" TERM
until [ -e go ]; do sleep 0.2; done
sleep 2
luajit "$WORKLOADS/seed.lua" off ready 2e5 &
all="$all $!"
trap "kill $all; exit" TERM
wait
wait
END
export WORKLOADS
start_workload sh family
parent=$PID
sleep 1

run() {
	ljstap run --collector=stap "$@"
}

refused() {
	text=$1
	shift
	rc=0
	run "$@" > out 2> err || rc=$?
	cat err
	[ $rc = 2 ] || fail "$text: status $rc, not 2"
	grep -q "$text" err || fail "does not say: $text"
}

two=$(pgrep -P "$parent" luajit | tr '\n' ,)
two=${two%,}
run -p "$two" --hz=999 -d 3 -o two.ljd || fail "two: $?"
touch go
run --children-of="$parent" --hz=999 -d 8 -o many.ljd || fail "many: $?"
run --comm=luajit vm-states -d 2 -o states.txt || fail "by name: $?"
cat states.txt
seed=$(pgrep -f seed.lua | tail -n 1)

# The whole of it, from a PID to a table: what is not sampling is the start.
start=$(date +%s%N)
run -p "$seed" -d 2 > table || fail "table: $?"
echo "a table of 2 s: $((($(date +%s%N) - start) / 1000000)) ms"
cat table
grep -q ' foo@.*seed.lua' table || fail "no foo in the table"

cp "$(module lj-cpu-flame)" .
run cpu-flame --module ./stap_*.ko -p "$seed" -d 2 -o module.folded ||
	fail "module: $?"
grep -q ';foo@' module.folded || fail "no foo by the module"

# Ctrl-C ends the dump, it is whole.
run -p "$seed" -d 0 -o stopped.ljd &
me=$!
sleep 8
kill -INT "$(pgrep -f 'ljstap run.*stopped.ljd' | head -n 1)"
wait $me || fail "stopped: $?"

kill "$parent"
sleep 60 &
refused 'never ran' -p $! -d 1
refused 'no such process' --children-of=$! -d 1
refused 'never ran' --comm=sleep -d 1
sh -c 'while :; do :; done' &
refused 'no LuaJIT found in process' -p $! -d 1
pass
