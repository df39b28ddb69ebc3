#! /bin/sh
# csp.sh - the styles and scripts of pictures -> a C header with the
# Content-Security-Policy that allows them, and nothing else.
# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: csp.sh EMBED.AWK TEMPLATES; environment: AWK

set -eu
embed=$1 templates=$2

# hash NAME...: of one element that holds the texts of all these templates
hash() {
	digest=$(for name; do
		"${AWK:-awk}" -f "$embed" "$templates/$name"
	done | sha256sum)
	printf '%s' "${digest%% *}" | tr a-f A-F | basenc --base16 -d |
		base64 | sed "s/.*/'sha256-&'/"
}

style="$(hash page.css curve.css) $(hash page.css flame.css)"
style="$style $(hash page.css heat.css)"
script="$(hash flame.js) $(hash heat.js)"
cat <<END
/* template_csp.h - made by csp.sh; do not edit.
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
static const char template_csp[] =
	"default-src 'none'; style-src $style; "
	"script-src $script";
END
