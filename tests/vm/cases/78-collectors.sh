# The eBPF collector in this kernel; both collectors on one workload.
# timeout: 500
# on any machine

# bpf PID OUT SECONDS
bpf() {
	ljstap run --collector=bpf -v -p "$1" --hz=999 --duration="$3" -o "$2" ||
		fail "ljstap run: status $?"
}

# Many rounds, so that the shares do not hang on where sampling starts or ends.
start_workload luajit "$WORKLOADS/seed.lua" off ready 1e5
sample lj-cpu-flame "$PID" stap.ljd hz=999 duration=8
bpf "$PID" bpf.ljd 8
kill "$PID"
start_workload luajit "$WORKLOADS/depth.lua" 200 off ready
bpf "$PID" depth.ljd 4
kill "$PID"

# profile NAME PID OUT SECONDS ARG... - the other profiles of eBPF
profile() {
	tool=$1 pid=$2 out=$3 seconds=$4
	shift 4
	ljstap run --collector=bpf -v "$tool" -p "$pid" --duration="$seconds" \
		-o "$out" "$@" || fail "ljstap run $tool: status $?"
}

start_workload luajit "$WORKLOADS/wait.lua" off ready
profile lj-offcpu-flame "$PID" wait.ljd 2
kill "$PID"
# not on the host's file system, which has no pipes
files=$(mktemp -d)
head -c 100000 /dev/zero > "$files/input"
mkfifo "$files/orders"
exec 9<> "$files/orders"
start_workload luajit "$WORKLOADS/fileio.lua" off "$files/input" \
	"$files/output" "$files/orders" ready
# Not as often as it can: the emulator lets a CPU run code that another one is
# just changing, as it is for tracepoints.
while echo 20 >&9; do
	sleep 0.02
done &
feeder=$!
profile lj-file-io-flame "$PID" io.ljd 1
kill $feeder "$PID"
exec 9>&-
mkfifo "$files/tables"
exec 9<> "$files/tables"
start_workload luajit "$WORKLOADS/alloc.lua" off "$files/tables" ready
echo 1000000000 >&9
profile lj-alloc-flame "$PID" alloc.ljd 2 --duty=100 --every=1
profile lj-alloc-flame "$PID" bursts.ljd 4 --duty=50 --every=1
# what they tell is tested elsewhere; this kernel takes them, too
for tool in lj-gc-pauses lj-yield-flame lj-trace-events; do
	ljstap run --collector=bpf -v $tool -p "$PID" --duration=1 \
		-o $tool.ljd > $tool.err 2>&1 || :
	cat $tool.err
	grep -q 'instructions verified' $tool.err ||
		fail "$tool: not loaded"
done
kill "$PID"
exec 9>&-
rm -r "$files"

as_nobody() {
	setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
}
chmod 777 .
echo 2 > /proc/sys/kernel/perf_event_paranoid

# locked OUT LIMIT - as a user with both capabilities, with that limit of memory
locked() {
	rc=0
	(ulimit -l "$2" && as_nobody --inh-caps=-all,+bpf,+perfmon \
		--ambient-caps=-all,+bpf,+perfmon \
		/mnt/hostlib/ld-linux-x86-64.so.2 --library-path /mnt/hostlib \
		/mnt/hostlib/ljstap run --collector=bpf -p $pid --duration=2 \
		-o "$1") > "$1.err" 2>&1 || rc=$?
	cat "$1.err"
}

# before 5.11 maps count as locked memory; old setpriv knows no CAP_BPF
case $(uname -r).$(setpriv --list-caps | grep -x bpf) in
5.10.*.bpf)
	setpriv --reuid=65534 --regid=65534 --clear-groups \
		luajit "$WORKLOADS/seed.lua" on > /dev/null &
	pid=$!
	sleep 1
	locked little.ljd 64
	[ $rc = 2 ] && grep -q 'ulimit -l unlimited' little.ljd.err ||
		fail "with 64 KB of locked memory: status $rc"
	locked enough.ljd unlimited
	[ $rc = 0 ] || fail "with locked memory: status $rc"
	kill $pid
	;;
esac
# the rest does not hang on the machine
[ -z "$MACHINE" ] || pass

start_workload luajit "$WORKLOADS/traceback.lua"
sed '/^ready$/d' "$workload_out" > want
bpf "$PID" traceback.ljd 4
kill "$PID"

# as a user with just the two capabilities, on a process of its own
setpriv --reuid=65534 --regid=65534 --clear-groups \
	luajit "$WORKLOADS/seed.lua" on > /dev/null &
pid=$!
sleep 1
for caps in +bpf,+perfmon +bpf +perfmon; do
	rc=0
	as_nobody --inh-caps=-all,$caps --ambient-caps=-all,$caps \
		/mnt/hostlib/ld-linux-x86-64.so.2 --library-path /mnt/hostlib \
		/mnt/hostlib/ljstap run --collector=bpf -p $pid --duration=2 \
		-o nobody.$caps.ljd > nobody.$caps.err 2>&1 || rc=$?
	cat nobody.$caps.err
	case $caps in
	*,*) [ $rc = 0 ] || fail "with $caps: status $rc" ;;
	*) [ $rc = 2 ] || fail "with $caps: status $rc, not 2" ;;
	esac
done
kill $pid

# another user's process, whose memory map may be refused
luajit "$WORKLOADS/seed.lua" on > /dev/null &
pid=$!
sleep 1
rc=0
as_nobody --inh-caps=-all,+bpf,+perfmon --ambient-caps=-all,+bpf,+perfmon \
	/mnt/hostlib/ld-linux-x86-64.so.2 --library-path /mnt/hostlib \
	/mnt/hostlib/ljstap run --collector=bpf -p $pid --duration=2 \
	-o other.ljd > other.err 2>&1 || rc=$?
cat other.err
case $rc in
0) [ ! -s other.err ] || fail "another's process: status 0, and a message" ;;
1) grep -q 'memory map .* may not be read' other.err ||
	fail "another's process: does not say what is missing" ;;
*) fail "another's process: status $rc" ;;
esac
kill $pid

# missing TEXT CAPS: ljstap check names what is not there
missing() {
	rc=0
	as_nobody --inh-caps=-all,$2 --ambient-caps=-all,$2 \
		/mnt/hostlib/ld-linux-x86-64.so.2 --library-path /mnt/hostlib \
		/mnt/hostlib/ljstap check --collector=bpf > missing 2>&1 || rc=$?
	cat missing
	[ $rc = 1 ] || fail "check with $2: status $rc"
	grep -q "$1" missing || fail "check with $2 does not say: $1"
}

missing 'no CAP_PERFMON' +bpf
missing 'no CAP_BPF' +perfmon
echo 3 > /proc/sys/kernel/perf_event_paranoid
missing 'perf_event_paranoid is 3' +bpf,+perfmon
pass
