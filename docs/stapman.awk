# stapman.awk - 3stap manual pages from the kernel-doc comments of a tapset
#
# usage: awk -v name=luajit -v dir=DIR -f stapman.awk luajit.stp.in
#
# Writes DIR/tapset::luajit.3stap, with everything; and a page of each function
# and probe, DIR/function::NAME.3stap and DIR/probe::NAME.3stap. The names are
# those of SystemTap's own pages.
#
# SPDX-License-Identifier: GPL-2.0-or-later

function troff(text)
{
	gsub(/\\/, "\\e", text)
	gsub(/-/, "\\-", text)
	return text
}

# A sentence, whether or not it was one.
function sentence(text)
{
	return troff(text) (text ~ /[?.]$/ ? "" : ".")
}

function header(file, title, what)
{
	printf ".TH \"%s\" 3stap \"\" ljstap \"SystemTap tapset\"\n", \
		troff(title) > file
	printf ".SH NAME\n%s \\- %s\n", troff(title), troff(what) > file
}

# What is told of the item, in its page or in that of the tapset.
function body(file,    i)
{
	for (i = 1; i <= nt; i++)
		printf "%s%s\n", (i > 1 ? ".PP\n" : ""), troff(text[i]) > file
}

function own_page(    i, file)
{
	file = dir "/" kind "::" item ".3stap"
	header(file, kind "::" item, brief)
	printf ".SH SYNOPSIS\n.B \"%s\"\n", troff(signature) > file
	if (np)
		print ".SH " (kind == "probe" ? "VALUES" : "ARGUMENTS") > file
	for (i = 1; i <= np; i++)
		printf ".TP\n.I %s\n%s\n", pname[i], troff(ptext[i]) > file
	if (nt)
		print ".SH DESCRIPTION" > file
	body(file)
	printf ".SH SEE ALSO\n.BR tapset::%s (3stap),\n.BR stap (1)\n", \
		name > file
	close(file)
}

function end_item(    i, to)
{
	to = kind == "probe" ? "probes" : "functions"
	list[to] = list[to] sprintf(".TP\n.BI \"%s\"\n%s\n", \
				    troff(signature), sentence(brief))
	for (i = 1; i <= np; i++)
		list[to] = list[to] sprintf(".br\n.I %s\n\\(em %s\n", \
					    pname[i], troff(ptext[i]))
	for (i = 1; i <= nt; i++)
		list[to] = list[to] sprintf(".sp 0.5\n%s\n", troff(text[i]))
	own_page()
}

/^\/\/ <tapsetdescription>/ { inintro = 1; next }
/^\/\/ <\/tapsetdescription>/ { inintro = 0; next }
inintro { sub(/^\/\/ ?/, ""); intro = intro troff($0) "\n"; next }

/^\/\*\*/ { indoc = 1; np = nt = 0; brief = ""; target = ""; next }
indoc && /^ \*\// { indoc = 0; wait = 1; next }
indoc {
	sub(/^ \* ?/, "")
	if ($0 ~ /^(sfunction|probe) /) {
		kind = $1 == "probe" ? "probe" : "function"
		item = $2
		sub(/^[a-z]+ [^ ]+ - /, "")
		brief = $0
		target = "b"
	} else if ($0 ~ /^@/) {
		split($0, part, ": *")
		pname[++np] = substr(part[1], 2)
		sub(/^@[^:]*: */, "")
		ptext[np] = $0
		target = "p"
	} else if ($0 ~ /^(Description|Context|Cost): /) {
		sub(/^Description: /, "")
		text[++nt] = $0
		target = "t"
	} else if ($0 != "" && target == "t")
		text[nt] = text[nt] " " $0
	else if ($0 != "" && target == "p")
		ptext[np] = ptext[np] " " $0
	else if ($0 != "" && target == "b")
		brief = brief " " $0
	next
}
wait && /^probe / {
	signature = item
	wait = 0
	end_item()
}
wait && /^function / {
	sub(/^function /, "")
	signature = ""
	wait = 0
	insignature = 1
}
insignature {
	sub(/^[ \t]+/, "")
	signature = signature (signature != "" ? " " : "") $0
	if ($0 !~ /\)$/)
		next
	insignature = 0
	end_item()
}
END {
	file = dir "/tapset::" name ".3stap"
	header(file, "tapset::" name, "look into LuaJIT processes")
	printf ".SH DESCRIPTION\n%s", intro > file
	if (list["probes"] != "")
		printf ".SH PROBES\n%s", list["probes"] > file
	printf ".SH FUNCTIONS\n%s", list["functions"] > file
	print ".SH SEE ALSO\n.BR ljstap (1),\n.BR ljstap\\-dump (5)," > file
	print ".BR lj\\-cpu\\-flame (8),\n.BR stap (1)" > file
}
