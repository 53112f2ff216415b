# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=sh
# What tests of pictures and captures share; sourced after tap.sh. Needs $out, a file.

# check NAME COMMAND...: the command succeeds; what it says is shown if not.
check() {
	check_name=$1
	shift
	# shellcheck disable=SC2154 # out is the caller's
	if "$@" > "$out.check" 2>&1; then
		ok "$check_name"
	else
		not_ok "$check_name" "$out.check"
	fi
}

have() {
	command -v "$1" > "$out.have" 2>&1
}

# well_formed NAME FILE...: SVG that an XML parser reads, with all that a reader needs.
well_formed() {
	if ! have python3; then
		skip "$1" 'python3 is not installed'
		return
	fi
	well_formed_name=$1
	shift
	check "$well_formed_name" python3 - "$@" <<'END'
import sys, xml.etree.ElementTree as tree
svg = "{http://www.w3.org/2000/svg}"
for path in sys.argv[1:]:
    root = tree.parse(path).getroot()
    assert root.tag == svg + "svg", path
    assert root[0].tag == svg + "title" and root[0].text, path
    assert root[1].tag == svg + "desc" and root[1].text, path
    assert "prefers-color-scheme" in root.find(svg + "style").text, path
    words = [t.text for t in root.iter(svg + "text")]
    assert "stack under test" in words, path
    width, height = int(root.get("width")), int(root.get("height"))
    for t in root.iter(svg + "text"):
        assert 0 <= int(t.get("x")) <= width and 0 < int(t.get("y")) <= height, (path, t.text)
END
}
