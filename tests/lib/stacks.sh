# stacks.sh - questions about folded stacks; sourced by tests.
# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# $folded: the file asked. A wrong answer calls say_fail, the caller's.

# total - samples in all
total() {
	awk '{ n += $NF } END { print n + 0 }' "$folded"
}

# share REGEX - percent of the samples whose stack matches
share() {
	awk -v re="$1" '{ n += $NF } $0 ~ re { m += $NF }
		END { printf "%.2f\n", n ? 100 * m / n : 0 }' "$folded"
}

# within WHAT VALUE LOW HIGH
within() {
	echo "$1: $2"
	awk -v v="$2" -v lo="$3" -v hi="$4" \
		'BEGIN { exit !(v >= lo && v <= hi) }' ||
		say_fail "$1: $2, not in $3 .. $4"
}

# near WHAT PERCENT EXPECTED [SAMPLES] - within 2 points; if the samples are few,
# or the SAMPLES that EXPECTED is of, within 3 standard deviations
near() {
	echo "$1: $2"
	awk -v v="$2" -v want="$3" -v n="$(total)" -v m="${4:-0}" 'BEGIN {
		each = (n ? 1 / n : 0) + (m ? 1 / m : 0)
		tol = 3 * sqrt(want * (100 - want) * each)
		if (tol < 2)
			tol = 2
		exit !(n && v >= want - tol && v <= want + tol)
	}' || say_fail "$1: $2, not near $3"
}

# known_state STATE FILE - by FILE, which ljstap states wrote, nearly all of the
# time is in that one
known_state() {
	within "% in $1" "$(awk -v s="$1" '$4 == s { print $2 }' "$2")" 85 100
}

# full_depth DEPTH - percent of samples with every frame of depth.lua
full_depth() {
	awk -v want=$(($1 + 1)) '{
		n += $NF
		if (gsub(/;rec@/, ";") == want && /;leaf@/ && !/^\[(damaged|truncated)\]/)
			m += $NF
	} END { printf "%.2f\n", n ? 100 * m / n : 0 }' "$folded"
}

# unmarked_shallow DEPTH - samples that are neither whole nor marked nor in
# the midst of the recursion (rec innermost, or main chunk before it)
unmarked_shallow() {
	awk -v want=$(($1 + 1)) '{
		line = $0
		k = gsub(/;rec@/, ";", line)
		if (k < want && /;leaf@/ && !/^\[(damaged|truncated)\]/)
			m += $NF
	} END { print m + 0 }' "$folded"
}

# churn_names - how many frames of churn.lua have the name of their own chunk,
# of another, or none: "right N wrong N none N"
churn_names() {
	awk '{
		line = $0
		while (match(line, /;[^;@]*@c[0-9]+:1[; ]/)) {
			name = substr(line, RSTART + 1, RLENGTH - 4)
			split(name, part, "@c")
			line = substr(line, RSTART + RLENGTH - 1)
			if (part[1] == "f" part[2])
				right += $NF
			else if (part[1] ~ /^f[0-9]/)
				wrong += $NF
			else
				none += $NF
		}
		if (/\[lost/)
			none += $NF
	} END { print "right", right + 0, "wrong", wrong + 0, "none", none + 0 }
	' "$folded"
}

# traceback_stacks WANT LINES - compare each stack of the file LINES (fold
# --lines) with WANT, the list that traceback.lua wrote; prints differences
# and returns 1 if more than 1 % of the samples do. What runs in the innermost
# Lua function is left out; its own line may be unknown in the midst of a call.
traceback_stacks() {
	awk -v want="$1" 'BEGIN {
		while ((getline line < want) > 0)
			expected = expected line "\n"
		vague = expected
		sub(/:[0-9]+/, ":?", vague)
	}
	{
		count = $NF
		sub(/ [0-9]+$/, "")
		n = split($0, f, ";")
		out = ""
		for (i = n; i > 0; i--) {
			# C functions; built-in ones are string.gsub, pcall
			if (f[i] ~ /^(C:|\[builtin)/ ||
			    f[i] ~ /^[a-zA-Z_]+([.:][a-zA-Z_]+)?([.][a-zA-Z_]+)?$/) {
				if (out != "")
					out = out "C\n"
				continue
			}
			if (f[i] !~ /:[0-9]+$/)
				continue
			line = "?"	# the line, then the function
			if (f[i] !~ /@/) {
				line = f[i--]
				sub(/.*:/, "", line)
			}
			sub(/.*:/, "", f[i])
			out = out f[i] ":" line "\n"
		}
		all += count
		if (out == expected || out == vague)
			next
		bad += count
		if (!shown++)
			print "not the stack of debug.getinfo():\n" $0
	}
	END {
		printf "traceback: %d of %d samples equal\n", all - bad, all
		exit bad * 100 > all
	}' "$2"
}
