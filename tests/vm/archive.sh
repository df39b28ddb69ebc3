# archive.sh - where this machine's apt finds Debian's packages; sourced.
# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later

# The machine's own mirror, so that a private or faster one is used too.
# apt knows the origin only after an update; before that go by the URI's end.
# archive_entry LABEL END: its URI, and the entry of sources it stands in.
# shellcheck disable=SC2016 # apt, not the shell, expands the format
archive_entry() {
	apt-get indextargets 'Created-By: Packages' \
		--format '$(REPO_URI) $(ORIGIN) $(LABEL) $(SOURCESENTRY)' |
		awk -v label="$1" -v end="/$2/?\$" '
			$2 == "Debian" && $3 == label { print 1, $1, $4; next }
			$1 ~ end { print 2, $1, $NF }' |
		sort -u | sort -s -n -k 1,1 | awk 'NR == 1 { print $2, $3 }'
}

# The keyring named in the entry (FILE:NUMBER), else Debian's own.
archive_keyring() {
	local file=${1%:*} key
	key=$(sed -n -e 's/^[Ss]igned-[Bb]y:[[:space:]]*\(\/.*\)$/\1/p' \
		-e 's/^deb.*signed-by=\(\/[^] ,]*\).*/\1/p' "$file" 2>/dev/null |
		head -n 1)
	[ -e "$key" ] || key=/usr/share/keyrings/debian-archive-keyring.gpg
	[ ! -e "$key" ] || echo "$key"
}

# source_line SUITE: for sources.list. A machine without security updates in
# its sources gets them from beside its mirror.
source_line() {
	local uri entry key
	read -r uri entry < <(archive_entry Debian debian) || {
		echo "no Debian archive in apt's sources: add one (see sources.list(5))" >&2
		return 1
	}
	key=$(archive_keyring "$entry")
	case $1 in
	*-security)
		read -r uri entry < <(archive_entry Debian-Security debian-security) ||
			uri=${uri%/}-security
		;;
	esac
	echo "deb ${key:+[signed-by=$key] }$uri $1 main"
}

# A mirror's copy of a testing suite may be old.
apt_options() {
	echo 'Acquire::Check-Valid-Until "false";'
}
