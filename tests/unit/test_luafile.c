/* test_luafile.c - the Lua of a file is told by its version string.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <stdlib.h>
#include <unistd.h>

#include "luafile.h"
#include "unit.h"

static enum luafile_kind kind;

static char *in_file(size_t before, const char *what, size_t n)
{
	char temp[] = "luafile.XXXXXX", *v;
	int fd = mkstemp(temp);
	FILE *f = fdopen(fd, "w");

	while (before--)
		fputc(0, f);
	fwrite(what, n, 1, f);
	fclose(f);
	kind = luafile_read(temp, &v);
	unlink(temp);
	return v;
}

#define FOUND(before, text, want_kind, want) do { \
	char *got = in_file(before, text, sizeof(text)); \
	CHECK(kind == (want_kind)); \
	CHECK_STR(got, want); \
	free(got); \
} while (0)

#define NOT_FOUND(text) do { \
	CHECK(!in_file(7, text, sizeof(text))); \
	CHECK(kind == LUAFILE_NONE); \
} while (0)

static void find(size_t before)
{
	FOUND(before, "LuaJIT 2.1.1700000000", LUAFILE_JIT,
	      "LuaJIT 2.1.1700000000");
	FOUND(before, "LuaJIT 2.0.5", LUAFILE_JIT20, "LuaJIT 2.0.5");
	FOUND(before, "$LuaVersion: Lua 5.4.4  Copyright (C)", LUAFILE_PUC,
	      "Lua 5.4.4");
	FOUND(before, "$Lua: Lua 5.1.5 Copyright (C)", LUAFILE_PUC,
	      "Lua 5.1.5");
}

int main(void)
{
	char *v;

	find(0);
	find(65536 - 5);	/* across two reads */
	find(65536);
	/* The best of several, whatever comes first. */
	FOUND(0, "$Lua: Lua 5.1.5 C\0LuaJIT 2.0.4\0LuaJIT 2.1.0-beta3",
	      LUAFILE_JIT, "LuaJIT 2.1.0-beta3");
	FOUND(0, "LuaJIT 2.0.4\0$Lua: Lua 5.1.5 C", LUAFILE_JIT20,
	      "LuaJIT 2.0.4");
	NOT_FOUND("LuaJIT 2.x is fast");
	NOT_FOUND("LuaJIT 2.1 and later");
	NOT_FOUND("Lua 5.4");
	CHECK(luafile_read("/no/such/file", &v) == LUAFILE_NONE && !v);
	CHECK(luafile_read("/dev/zero", &v) == LUAFILE_NONE && !v);
	v = luafile_refusal(LUAFILE_PUC, "Lua 5.4.4", "/x");
	CHECK(v && strstr(v, "PUC Lua 5.4.4, not LuaJIT (it has /x)"));
	free(v);
	CHECK(!luafile_refusal(LUAFILE_JIT, "LuaJIT 2.1", "/x"));
	return unit_verdict();
}
