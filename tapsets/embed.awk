# embed.awk - make a tapset self-contained: replaces each line
#   #include "FILE"
# by the text of FILE, found in one of the folders of -v path="DIR DIR...".
# A .h file is embedded once, a .def file (X-macros) every time.
#
# SPDX-License-Identifier: GPL-2.0-or-later

function find(name,    i, line, got)
{
	for (i = 1; i <= ndirs; i++) {
		got = (getline line < (dir[i] "/" name))
		if (got >= 0) {
			close(dir[i] "/" name)
			return dir[i] "/" name
		}
	}
	print "embed.awk: " name ": not found in " path > "/dev/stderr"
	failed = 1
	exit 1
}

function embed(name,    file, line)
{
	if (name ~ /\.h$/ && seen[name]++)
		return
	file = find(name)
	while ((getline line < file) > 0)
		put(line)
	close(file)
}

function put(line)
{
	if (line ~ /^#include "/) {
		split(line, part, "\"")
		embed(part[2])
	} else
		print line
}

BEGIN { ndirs = split(path, dir, " ") }
{ put($0) }
END { exit failed }
