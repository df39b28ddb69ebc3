/* vmreport.c - what is known of a LuaJIT's layout, and how surely, in words.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "diag.h"
#include "dumptab.h"
#include "lj_layout_text.h"
#include "mem.h"
#include "vmreport.h"

#define MODE(name)
#define OBJ(name, type, member, ...)
#define REL(name, type, member)
#define COLUMN(name, mode, doc, ...)	doc,
static const char *const column_doc[LJ_COL_MAX] = {
#include "layout.def"
};

/* -- What is known ------------------------------------------------------ */

/* How a value is known. */
#define BY_TABLE	1	/* layout.def has it for this layout */
#define BY_CODE		2	/* the VM's instructions use it */
#define BY_MEMORY	4	/* what is there in memory is what shall be */
#define BY_KIN		8	/* all layouts like this have it there */

struct known {
	int live;			/* a VM that fits */
	struct lj_layout lay;
	int by[LJ_NREL];		/* 0: not known */
	uint16_t other[LJ_NREL];	/* what another layout has, or 0 */
	unsigned char fits[LJ_COL_MAX];	/* columns that agree */
	unsigned nfits;
	const char *odd;		/* what memory and code disagree on */
	char *text;			/* for -G layout=, or NULL */
};

/* Members of REL in its order, by name. */
enum {
#define MODE(name)
#define OBJ(name, type, member, ...)
#define REL(name, type, member)		R_##name,
#define COLUMN(name, mode, doc, ...)
#include "layout.def"
};

/* What the core compares with memory: lj_verify(), lj_trace_family(). */
static int seen_in_memory(const struct remote_vm *vm, int i)
{
	switch (i) {
	case R_str_hash:
	case R_str_len:
	case R_str_data:
		return 0;
	case R_J_trace:
	case R_J_sizetrace:
	case R_T_nsnap:
	case R_T_linktype:
	case R_snapsize:
		return vm->traces;
	default:
		return 1;
	}
}

static void know_live(const struct vmreport *v, struct known *k)
{
	lj_u16 *rel = lj_layout_rel(&k->lay), *code = NULL;
	struct lj_layout seen;

	if (v->code) {
		seen = v->code->seen;
		code = lj_layout_rel(&seen);
	}
	for (int i = 0; i < LJ_NREL; i++) {
		if (seen_in_memory(v->vm, i))
			k->by[i] |= BY_MEMORY;
		else if (rel[i] && k->lay.col == LJ_COL_MAX)
			k->by[i] |= BY_KIN;
		if (!code || !code[i])
			continue;
		if (!rel[i])		/* no trace told J_trace yet */
			rel[i] = code[i];
		if (rel[i] == code[i])
			k->by[i] |= BY_CODE;
		else
			k->odd = lj_rel_name[i];
	}
}

/* May it be this column, by what memory told? */
static int may_be(const struct vmreport *v, struct lj_layout *lay,
		  struct lj_layout *column)
{
	if (lay->col == LJ_COL_MAX || lay->mode != column->mode)
		return 0;
	for (int i = 0; i < LJ_NREL; i++)
		if (lj_layout_rel(lay)[i] != lj_layout_rel(column)[i] &&
		    (v->vm->traces || i < R_T_nsnap))
			return 0;
	return 1;
}

/* Fill in what the columns have that fit; where they differ, both. */
static void know_columns(struct known *k)
{
	lj_u16 *rel = lj_layout_rel(&k->lay);

	for (int c = 0; c < LJ_COL_MAX; c++) {
		struct lj_layout l = lj_columns[c];

		if (!k->fits[c])
			continue;
		k->nfits++;
		if (k->lay.col == LJ_COL_MAX)
			k->lay.col = c;
		for (int i = 0; i < LJ_NREL; i++) {
			lj_u16 value = lj_layout_rel(&l)[i];

			if (k->lay.col != c && value != rel[i]) {
				k->other[i] = value;
				continue;
			}
			rel[i] = value;
			k->by[i] |= BY_TABLE;
		}
	}
}

static void know_file(const struct vmreport *v, struct known *k)
{
	for (int i = 0; i < LJ_NREL; i++)
		k->by[i] = lj_layout_rel(&k->lay)[i] ? BY_CODE : 0;
	memcpy(k->fits, v->code->fits, sizeof(k->fits));
}

/* All members in words, as lj_layout_parse() takes them. */
static char *layout_text(struct lj_layout *l)
{
	char *text = xstrdup(lj_mode_name[l->mode]), *next;

	for (int i = 0; i < LJ_NREL; i++) {
		next = xasprintf("%s,%s=%u", text, lj_rel_name[i],
				 lj_layout_rel(l)[i]);
		free(text);
		text = next;
	}
	return text;
}

static void know(const struct vmreport *v, struct known *k)
{
	memset(k, 0, sizeof(*k));
	k->live = v->vm && !v->vm->check;
	if (k->live) {
		k->lay = v->vm->lay;
		know_live(v, k);
		for (int c = 0; c < LJ_COL_MAX; c++) {
			struct lj_layout l = lj_columns[c];

			k->fits[c] = may_be(v, &k->lay, &l);
		}
	} else if (v->code) {
		k->lay = v->code->seen;
		know_file(v, k);
	} else {
		return;
	}
	know_columns(k);
	if (v->code && (v->code->odd || v->code->v20))
		return;
	if (k->lay.col < LJ_COL_MAX)
		k->text = xstrdup(lj_column_name[k->lay.col]);
	else if (k->live)
		k->text = layout_text(&k->lay);
}

const char *vmreport_layout(const struct remote_vm *vm)
{
	return vm->lay.col < LJ_COL_MAX ? lj_column_name[vm->lay.col] :
					  "worked out";
}

const char *vmreport_check(uint32_t check)
{
	const char *doc = dumptab_doc("check", check);

	return doc ? doc : "something this version does not know of";
}

/* -- What is in doubt --------------------------------------------------- */

static char *where(const struct vmreport *v)
{
	if (v->vm)
		return xasprintf("process %" PRIu32 ", VM at 0x%" PRIx64,
				 v->pid, v->vm->g ? v->vm->g : v->vm->d);
	return xstrdup(v->path);
}

#define REPORT	"please report what ljstap layout prints for it"

static void doubt_code(const struct vmreport *v, const char *at)
{
	if (v->code->copies > 1)
		diag_note("%s: the code of %u VMs is in this file; the first "
			  "is told", v->path, v->code->copies);
	if (v->code->odd)
		diag_loss("%s: %s is %d bytes from where every known LuaJIT "
			  "has it; it cannot be looked into; " REPORT, at,
			  v->code->odd, v->code->odd_by);
}

static void doubt_known(const struct vmreport *v, const struct known *k,
			const char *at)
{
	if (v->vm && v->vm->check)
		diag_loss("%s: %s; " REPORT, at, vmreport_check(v->vm->check));
	else if (k->odd)
		diag_loss("%s: memory and instructions disagree on %s; "
			  REPORT, at, k->odd);
	else if (k->nfits > 1)
		diag_loss("%s: %u layouts are possible; once a trace is "
			  "compiled its process tells which: ljstap layout "
			  "PID", at, k->nfits);
	else if (k->live && !k->nfits)
		diag_note("%s: not in the table of layouts, but worked out "
			  "from memory; " REPORT, at);
	else if (!k->nfits && !v->code->odd)
		diag_loss("%s: not in the table of layouts; look at a process "
			  "of it: ljstap layout PID", at);
}

static int is_v20(const struct vmreport *v)
{
	return (v->vm && v->vm->check == LJD_check_V20) ||
	       (v->code && v->code->v20);
}

static void doubt(const struct vmreport *v, const struct known *k)
{
	char *at = where(v);

	if (is_v20(v)) {
		diag_error("%s: LuaJIT 2.0; only LuaJIT 2.1 can be looked "
			   "into", at);
	} else {
		if (v->code)
			doubt_code(v, at);
		doubt_known(v, k, at);
	}
	free(at);
}

/* -- In words ----------------------------------------------------------- */

static void put_buildid(const struct vmreport *v, FILE *to)
{
	const unsigned char *id = NULL;
	size_t n = v->elf ? elffile_buildid(v->elf, &id) : 0;

	for (size_t i = 0; i < n; i++)
		fprintf(to, "%02x", id[i]);
}

/* A name from elsewhere must not write to the terminal. */
static void put_name(const char *s, FILE *to)
{
	for (; *s; s++)
		putc((unsigned char)*s < ' ' || *s == 0x7f ? '?' : *s, to);
}

static void text_head(const struct vmreport *v, FILE *to)
{
	if (v->vm)
		fprintf(to, "VM of process %" PRIu32 ", global_State at 0x%"
			PRIx64 ", dispatch table at 0x%" PRIx64, v->pid,
			v->vm->g, v->vm->d);
	else
		fputs("VM code in a file", to);
	if (v->like)
		fprintf(to, "; as that at 0x%" PRIx64, v->like->g);
	putc('\n', to);
}

static void text_file(const struct vmreport *v, FILE *to)
{
	fputs("  file      ", to);
	put_name(*v->path ? v->path : "not known", to);
	fputs(v->deleted ? " (deleted)\n" : "\n", to);
	if (v->mapped)
		fprintf(to, "  mapped    0x%" PRIx64 "\n", v->mapped);
	fputs("  build-id  ", to);
	put_buildid(v, to);
	fputs(v->elf ? "\n" : "not known\n", to);
	fprintf(to, "  version   %s\n", v->version ? v->version : "not told");
	if (v->code)
		fprintf(to, "  code      0x%" PRIx64 "-0x%" PRIx64
			" of the file%s\n", v->code->start, v->code->end,
			v->code->framed ? "" :
			", not told by .eh_frame");
}

static const char *fork_of(const struct vmreport *v, const struct known *k)
{
	return vmelf_openresty(v->code, &k->lay) ? "OpenResty" : "LuaJIT";
}

static void text_column(const struct known *k, FILE *to)
{
	const char *sep = "";

	fputs("  layout    ", to);
	if (!k->nfits)
		fprintf(to, "not in the table%s", k->live ?
			": calibrated, worked out from memory" : "");
	for (int c = 0; c < LJ_COL_MAX; c++)
		if (k->fits[c]) {
			fprintf(to, "%s%s (%s)", sep, lj_column_name[c],
				column_doc[c]);
			sep = " or ";
		}
	putc('\n', to);
}

static void text_by(int by, FILE *to)
{
	static const char *const names[] = {
		"table", "instructions", "memory", "its kin"
	};
	const char *sep = "";

	for (int i = 0; i < 4; i++)
		if (by & 1 << i) {
			fprintf(to, "%s%s", sep, names[i]);
			sep = ", ";
		}
}

static void text_members(struct known *k, FILE *to)
{
	fputs("  member       value  known by\n", to);
	for (int i = 0; i < LJ_NREL; i++) {
		unsigned value = lj_layout_rel(&k->lay)[i];

		fprintf(to, "  %-11s ", lj_rel_name[i]);
		if (!k->by[i] || !value) {
			fputs("     ?  nothing\n", to);
			continue;
		}
		fprintf(to, "%6u  ", value);
		text_by(k->by[i], to);
		if (k->other[i])
			fprintf(to, "; or %u", k->other[i]);
		putc('\n', to);
	}
}

void vmreport_text(const struct vmreport *v, FILE *to)
{
	struct known k;

	text_head(v, to);
	if (v->like)
		return;
	know(v, &k);
	text_file(v, to);
	if (v->vm && v->vm->check)
		fprintf(to, "  check     %s\n", vmreport_check(v->vm->check));
	if ((k.live || v->code) && !is_v20(v)) {
		fprintf(to, "  mode      %s\n", lj_mode_name[k.lay.mode]);
		fprintf(to, "  fork      %s\n", fork_of(v, &k));
		text_column(&k, to);
		text_members(&k, to);
	}
	if (k.text)
		fprintf(to, "  for stap  -G layout=%s\n", k.text);
	doubt(v, &k);
	free(k.text);
}

/* -- As JSON ------------------------------------------------------------ */

static void put_json(const char *s, FILE *to)
{
	putc('"', to);
	for (; *s; s++)
		if (*s == '"' || *s == '\\')
			fprintf(to, "\\%c", *s);
		else if ((unsigned char)*s < ' ' || *s & 0x80)
			fprintf(to, "\\u%04x", (unsigned char)*s);
		else
			putc(*s, to);
	putc('"', to);
}

static void json_layout(const struct vmreport *v, struct known *k, FILE *to)
{
	fprintf(to, ", \"mode\": \"%s\", \"fork\": \"%s\", \"members\": {",
		lj_mode_name[k->lay.mode], fork_of(v, k));
	for (int i = 0; i < LJ_NREL; i++) {
		fprintf(to, "%s\"%s\": {\"value\": ", i ? ", " : "",
			lj_rel_name[i]);
		if (k->by[i])
			fprintf(to, "%u", lj_layout_rel(&k->lay)[i]);
		else
			fputs("null", to);
		if (k->other[i])
			fprintf(to, ", \"or\": %u", k->other[i]);
		fputs(", \"by\": \"", to);
		text_by(k->by[i], to);
		fputs("\"}", to);
	}
	fputs("}", to);
}

void vmreport_json(const struct vmreport *v, FILE *to)
{
	struct known k;

	know(v, &k);
	fputs("{\"file\": ", to);
	put_json(v->path, to);
	fprintf(to, ", \"deleted\": %s, \"build_id\": \"",
		v->deleted ? "true" : "false");
	put_buildid(v, to);
	fputs("\", \"version\": ", to);
	put_json(v->version ? v->version : "", to);
	if (v->pid)
		fprintf(to, ", \"pid\": %" PRIu32 ", \"mapped\": \"0x%" PRIx64
			"\"", v->pid, v->mapped);
	if (v->vm)
		fprintf(to, ", \"g\": \"0x%" PRIx64 "\", \"dispatch\": \"0x%"
			PRIx64 "\", \"check\": \"%s\"", v->vm->g, v->vm->d,
			dumptab_value("check", v->vm->check));
	if ((k.live || v->code) && !is_v20(v))
		json_layout(v, &k, to);
	fputs(", \"layout\": ", to);
	put_json(k.text ? k.text : "", to);
	fputs("}", to);
	doubt(v, &k);
	free(k.text);
}
