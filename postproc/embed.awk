# embed.awk - a text file -> a C header with its text as one string.
# SPDX-License-Identifier: GPL-2.0-or-later
# Usage: awk -v name=IDENTIFIER -f embed.awk FILE

BEGIN {
	printf "/* %s.h - made by embed.awk; do not edit.\n", name
	printf " * SPDX-License-Identifier: GPL-2.0-or-later\n */\n"
	printf "static const char %s[] =\n", name
}

{
	gsub(/\\/, "\\\\&")
	gsub(/"/, "\\\"")
	printf "\t\"%s\\n\"\n", $0
}

END {
	printf "\t\"\";\n"
}
