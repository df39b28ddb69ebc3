# Wrong input: one clear line, a status that is not 0, never an empty result.
# timeout: 240

# refused NAME TEXT STAPRUN-ARG...
refused() {
	name=$1
	text=$2
	shift 2
	rc=0
	timeout 60 staprun "$@" > "$name.ljd" 2> "$name.err" || rc=$?
	cat "$name.err"
	[ $rc != 0 ] || fail "$name: status 0"
	grep -q "ERROR: lj-cpu-flame: .*$text" "$name.err" ||
		fail "$name: does not say: $text"
	[ "$(grep -c ERROR "$name.err")" = 1 ] ||
		fail "$name: more than one line of error"
}

ko=$(module lj-cpu-flame)
refused nopid 'no process 4000000' -x 4000000 "$ko"
refused notarget 'use stap -x PID' "$ko"
refused hz0 'hz=0 is not in' -x 1 "$ko" hz=0
refused hz1000 'hz=1000 is not in' -x 1 "$ko" hz=1000
refused depth 'depth=513 is not in' -x 1 "$ko" depth=513
refused kthread 'no memory' -x 2 "$ko"
sleep 1000 &
refused idle 'never ran' -x $! "$ko" duration=1
sh -c 'while :; do :; done' &
refused nolua 'no LuaJIT found' -x $! "$ko" duration=1
kill $!
refused nosuch 'no option nosuch' -x 1 "$ko" hz=99 nosuch=1
pass
