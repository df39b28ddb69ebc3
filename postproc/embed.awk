# embed.awk - a text file -> a C header with its text as one string.
# SPDX-License-Identifier: GPL-2.0-or-later
# Indentation, and comments that fill a line, stay behind.
# Usage: awk -v name=IDENTIFIER -f embed.awk FILE

BEGIN {
	printf "/* %s.h - made by embed.awk; do not edit.\n", name
	printf " * SPDX-License-Identifier: GPL-2.0-or-later\n */\n"
	printf "static const char %s[] =\n", name
}

/^[ \t]*\/\// { next }

{
	sub(/^\t+/, "")
	gsub(/\\/, "\\\\&")
	gsub(/"/, "\\\"")
	printf "\t\"%s\\n\"\n", $0
}

END {
	printf "\t\"\";\n"
}
