# Turns a text into a C string literal, a line each; its comment lines are left out.
/^#/ { next }
{
	gsub(/\\/, "&&")
	gsub(/"/, "\\\\&")
	printf "\"%s\\n\"\n", $0
}
