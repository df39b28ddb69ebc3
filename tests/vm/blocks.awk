# blocks.awk - the scripts in a text: each block ```stap whose first line is
# "// NAME.stp - ...", into DIR/NAME.stp; prints their names.
# usage: awk -v dir=DIR -f blocks.awk FILE
# SPDX-License-Identifier: GPL-2.0-or-later

/^```/ && inside { inside = 0; close(file); next }
/^```stap$/ { inside = 1; file = ""; next }
/^```/ { print "blocks.awk: another block: " $0 > "/dev/stderr"; failed = 1 }
inside && file == "" {
	if ($1 != "//" || $2 !~ /^[a-z]+\.stp$/) {
		print "blocks.awk: a script without a name: " $0 > "/dev/stderr"
		failed = 1
		exit
	}
	file = dir "/" $2
	print $2
}
inside { print > file }
END { exit failed }
