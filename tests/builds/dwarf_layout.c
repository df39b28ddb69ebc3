/* dwarf_layout.c - compares core/layout.def with the DWARF of LuaJIT builds.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * usage: dwarf_layout ELF...
 *
 * For each file says which column tells its layout; all members of the table,
 * those of layout.h that are enumerators, and the dispatch table's length must
 * be right. Status 1: a file has none, each wrong member is named.
 */
#include <dwarf.h>
#include <elfutils/libdw.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "layout.h"

static Dwarf *dw;

/* -- DWARF --------------------------------------------------------------- */

/* call(die, arg) for each child of each unit until it returns non-zero */
static int each_die(int (*call)(Dwarf_Die *, void *), void *arg)
{
	Dwarf_CU *cu = NULL;
	Dwarf_Die unit, die;

	while (!dwarf_get_units(dw, cu, &cu, NULL, NULL, &unit, NULL)) {
		if (dwarf_child(&unit, &die))
			continue;
		do {
			if (call(&die, arg))
				return 1;
		} while (!dwarf_siblingof(&die, &die));
	}
	return 0;
}

struct wanted {
	const char *name;
	Dwarf_Die die;
};

static int is_struct(Dwarf_Die *die, void *arg)
{
	struct wanted *w = arg;
	const char *name = dwarf_diename(die);

	if (dwarf_tag(die) != DW_TAG_structure_type || !name ||
	    strcmp(name, w->name) || dwarf_hasattr(die, DW_AT_declaration))
		return 0;
	w->die = *die;
	return 1;
}

static int has_enumerator(Dwarf_Die *die, void *arg)
{
	struct wanted *w = arg;
	Dwarf_Die e;

	if (dwarf_tag(die) != DW_TAG_enumeration_type || dwarf_child(die, &e))
		return 0;
	do {
		if (!strcmp(dwarf_diename(&e), w->name)) {
			w->die = e;
			return 1;
		}
	} while (!dwarf_siblingof(&e, &e));
	return 0;
}

static int number(Dwarf_Die *die, unsigned int at)
{
	Dwarf_Attribute attr;
	Dwarf_Word v;

	if (!dwarf_attr(die, at, &attr) || dwarf_formudata(&attr, &v))
		return -1;
	return (int)v;
}

static int peel(Dwarf_Die *die, Dwarf_Die *type)
{
	Dwarf_Attribute attr;

	return dwarf_attr(die, DW_AT_type, &attr) &&
	       dwarf_formref_die(&attr, type) &&
	       !dwarf_peel_type(type, type) ? 0 : -1;
}

/* member - bytes from the start of a struct; -1: it has no such member
 * @path: names with dots between
 * @type: set to the last one's type
 */
static int member(Dwarf_Die *in, const char *path, Dwarf_Die *type)
{
	size_t n = strcspn(path, ".");
	Dwarf_Die m;
	int ofs, more = 0;

	if (dwarf_child(in, &m))
		return -1;
	do {
		const char *name = dwarf_diename(&m);

		if (dwarf_tag(&m) != DW_TAG_member || !name ||
		    strlen(name) != n || memcmp(name, path, n))
			continue;
		ofs = number(&m, DW_AT_data_member_location);
		if (ofs < 0 || peel(&m, type))
			return -1;
		if (path[n]) {
			Dwarf_Die inner = *type;

			more = member(&inner, path + n + 1, type);
		}
		return more < 0 ? -1 : ofs + more;
	} while (!dwarf_siblingof(&m, &m));
	return -1;
}

static int in_struct(const char *name, const char *path)
{
	struct wanted w = { .name = name };
	Dwarf_Die type;

	if (!each_die(is_struct, &w))
		return -1;
	return strcmp(path, "SIZE") ? member(&w.die, path, &type) :
	       dwarf_bytesize(&w.die);
}

static int enumerator(const char *name)
{
	struct wanted w = { .name = name };

	return each_die(has_enumerator, &w) ?
	       number(&w.die, DW_AT_const_value) : -1;
}

/* Type G: from global_State on through the GG_State around it. */
static int in_G(const char *path)
{
	char full[64];
	int ofs, g = in_struct("GG_State", "g");

	if (!strncmp(path, "GG.", 3))
		snprintf(full, sizeof(full), "%s", path + 3);
	else if (!strncmp(path, "J.", 2))
		snprintf(full, sizeof(full), "%s", path);
	else
		return in_struct("global_State", path);
	ofs = in_struct("GG_State", full);
	return ofs < 0 || g < 0 ? -1 : ofs - g;
}

/* -- Comparing ------------------------------------------------------------ */

enum { UNKNOWN = -2 };	/* DWARF does not tell */

/* A row without a struct may be an enumerator: the first word names it. */
static int truth(const char *type, const char *path)
{
	char word[64];
	int v;

	if (!strcmp(type, "G"))
		return in_G(path);
	if (!strcmp(type, "GV")) {
		v = in_G(path);
		return v < 0 ? -1 : in_G("vmstate") - v;
	}
	if (!strcmp(type, "JT"))
		return in_struct("jit_State", path) -
		       in_struct("jit_State", "trace");
	if (!strcmp(type, "TJ"))
		return in_struct("jit_State", "trace") -
		       in_struct("jit_State", path);
	if (strcmp(type, "NONE"))
		return in_struct(type, path);
	path += *path == '"';
	snprintf(word, sizeof(word), "%.*s", (int)strcspn(path, "\", "), path);
	v = enumerator(word);
	return v < 0 ? UNKNOWN : v;
}

struct row {
	const char *name, *type, *path;
	int rel;		/* which value of a column; -1: per mode */
	const lj_u16 *obj;
	const char *age;	/* layouts that have it; "": all */
	int is;			/* what DWARF says */
};

static struct row rows[] = {
#define MODE(name)
#define OBJ(name, type, member, ...) \
	{ #name, #type, #member, -1, lj_obj_##name, "", 0 },
#define AGE(age, name, type, member, ...) \
	{ #name, #type, #member, -1, lj_obj_##age##_##name, #age, 0 },
#define REL(name, type, member)	{ #name, #type, #member, 0, NULL, "", 0 },
#define COLUMN(name, mode, doc, ...)
#include "layout.def"
};
#define NROWS	(sizeof(rows) / sizeof(*rows))

static const char *const columns[] = {
#define MODE(name)
#define OBJ(name, type, member, ...)
#define REL(name, type, member)
#define COLUMN(name, mode, doc, ...)	#name,
#include "layout.def"
};

/* The values of a column in the order of REL follow its two first members. */
static int value(const struct row *r, int col)
{
	const lj_u16 *words = (const lj_u16 *)&lj_columns[col];

	return r->obj ? r->obj[lj_columns[col].mode] : words[2 + r->rel];
}

/* Have layouts of this column such a member? */
static int has(int col, const struct row *r)
{
	const struct lj_layout *l = &lj_columns[col];
	const char *strings = l->str_len > lj_obj_str_s17[l->mode] ? "s20" :
								     "s17";
	const char *traces = l->snapsize > 8 ? "t19" : "t17";

	return !*r->age || !strcmp(r->age, strings) || !strcmp(r->age, traces);
}

/* What is wrong in a column; prints it if asked to. */
static int wrong(int col, int print)
{
	size_t i;
	int n = 0;

	for (i = 0; i < NROWS; i++) {
		const struct row *r = &rows[i];

		if (r->is == UNKNOWN || !has(col, r) ||
		    r->is == value(r, col))
			continue;
		n++;
		if (print)
			printf("    %s (%s %s): %d in column %s, %d in DWARF\n",
			       r->name, r->type, r->path, value(r, col),
			       columns[col], r->is);
	}
	return n;
}

/* Enumerators that layout.h has as constants. */
static const struct {
	const char *name;
	int value;
} constants[] = {
#define C(name)	{ #name, LJ_##name }
	C(BC_GGET), C(BC_GSET), C(BC_TGETS), C(BC_TSETS), C(FRAME_LUA), C(FRAME_C), C(FRAME_CONT),
	C(FRAME_VARG), C(FRAME_LUAP), C(FRAME_CP), C(FRAME_PCALL),
	C(FRAME_PCALLH),
#undef C
	{ "LJ_VMST_INTERP", LJ_VMST_INTERP },
	{ "LJ_VMST_C", LJ_VMST_C },
	{ "LJ_VMST_GC", LJ_VMST_GC },
	{ "FF_LUA_", LJ_FF_LUA },
	{ "FF_C_", LJ_FF_C },
};

static int expect(const char *what, int is, int want)
{
	if (is == want)
		return 0;
	printf("    %s: %d in layout.h, %d in DWARF\n", what, want, is);
	return 1;
}

static int wrong_constants(void)
{
	int max = enumerator("BC__MAX"), bad = 0;
	struct wanted gg = { .name = "GG_State" };
	Dwarf_Die type;
	Dwarf_Word size = 0;
	size_t i;

	for (i = 0; i < sizeof(constants) / sizeof(*constants); i++)
		bad += expect(constants[i].name, enumerator(constants[i].name),
			      constants[i].value);
	bad += expect("LJ_NFUNC", max - enumerator("BC_FUNCF"), LJ_NFUNC);
	if (each_die(is_struct, &gg) && member(&gg.die, "dispatch", &type) >= 0)
		dwarf_aggregate_size(&type, &size);
	/* both halves of the table, lj_dispatch.h: GG_LEN_DISP */
	return bad + expect("LJ_NFF", (int)(size / 8) - 2 * max + LJ_NFUNC,
			    LJ_NFF);
}

static int compare(const char *name)
{
	int i, best = 0, n, bad;

	for (i = 0; i < (int)NROWS; i++)
		rows[i].is = truth(rows[i].type, rows[i].path);
	for (i = 1; i < LJ_COL_MAX; i++)
		if (wrong(i, 0) < wrong(best, 0))
			best = i;
	n = wrong(best, 0);
	printf("%s: %s %s\n", name, n ? "no column; nearest is" : "column",
	       columns[best]);
	bad = wrong(best, 1) + wrong_constants();
	for (i = 0; i < (int)NROWS; i++)
		if (rows[i].is == -1 && has(best, &rows[i]))
			printf("    %s: DWARF has no %s in %s\n", rows[i].name,
			       rows[i].path, rows[i].type);
	return bad;
}

static int compare_file(const char *path)
{
	const char *name = strrchr(path, '/');
	int fd = open(path, O_RDONLY), bad = 1;

	name = name ? name + 1 : path;
	dw = fd < 0 ? NULL : dwarf_begin(fd, DWARF_C_READ);
	if (dw)
		bad = compare(name);
	else
		printf("%s: cannot be read: %s\n", path, dwarf_errmsg(-1));
	dwarf_end(dw);
	if (fd >= 0)
		close(fd);
	return bad;
}

int main(int argc, char **argv)
{
	int i, n = 0, bad = 0;

	for (i = 0; i < (int)NROWS; i++)
		if (!rows[i].obj)
			rows[i].rel = n++;
	if (n != LJ_NREL || argc < 2) {
		fputs("usage: dwarf_layout ELF...\n", stderr);
		return 64;
	}
	for (i = 1; i < argc; i++)
		bad += compare_file(argv[i]);
	return bad != 0;
}
