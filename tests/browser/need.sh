# need.sh - what tests of pictures and exports need; sourced, in the build directory.
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# Debian's chromium, nodejs and npm, and once, in the build directory:
#   make node-modules

here=${srcdir:-.}/tests/browser
: "${NODE_PATH:=$PWD/tests/browser/node_modules}"
export NODE_PATH

skip() {
	echo "SKIP: $*"
	exit 77
}

# need PACKAGE...: of the npm registry
need() {
	command -v node >/dev/null || skip "no node here: install nodejs"
	for package; do
		[ -e "$NODE_PATH/$package" ] ||
			skip "no $package in $NODE_PATH: make node-modules"
	done
}

need_browser() {
	need playwright-core
	node -e 'process.exit(require(process.argv[1]).findChromium() ? 0 : 1)' \
		"$(cd "$here" && pwd)/lib.js" || skip "no chromium here"
}
