/* lj_layout_text.h - a layout in words: what `ljstap layout` prints and the
 * scripts take.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 *   gc64_2021_03                         a column of layout.def
 *   gc64_2021_03,cur_L=376,jit_base=384  one with some members elsewhere
 *   gc64,L_size=96,vmstate=184,...       none: all members of REL
 *
 * Freestanding: no libc.
 */
#ifndef LJSTAP_LJ_LAYOUT_TEXT_H
#define LJSTAP_LJ_LAYOUT_TEXT_H

#include "layout.h"

#define MODE(name)
#define OBJ(name, type, member, ...)
#define REL(name, type, member)
#define COLUMN(name, mode, doc, ...)	#name,
static const char *const lj_column_name[LJ_COL_MAX] = {
#include "layout.def"
};

#define MODE(name)			#name,
#define OBJ(name, type, member, ...)
#define REL(name, type, member)
#define COLUMN(name, mode, doc, ...)
static const char *const lj_mode_name[LJ_MODE_MAX] = {
#include "layout.def"
};

#define MODE(name)
#define OBJ(name, type, member, ...)
#define REL(name, type, member)		#name,
#define COLUMN(name, mode, doc, ...)
static const char *const lj_rel_name[LJ_NREL] = {
#include "layout.def"
};

/* lj_layout_rel - the values of a layout, in the order of REL */
static inline lj_u16 *lj_layout_rel(struct lj_layout *l)
{
	return &l->col + 1;
}

/* lj_word_is - is the word at s, up to , = or the end, this name? */
static inline int lj_word_is(const char *s, const char *name)
{
	while (*name && *s == *name) {
		s++;
		name++;
	}
	return !*name && (!*s || *s == ',' || *s == '=');
}

/* lj_word_in - number of the word at s in names[n], or n */
static inline lj_u32 lj_word_in(const char *s, const char *const *names,
				lj_u32 n)
{
	lj_u32 i;

	for (i = 0; i < n && !lj_word_is(s, names[i]); i++)
		;
	return i;
}

/* lj_layout_value - take "member=value" at s; NULL if that is not one */
static inline const char *lj_layout_value(struct lj_layout *l, const char *s)
{
	lj_u32 i = lj_word_in(s, lj_rel_name, LJ_NREL), v = 0;

	while (*s && *s != ',' && *s != '=')
		s++;
	if (i == LJ_NREL || *s != '=' || s[1] < '0' || s[1] > '9')
		return 0;
	for (s++; *s >= '0' && *s <= '9' && v < 65536; s++)
		v = v * 10 + (lj_u32)(*s - '0');
	if ((*s && *s != ',') || v > 65535)
		return 0;
	lj_layout_rel(l)[i] = (lj_u16)v;
	return s;
}

/* lj_layout_parse - a layout from its text
 * @l: set
 * @s: the text
 *
 * Returns NULL, or the word that cannot be understood. Members that are not
 * told and in no column are 0. So is l->dispatch of an unusable layout.
 */
static inline const char *lj_layout_parse(struct lj_layout *l, const char *s)
{
	lj_u32 i = lj_word_in(s, lj_column_name, LJ_COL_MAX);
	const char *word = s, *next;

	*l = (struct lj_layout){ .col = LJ_COL_MAX };
	if (i < LJ_COL_MAX) {
		*l = lj_columns[i];
	} else {
		i = lj_word_in(s, lj_mode_name, LJ_MODE_MAX);
		if (i == LJ_MODE_MAX)
			return s;
		l->mode = (lj_u16)i;
	}
	for (; *s && *s != ','; s++)
		if (*s == '=')
			return word;
	while (*s == ',') {
		word = s + 1;
		next = lj_layout_value(l, word);
		if (!next)
			return word;
		l->col = LJ_COL_MAX;
		s = next;
	}
	return *s || !l->dispatch || !l->mainthref || !l->nbc ? word : 0;
}

#endif
