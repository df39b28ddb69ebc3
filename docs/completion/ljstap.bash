# ljstap.bash - completion of ljstap's commands, options and processes.
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Asks ljstap itself, so that it cannot fall behind.

_ljstap_commands()
{
	"$1" --help 2>/dev/null | sed -n 's/^  \([a-z][a-z]*\)  *.*/\1/p'
}

_ljstap_options()
{
	"$1" "$2" --help 2>/dev/null | grep -oE -- '--[a-z][a-z-]*=?' | sort -u
}

_ljstap_pids()
{
	"$1" ps --interval=0.01 2>/dev/null | awk 'NR > 1 { print $1 }'
}

_ljstap_tools()
{
	"$1" list 2>/dev/null | awk 'NR > 1 { print $1 }'
}

_ljstap_scripts()
{
	"$1" lua --list 2>/dev/null | awk '{ print $1 }'
}

_ljstap()
{
	local me=$1 cur=$2 prev=$3 command=${COMP_WORDS[1]} words=

	# --pid=12 is three words to bash
	[ "$cur" = = ] && cur=
	[ "$prev" = = ] && prev=${COMP_WORDS[COMP_CWORD - 2]}
	if [ "$COMP_CWORD" = 1 ]; then
		words="$(_ljstap_commands "$me") --help --version"
	else
		case $prev in
		-p | --pid) words=$(_ljstap_pids "$me") ;;
		-c | --collector) words='auto bpf stap' ;;
		--by) words='function line' ;;
		--only) words='interp jit c gc compiler outside blocked io preempted' ;;
		--as) words='svg text steps folded dump pprof speedscope chrome firefox' ;;
		-f | --format) words='speedscope chrome firefox pprof' ;;
		*)
			case $cur in
			-*) words=$(_ljstap_options "$me" "$command") ;;
			*)
				case $command in
				run | watch | prebuild) words=$(_ljstap_tools "$me") ;;
				lua) words=$(_ljstap_scripts "$me") ;;
				esac
				;;
			esac
			;;
		esac
	fi
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
	[[ ${COMPREPLY[0]} = *= ]] && compopt -o nospace
	return 0
}

complete -o default -F _ljstap ljstap
