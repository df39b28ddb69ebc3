/* flame.h - a fold -> rectangles: what is drawn where, and what it says.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * No XML here. The flame owns its frames; the fold must outlive it.
 */
#ifndef LJSTAP_FLAME_H
#define LJSTAP_FLAME_H

#include <stdint.h>

#include "fold.h"

/* What a frame is, by its name; classes of templates/flame.css. */
enum flame_layer {
	FLAME_ROOT, FLAME_LUA, FLAME_LINE, FLAME_TRACE, FLAME_BUILTIN,
	FLAME_C, FLAME_VM, FLAME_KERNEL, FLAME_MARK, FLAME_GAP, FLAME_LAYERS
};

/* In a flame chart, time in which a frame has no callee; it is not drawn. */
#define FLAME_NOTHING	"[nothing]"

struct flame_frame {
	uint32_t node;		/* of a block: the first of its siblings */
	uint32_t depth;		/* root: 0 */
	size_t siblings;	/* 0: a frame; else a block of so many that
				 * are too narrow, and all above them */
	uint64_t start, count;	/* in units of the fold */
};

struct flame {
	struct flame_frame *frame;	/* parents before children */
	size_t n, max;
	uint32_t depth;			/* of the deepest frame */
	uint64_t total;
	size_t hidden;			/* frames that are not drawn */
};

/**
 * flame_new - place the frames of a fold
 * @f: the fold, finished
 * @min: frames of less than this are not drawn; siblings next to each other
 *	that are not make a block, if that is large enough
 */
struct flame *flame_new(const struct fold *f, double min);

/**
 * flame_free - give a flame back
 * @fl: the flame, or NULL
 */
void flame_free(struct flame *fl);

/**
 * flame_layer - what a frame is
 * @name: its name
 */
enum flame_layer flame_layer(const char *name);

/**
 * flame_layer_name - the class of a layer
 * @layer: the layer
 */
const char *flame_layer_name(enum flame_layer layer);

/**
 * flame_label - the longest form of a name that fits
 * @name: the name
 * @chars: columns there is room for
 *
 * Drops directories first, then the place, then the end; templates/flame.js
 * does the same. Returns a string to free(), or NULL if nothing useful fits.
 */
char *flame_label(const char *name, size_t chars);

/**
 * flame_cut - a text, or its start and ".." if it does not fit
 * @text: the text
 * @chars: columns there is room for
 *
 * As above.
 */
char *flame_cut(const char *text, size_t chars);

#endif
