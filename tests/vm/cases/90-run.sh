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

# stap takes a minute to start on an emulated machine: only where it is asked.
mkdir modules
cp "$(module lj-cpu-flame)" "$(module lj-vm-states)" modules/
flame=$(basename "$(module lj-cpu-flame)") states=$(basename "$(module lj-vm-states)")
run() {
	ljstap run cpu-flame --module "modules/$flame" "$@"
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
ljstap run vm-states --module "modules/$states" --comm=luajit -d 2 \
	-o states.txt || fail "by name: $?"
cat states.txt
seed=$(pgrep -f seed.lua | tail -n 1)

# The whole of it, from a PID to a table, by stap and a module it kept.
start=$(date +%s%N)
ljstap run --collector=stap -p "$seed" -d 2 > table || fail "table: $?"
echo "a table of 2 s: $((($(date +%s%N) - start) / 1000000)) ms"
cat table
grep -q ' foo@.*seed.lua' table || fail "no foo in the table"
start=$(date +%s%N)
run -p "$seed" -d 2 > table2 || fail "module: $?"
echo "the same by its module: $((($(date +%s%N) - start) / 1000000)) ms"
grep -q ' foo@.*seed.lua' table2 || fail "no foo by the module"

# Ctrl-C ends the dump, it is whole.
some() {
	[ "$(cat stopped.ljd.* | wc -c)" -gt 20000 ]
}
run -p "$seed" -d 0 -z 999 -o stopped.ljd &
me=$!
wait_for 60 "a dump" some
kill -INT "$(pgrep -f 'ljstap run.*stopped.ljd' | head -n 1)"
wait $me || fail "stopped: $?"

kill "$parent"
sleep 600 &
refused 'never ran' -p $! -d 1
refused 'no such process' --children-of=$! -d 1
refused 'never ran' --comm=sleep -d 1
sh -c 'while :; do :; done' &
refused 'no LuaJIT found in process' -p $! -d 1
pass
