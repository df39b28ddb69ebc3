# stapman.awk - a 3stap manual page from the kernel-doc comments of a tapset
#
# usage: awk -v name=luajit -f stapman.awk luajit.stp.in
#
# SPDX-License-Identifier: GPL-2.0-or-later

function troff(text)
{
	gsub(/\\/, "\\e", text)
	gsub(/-/, "\\-", text)
	return text
}

function begin_page()
{
	printf ".TH %s 3stap \"\" ljstap \"SystemTap tapset\"\n", toupper(name)
	printf ".SH NAME\n%s \\- %s\n", name, "look into LuaJIT processes"
	printf ".SH DESCRIPTION\n%s\n.SH FUNCTIONS\n", intro
	started = 1
}

function end_function(    i)
{
	printf ".TP\n.BI \"%s\"\n%s%s\n", troff(signature), troff(brief),
	       brief ~ /[?.]$/ ? "" : "."
	for (i = 1; i <= np; i++)
		printf ".br\n.I %s\n\\(em %s\n", pname[i], troff(ptext[i])
	for (i = 1; i <= nt; i++)
		printf ".sp 0.5\n%s\n", troff(text[i])
}

/^\/\/ <tapsetdescription>/ { inintro = 1; next }
/^\/\/ <\/tapsetdescription>/ { inintro = 0; next }
inintro { sub(/^\/\/ ?/, ""); intro = intro troff($0) "\n"; next }

/^\/\*\*/ { indoc = 1; np = nt = 0; brief = ""; next }
indoc && /^ \*\// { indoc = 0; wait = 1; next }
indoc {
	sub(/^ \* ?/, "")
	if ($0 ~ /^sfunction /) {
		sub(/^sfunction [^ ]+ - /, "")
		brief = $0
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
	next
}
wait && /^function / {
	if (!started)
		begin_page()
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
	end_function()
}
END {
	print ".SH SEE ALSO\n.BR ljstap (1),\n.BR ljstap\\-dump (5),"
	print ".BR lj\\-cpu\\-flame (8),\n.BR stap (1)"
}
