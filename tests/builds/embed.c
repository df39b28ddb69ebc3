/* embed.c - runs Lua files in one or several VMs of libluajit builds.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * usage: embed [-k] [-n TIMES] LIB SCRIPT ARG...
 *
 * Opens the shared library LIB ("static": the VM linked into embed-static),
 * makes a VM, runs SCRIPT with ARG... in the global `arg`, closes the VM (with
 * -k keeps it); TIMES times in all, 0: for ever. Globals of each VM besides
 * Lua's own:
 *
 *   vm(LIB, SCRIPT, ARG...)	  runs SCRIPT in another VM, on this C stack
 *   thread(LIB, SCRIPT, ARG...)  ... in a thread of its own; returns at once
 *
 * No header of LuaJIT is needed: the few functions of the Lua 5.1 API that
 * are used are looked up by name.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAXARG		15
#define GLOBALSINDEX	(-10002)

typedef struct lua_State lua_State;

#define API(F)								\
	F(lua_State *, luaL_newstate, (void))				\
	F(void, luaL_openlibs, (lua_State *))				\
	F(int, luaL_loadfile, (lua_State *, const char *))		\
	F(int, lua_pcall, (lua_State *, int, int, int))			\
	F(void, lua_close, (lua_State *))				\
	F(int, lua_gettop, (lua_State *))				\
	F(const char *, lua_tolstring, (lua_State *, int, size_t *))	\
	F(void, lua_createtable, (lua_State *, int, int))		\
	F(void, lua_pushstring, (lua_State *, const char *))		\
	F(void, lua_pushcclosure, (lua_State *, int (*)(lua_State *), int)) \
	F(void, lua_rawseti, (lua_State *, int, int))			\
	F(void, lua_setfield, (lua_State *, int, const char *))

/* struct api - one library. Functions of all VMs of it. */
struct api {
#define F(type, name, args) type (*name) args;
	API(F)
#undef F
};

#ifdef STATIC_VM
#define F(type, name, args) type name args;
API(F)
#undef F
#endif

/* struct job - what one VM is to do; strings are the job's own */
struct job {
	const struct api *api;
	int n;
	char *arg[MAXARG + 1];		/* the script, its arguments */
};

static void die(const char *what, const char *why)
{
	fprintf(stderr, "embed: %s: %s\n", what, why ? why : "failed");
	exit(2);
}

/* The VM linked in has no library to be looked up in. */
static int open_static(struct api *api, const char *lib)
{
#ifdef STATIC_VM
	if (!strcmp(lib, "static")) {
#define F(type, name, args) api->name = name;
		API(F)
#undef F
		return 1;
	}
#else
	(void)api;
	(void)lib;
#endif
	return 0;
}

/* Libraries stay open until the process ends. */
static const struct api *open_lib(const char *lib)
{
	struct api *api = calloc(1, sizeof(*api));
	void *so;

	if (!api)
		die(lib, "no memory");
	if (open_static(api, lib))
		return api;
	so = dlopen(lib, RTLD_NOW | RTLD_LOCAL);
	if (!so)
		die(lib, dlerror());
#define F(type, name, args)						\
	*(void **)&api->name = dlsym(so, #name);			\
	if (!api->name)							\
		die(lib, "has no " #name);
	API(F)
#undef F
	return api;
}

/* Whose VM runs in this thread: what the functions called from Lua go by. */
static __thread const struct api *current;

static int keep;

static int l_vm(lua_State *L);
static int l_thread(lua_State *L);

static void run(const struct job *job)
{
	const struct api *a = job->api, *outer = current;
	lua_State *L = a->luaL_newstate();
	int i;

	if (!L)
		die(job->arg[0], "no VM");
	a->luaL_openlibs(L);
	a->lua_createtable(L, job->n, 0);
	for (i = 0; i < job->n; i++) {
		a->lua_pushstring(L, job->arg[i]);
		a->lua_rawseti(L, -2, i);
	}
	a->lua_setfield(L, GLOBALSINDEX, "arg");
	a->lua_pushcclosure(L, l_vm, 0);
	a->lua_setfield(L, GLOBALSINDEX, "vm");
	a->lua_pushcclosure(L, l_thread, 0);
	a->lua_setfield(L, GLOBALSINDEX, "thread");
	current = a;
	if (a->luaL_loadfile(L, job->arg[0]) || a->lua_pcall(L, 0, 0, 0))
		die(job->arg[0], a->lua_tolstring(L, -1, NULL));
	if (!keep)
		a->lua_close(L);
	current = outer;
}

static struct job *new_job(const char *lib)
{
	struct job *job = calloc(1, sizeof(*job));

	if (!job)
		die(lib, "no memory");
	job->api = open_lib(lib);
	return job;
}

static void add_arg(struct job *job, const char *arg)
{
	if (!arg || job->n >= MAXARG)
		die("arguments", "too many, or not strings");
	job->arg[job->n] = strdup(arg);
	if (!job->arg[job->n++])
		die(arg, "no memory");
}

static void free_job(struct job *job)
{
	while (job->n)
		free(job->arg[--job->n]);
	free((void *)job->api);
	free(job);
}

/* The job in the arguments of a call from Lua. */
static struct job *lua_job(lua_State *L)
{
	struct job *job = new_job(current->lua_tolstring(L, 1, NULL));
	int i;

	for (i = 2; i <= current->lua_gettop(L); i++)
		add_arg(job, current->lua_tolstring(L, i, NULL));
	return job;
}

static int l_vm(lua_State *L)
{
	struct job *job = lua_job(L);

	run(job);
	free_job(job);
	return 0;
}

static void *thread_main(void *arg)
{
	run(arg);
	free_job(arg);
	return NULL;
}

static int l_thread(lua_State *L)
{
	pthread_t t;

	if (pthread_create(&t, NULL, thread_main, lua_job(L)))
		die("thread", "cannot be created");
	pthread_detach(t);
	return 0;
}

int main(int argc, char **argv)
{
	unsigned long times = 1, i;
	struct job *job;
	int opt;

	while ((opt = getopt(argc, argv, "+kn:")) > 0) {
		if (opt == 'k')
			keep = 1;
		else if (opt == 'n')
			times = strtoul(optarg, NULL, 10);
		else
			return 64;
	}
	if (argc < optind + 2) {
		fputs("usage: embed [-k] [-n TIMES] LIB SCRIPT ARG...\n", stderr);
		return 64;
	}
	job = new_job(argv[optind]);
	while (argv[++optind])
		add_arg(job, argv[optind]);
	for (i = 0; !times || i < times; i++)
		run(job);
	free_job(job);
	return 0;
}
