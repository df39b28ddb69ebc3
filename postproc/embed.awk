# embed.awk - a text file -> a C header with its text as one string.
# SPDX-License-Identifier: GPL-2.0-or-later
# Usage: awk -v name=IDENTIFIER -f embed.awk FILE

BEGIN {
	printf "/* Made by embed.awk; do not edit. */\n"
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
