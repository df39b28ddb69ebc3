# recipe.sh - reads the recipe beside it; sourced, with $here set to its folder.
# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later

recipe=$here/recipe

# value WORD: the first one given for it.
value() {
	awk -v w="$1" '$1 == w { print $2; exit }' "$recipe"
}

# values WORD: all given for it, a line each; of "kernel" and such, the names.
values() {
	awk -v w="$1" '$1 == w && !seen[$2]++ { print $2 }' "$recipe"
}

# row WORD NAME: what is said of it, on one line; fails if nothing is.
row() {
	awk -v w="$1" -v n="$2" '
		$1 == w && $2 == n { for (i = 3; i <= NF; i++) s = s " " $i }
		END { print substr(s, 2); exit s == "" }' "$recipe"
}
