/* luahost.c - runs Lua scripts that look into a live process.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <errno.h>
#include <inttypes.h>
#include <lauxlib.h>
#include <luajit.h>
#include <lualib.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "clean.h"
#include "diag.h"
#include "heapcopy.h"
#include "luabase.h"
#include "luahelp.h"
#include "luahost.h"
#include "luaobj.h"
#include "luaproxy.h"
#include "luascript.h"
#include "luastack.h"
#include "mem.h"
#include "template_ljstap_lua.h"

#define EVERY	10000	/* instructions between two looks at the clock */
#define MAXWAIT	100	/* ms between two looks at whether it still lives */

struct luahost {
	struct luaworld w;
	const struct luahost_opts *o;
	uint64_t until;		/* ns; 0: no limit */
	char *name;		/* of the script */
};

static struct luaworld *running;	/* for the signal handler */

static uint64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ull + ts.tv_nsec;
}

/* -- Limits ------------------------------------------------------------- */

static void hook(lua_State *L, lua_Debug *ar)
{
	struct luahost *h = (struct luahost *)running;

	(void)ar;
	if (!h->w.stop && h->until && now() > h->until)
		h->w.stop = LUASTOP_TIME;
	luaproxy_check(&h->w, L);
}

static void interrupted(int sig)
{
	(void)sig;
	running->stop = LUASTOP_INTERRUPTED;
	lua_sethook(running->L, hook, LUA_MASKCOUNT, 1);
}

static void begin(struct luahost *h)
{
	double left = h->o->timeout;

	h->w.stop = LUASTOP_NONE;
	h->w.nodes = 0;
	h->w.bytes += h->w.v->bytes;
	luaval_limit(h->w.v, h->o->bytes, left);
	h->until = left > 0 ? now() + (uint64_t)(left * 1e9) : 0;
	running = &h->w;
	lua_sethook(h->w.L, hook, LUA_MASKCOUNT, EVERY);
}

/* -- Running ------------------------------------------------------------ */

/* The message of an error is whatever the script throws, of any bytes. */
static char *error_text(struct luahost *h)
{
	lua_State *L = h->w.L;
	size_t n;
	const char *s = lua_tolstring(L, -1, &n);
	struct pool *pool;
	char *text;

	if (!s && luaproxy_at(L, -1)) {
		luaproxy_text(&h->w, L, luaproxy_at(L, -1));
		s = lua_tolstring(L, -1, &n);
	}
	if (!s)
		return xasprintf("an error that is a %s value",
				 luaL_typename(L, -1));
	pool = pool_new();
	text = xstrdup(pool_str(pool, clean_name(pool, s, n)));
	pool_free(pool);
	return text;
}

/* What ended it, in a line; all that was printed before is kept. */
static void complain(struct luahost *h)
{
	void (*say)(const char *fmt, ...) = diag_error;
	char *text;

	if (h->w.stop == LUASTOP_EXIT)
		return;
	if (h->w.printed)
		say = diag_loss;
	if (h->w.stop == LUASTOP_ENDED) {
		diag_loss("process %" PRIu32 " ended while the script ran; "
			  "what it printed before is kept", h->w.pid);
		return;
	}
	text = error_text(h);
	if (h->w.stop == LUASTOP_INTERRUPTED)
		diag_loss("%s: interrupted", h->name);
	else if (h->w.stop)
		diag_loss("%s; what was printed before is kept", text);
	else
		say("%s", text);
	free(text);
}

/* The function and its arguments are on the stack. Returns 0, or -1. */
static int call(struct luahost *h, int nargs, int nresults)
{
	begin(h);
	if (!lua_pcall(h->w.L, nargs, nresults, 0))
		return 0;
	complain(h);
	lua_pop(h->w.L, 1);
	return -1;
}

/* -- Probes ------------------------------------------------------------- */

/* ljstap.probes: a list of { name =, ns =, fn =, next = } */
static int push_probe(lua_State *L, int i)
{
	lua_getfield(L, LUA_REGISTRYINDEX, "ljstap.probes");
	lua_rawgeti(L, -1, i);
	lua_remove(L, -2);
	if (!lua_isnil(L, -1))
		return 1;
	lua_pop(L, 1);
	return 0;
}

static double number_of(lua_State *L, const char *name)
{
	double d;

	lua_getfield(L, -1, name);
	d = lua_tonumber(L, -1);
	lua_pop(L, 1);
	return d;
}

static int is_named(lua_State *L, const char *name)
{
	int same;

	lua_getfield(L, -1, "name");
	same = !strcmp(lua_tostring(L, -1), name);
	lua_pop(L, 1);
	return same;
}

/* Run the probe on the stack. */
static int fire(struct luahost *h)
{
	int ret;

	lua_getfield(h->w.L, -1, "fn");
	ret = call(h, 0, 0);
	fflush(h->o->out);
	return ret;
}

static int fire_all(struct luahost *h, const char *name)
{
	lua_State *L = h->w.L;
	int ret = 0;

	for (int i = 1; !ret && push_probe(L, i); i++) {
		if (is_named(L, name))
			ret = fire(h);
		lua_pop(L, 1);
	}
	return ret;
}

/* Run the timer on the stack if it is due, the first time after its period.
 * Returns when it is due again.
 */
static uint64_t fire_timer(struct luahost *h, uint64_t t, double ns, int *ret)
{
	uint64_t next = (uint64_t)number_of(h->w.L, "next");

	if (next > t)
		return next;
	if (next)
		*ret = fire(h);
	next += (uint64_t)ns;
	if (next < t)
		next = t + (uint64_t)ns;
	lua_pushnumber(h->w.L, next);
	lua_setfield(h->w.L, -2, "next");
	return next;
}

/* Returns when the next timer is due, 0: there is none. */
static uint64_t fire_timers(struct luahost *h, uint64_t t, int *ret)
{
	uint64_t first = 0, next;

	for (int i = 1; !*ret && push_probe(h->w.L, i); i++) {
		double ns = number_of(h->w.L, "ns");

		if (ns > 0) {
			next = fire_timer(h, t, ns, ret);
			if (!first || next < first)
				first = next;
		}
		lua_pop(h->w.L, 1);
	}
	return first;
}

static int has_ended(const struct luahost *h, int pidfd)
{
	struct pollfd p = { .fd = pidfd, .events = POLLIN };

	return pidfd < 0 ? kill(h->w.pid, 0) && errno == ESRCH :
			   poll(&p, 1, 0) > 0;
}

static int has_probe(lua_State *L, const char *name)
{
	int has = 0;

	for (int i = 1; !has && push_probe(L, i); i++) {
		has = is_named(L, name);
		lua_pop(L, 1);
	}
	return has;
}

static void wait_until(uint64_t next, int pidfd)
{
	struct pollfd p = { .fd = pidfd, .events = POLLIN };
	uint64_t t = now();
	int ms = next && next < t + MAXWAIT * 1000000ull ?
		 next > t ? (int)((next - t) / 1000000) + 1 : 0 : MAXWAIT;

	poll(&p, pidfd >= 0, ms);
}

static int run_timers(struct luahost *h)
{
	int pidfd = syscall(SYS_pidfd_open, h->w.pid, 0);
	int at_end = has_probe(h->w.L, "process.end"), ended = 0, ret = 0;
	uint64_t next = fire_timers(h, now(), &ret);

	/* ^C while nothing runs is the way to end it. */
	while (!ret && (next || at_end) && !ended &&
	       h->w.stop != LUASTOP_INTERRUPTED) {
		wait_until(next, pidfd);
		ended = has_ended(h, pidfd);
		if (!ended && h->w.stop != LUASTOP_INTERRUPTED)
			next = fire_timers(h, now(), &ret);
	}
	if (pidfd >= 0)
		close(pidfd);
	if (!ended)
		return ret;
	if (at_end)
		return fire_all(h, "process.end");
	diag_loss("process %" PRIu32 " ended; what the script printed before "
		  "is kept", h->w.pid);
	return -1;
}

/* -- Scripts ------------------------------------------------------------ */

static int load(struct luahost *h, const char *text, size_t n)
{
	char *chunk = xasprintf("=%s", h->name), *message;
	int ret;

	h->w.printed = 0;
	ret = luaL_loadbuffer(h->w.L, text, n, chunk);
	free(chunk);
	if (!ret)
		return 0;
	message = error_text(h);
	diag_error("%s", message);
	free(message);
	lua_pop(h->w.L, 1);
	return -1;
}

/* print() of a script with probes is that of the language they are from. */
static void choose_print(lua_State *L, unsigned probes)
{
	lua_getfield(L, LUA_REGISTRYINDEX, "ljstap.functions");
	lua_getfield(L, -1, probes ? "print_joined" : "print");
	lua_setglobal(L, "print");
	lua_pop(L, 1);
}

static int end_run(struct luahost *h, int ret)
{
	if (h->w.torn)
		diag_loss("%" PRIu64 " values changed each time that they were "
			  "read; try again, or ljstap.snapshot()", h->w.torn);
	if (h->w.gone)
		diag_loss("%" PRIu64 " values were replaced by others while "
			  "they were read: what was read of them may be of "
			  "others, too; try again, or ljstap.snapshot()",
			  h->w.gone);
	h->w.torn = h->w.gone = 0;
	fflush(h->o->out);
	if (h->w.stop == LUASTOP_EXIT)
		return h->w.status;
	return ret;
}

static void set_arguments(lua_State *L, const char *name, char **argv,
			  int argc)
{
	lua_createtable(L, argc, 1);
	lua_pushstring(L, name);
	lua_rawseti(L, -2, 0);
	for (int i = 0; i < argc; i++) {
		lua_pushstring(L, argv[i]);
		lua_rawseti(L, -2, i + 1);
	}
	lua_setglobal(L, "arg");
}

int luahost_run(struct luahost *h, const char *name, const char *text,
		size_t n, char **argv, int argc)
{
	struct sigaction act = { .sa_handler = interrupted }, old;
	lua_State *L = h->w.L;
	unsigned probes;
	char *why, *lua = luascript_lua(text, n, &probes, &why);
	int ret;

	free(h->name);
	h->name = xstrdup(name);
	if (!lua) {
		diag_error("%s: %s", name, why);
		free(why);
		return -1;
	}
	lua_newtable(L);
	lua_setfield(L, LUA_REGISTRYINDEX, "ljstap.probes");
	choose_print(L, probes);
	set_arguments(L, name, argv, argc);
	ret = load(h, lua, strlen(lua));
	free(lua);
	if (ret)
		return ret;
	for (int i = 0; i < argc; i++)
		lua_pushstring(L, argv[i]);
	sigaction(SIGINT, &act, &old);
	ret = call(h, argc, 0);
	if (!ret)
		ret = fire_all(h, "process.begin");
	if (!ret)
		ret = run_timers(h);
	sigaction(SIGINT, &old, NULL);
	return end_run(h, ret);
}

/* -- The prompt --------------------------------------------------------- */

/* An error at the very end: more may come. */
static int is_incomplete(lua_State *L)
{
	size_t n;
	const char *s = lua_tolstring(L, -1, &n);

	return n >= 7 && !strcmp(s + n - 7, "'<eof>'");
}

/* Lines up to a whole chunk. Returns 1 if there is one, 0 at the end. */
static int read_chunk(struct luahost *h, FILE *in, int ask)
{
	lua_State *L = h->w.L;
	char *line = NULL, *text = xstrdup(""), *more;
	size_t max = 0;
	int ok = 0;

	for (;;) {
		if (ask) {
			fputs(*text ? ">> " : "> ", h->o->out);
			fflush(h->o->out);
		}
		if (getline(&line, &max, in) < 0)
			break;
		more = xasprintf("%s%s", text, line);
		free(text);
		text = more;
		more = xasprintf("return nil, %s", text + (*text == '='));
		ok = !luaL_loadbuffer(L, more, strlen(more), "=stdin");
		free(more);
		if (ok)
			break;
		lua_pop(L, 1);
		ok = !luaL_loadbuffer(L, text, strlen(text), "=stdin");
		if (ok || !is_incomplete(L))
			break;
		lua_pop(L, 1);
	}
	ok = ok || (lua_gettop(L) && lua_isstring(L, -1));
	free(text);
	free(line);
	return ok;
}

int luahost_prompt(struct luahost *h, FILE *in, int ask)
{
	struct sigaction act = { .sa_handler = interrupted }, old;
	lua_State *L = h->w.L;
	char *text;

	free(h->name);
	h->name = xstrdup("stdin");
	while (lua_settop(L, 0), read_chunk(h, in, ask)) {
		h->w.printed = 1;
		if (lua_isstring(L, -1)) {	/* it is no Lua */
			text = error_text(h);
			diag_loss("%s", text);
			free(text);
			continue;
		}
		lua_getfield(L, LUA_REGISTRYINDEX, "ljstap.functions");
		lua_getfield(L, -1, "show");
		lua_pushvalue(L, 1);
		sigaction(SIGINT, &act, &old);
		call(h, 1, 0);
		sigaction(SIGINT, &old, NULL);
		fflush(h->o->out);
		if (h->w.stop == LUASTOP_EXIT || h->w.stop == LUASTOP_ENDED)
			break;
	}
	if (ask)
		putc('\n', h->o->out);
	return end_run(h, 0);
}

/* -- Starting ----------------------------------------------------------- */

/* In a call of its own: its errors are caught. */
static int open_all(lua_State *L)
{
	struct luaworld *w = lua_touserdata(L, 1);

	luaL_openlibs(L);
	luaproxy_init(w, L);
	if (luaL_loadbuffer(L, template_ljstap_lua,
			    sizeof(template_ljstap_lua) - 1, "=ljstap"))
		return lua_error(L);
	luabase_open(w, L);
	luahelp_open(w, L);
	lua_pushvalue(L, -1);
	lua_setfield(L, LUA_REGISTRYINDEX, "ljstap.functions");
	lua_newtable(L);
	lua_setfield(L, LUA_REGISTRYINDEX, "ljstap.probes");
	lua_pushvalue(L, LUA_REGISTRYINDEX);
	lua_call(L, 2, 0);
	luaJIT_setmode(L, 0, LUAJIT_MODE_ENGINE | LUAJIT_MODE_OFF);
	return 0;
}

struct luahost *luahost_new(struct remote *r, const struct remote_vm *vm,
			    const struct luahost_opts *o)
{
	struct luahost *h = xcalloc(1, sizeof(*h));
	lua_State *L = luaL_newstate();

	h->o = o;
	h->w = (struct luaworld){ .pid = o->pid, .r = r, .vm = vm,
				  .number = o->number, .out = o->out,
				  .raw = o->raw, .maxstr = o->string,
				  .maxnodes = o->nodes, .L = L };
	h->w.v = luaval_new(r, vm);
	h->w.names = luaobj_new(h->w.v);
	running = &h->w;
	if (!L || lua_cpcall(L, open_all, &h->w)) {
		diag_error("no Lua of our own: %s", L ? lua_tostring(L, -1) :
			   "not enough memory");
		luahost_free(h);
		return NULL;
	}
	if (o->snapshot && luahost_run(h, "--snapshot", "ljstap.snapshot()",
				       17, NULL, 0)) {
		luahost_free(h);
		return NULL;
	}
	return h;
}

void luahost_free(struct luahost *h)
{
	if (!h)
		return;
	if (h->w.L)
		lua_close(h->w.L);
	remote_from_copy(h->w.r, NULL);
	heapcopy_free(h->w.copy);
	luastack_free(h->w.stacks);
	luaobj_free(h->w.names);
	luaval_free(h->w.v);
	free(h->name);
	free(h);
}
