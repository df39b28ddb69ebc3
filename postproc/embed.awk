# embed.awk - a text file -> a C header with its text as one string.
# SPDX-License-Identifier: GPL-2.0-or-later
# Indentation, and comments that fill a line, stay behind.
# Usage: awk -v name=IDENTIFIER -f embed.awk FILE
#        awk -f embed.awk FILE...	prints that text itself

BEGIN {
	if (name == "")
		next_line = "%s\n"
	else {
		printf "/* %s.h - made by embed.awk; do not edit.\n", name
		printf " * SPDX-License-Identifier: GPL-2.0-or-later\n */\n"
		printf "static const char %s[] =\n", name
		next_line = "\t\"%s\\n\"\n"
	}
}

/^[ \t]*\/\// { next }

{
	sub(/^\t+/, "")
	if (name != "") {
		gsub(/\\/, "\\\\&")
		gsub(/"/, "\\\"")
	}
	printf next_line, $0
}

END {
	if (name != "")
		printf "\t\"\";\n"
}
