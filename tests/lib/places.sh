# places.sh - what readelf knows of a process' files; sourced by tests.
# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# For tests/native/places.js. $pid and $work are tests/lib/native.sh's.

# Starts of functions, by .eh_frame: "FILE START END" in hexadecimal.
functions() {
	for file in $(sed -n 's/.* r-xp .* \(\/.*\)/\1/p' "/proc/$pid/maps"); do
		readelf --debug-dump=frames "$file" 2> /dev/null |
			sed -n "s|.* FDE .* pc=\([0-9a-f]*\)\.\.\([0-9a-f]*\)|$file \1 \2|p"
	done
}

# "FILE ADDRESS NAME" of those that have one
symbols() {
	cut -d ' ' -f 1 "$work/functions" | uniq | while read -r file; do
		readelf -W --dyn-syms "$file" | awk -v file="$file" \
			'$4 ~ /FUNC/ && $7 != "UND" { print file, $2, $8 }'
	done
}

places() {
	functions > "$work/functions"
	symbols > "$work/symbols"
	cat "/proc/$pid/maps" > "$work/maps"
}
