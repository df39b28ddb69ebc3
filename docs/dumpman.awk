# dumpman.awk - the record tables of ljstap-dump(5), from core/dump.def
#
# usage: awk -v def=core/dump.def -f dumpman.awk ljstap-dump.5.in
# Replaces the lines @RECORDS@, @ENUMS@ and @VERSION@ of the page.
#
# SPDX-License-Identifier: GPL-2.0-or-later

function args(line,    a)
{
	sub(/^[^(]*\(/, "", line)
	sub(/\)[^)]*$/, "", line)
	return line
}

function doc(text)
{
	sub(/^[^"]*"/, "", text)
	sub(/"[^"]*$/, "", text)
	gsub(/\\/, "\\e", text)
	gsub(/-/, "\\-", text)
	return text
}

# Comment blocks above a record say more than its one line.
function records(    line, note, innote, a, n, tail)
{
	while ((getline line < def) > 0) {
		if (line ~ /^\/\*/) {
			note = ""
			innote = 1
		}
		if (innote) {
			n = line
			gsub(/^ *\/?\*+ ?|\*\/ *$/, "", n)
			note = note (note == "" ? "" : " ") n
			if (line ~ /\*\//)
				innote = 0
			continue
		}
		if (line ~ /^REC\(/) {
			split(args(line), a, /, */)
			tail = a[3]
			gsub(/-/, "\\-", note)
			printf ".SS %s (kind %s)\n%s\n", a[1], a[2], note
			print ".TS\nlB lB lB\nl l lx."
			print "field\ttype\tmeaning"
		} else if (line ~ /^\tU(32|64)\(/) {
			split(args(line), a, /, */)
			printf "%s\t%s\tT{\n%s\nT}\n", a[1],
			       (line ~ /U32/ ? "u32" : "u64"), doc(line)
		} else if (line ~ /^END\(/) {
			if (tail != "NONE")
				printf "(tail)\t%s\tT{\n%s\nT}\n",
				       (tail == "WORDS" ? "u64[n]" : "u8[n]"),
				       (tail == "WORDS" ? "n words" : \
				       "n bytes, zero padded to 8")
			print ".TE"
		}
	}
	close(def)
}

function enums(    line, a, last)
{
	while ((getline line < def) > 0) {
		if (line !~ /^ENUM\(/)
			continue
		split(args(line), a, /, */)
		if (a[1] != last) {
			if (last != "")
				print ".TE"
			printf ".SS %s\n.TS\nlB lB lB\nl l lx.\n", a[1]
			print "name\tvalue\tmeaning"
		}
		last = a[1]
		printf "%s\t%s\tT{\n%s\nT}\n", a[2], a[3], doc(line)
	}
	print ".TE"
	close(def)
}

$0 == "@RECORDS@" { records(); next }
$0 == "@ENUMS@" { enums(); next }
{ print }
