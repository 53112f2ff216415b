# Turns src/sys/symbols.txt (NAME [FALLBACK]) into guarded table rows: the
# header's value where there is one, else the fallback, else no row.
/^[ \t]*(#|$)/ { next }
{
	printf "#ifdef %s\n\t{ \"%s\", (int64_t)(%s) },\n", $1, $1, $1
	if (NF > 1)
		printf "#else\n\t{ \"%s\", %s },\n", $1, $2
	print "#endif"
}
