/* cmd_sample.c - what commands that sample have in common: their options, the
 * collector that can, the dump, and what is made of it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <argp.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "cmd.h"
#include "diag.h"
#include "kmodule.h"
#include "luaproc.h"
#include "mem.h"
#include "outfile.h"
#include "preflight.h"
#include "readiness.h"
#include "vmplace.h"
#include "vmsymbols.h"

#define HZ	99
#define GC_HZ	999	/* steps are short */
#define DEPTH	256
#define EVERY	512
#define DUTY	2

/* What the value of -G may consist of. */
#define STAP_VALUE	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ" \
			"0123456789_.-"

static const struct argp_option options[] = {
	{ "duration", 'd', "SECONDS", 0, "Sample so long, 10 if not given; 0: "
	  "until Ctrl-C, or the process exits", 0 },
	{ "hz", 'z', "RATE", 0, "Samples a second and CPU, or looks of "
	  "lj-trace-events, 1 to 999; 99 if not given", 0 },
	{ "depth", 'n', "FRAMES", 0, "Most frames of a stack, 1 to 512; 256 if "
	  "not given", 0 },
	{ "layout", 'l', "LAYOUT", 0, "Of LuaJIT, as ljstap layout prints it",
	  0 },
	{ "collector", 'c', "NAME", 0, "bpf (eBPF), stap (SystemTap) or "
	  "memory (neither); auto: the first that the tool has and that can be used",
	  0 },
	{ "module", 'M', "FILE", 0, "Load this module, which ljstap prebuild "
	  "made, with SystemTap's staprun alone", 0 },
	{ "all-files", 'a', NULL, 0, "Of lj-file-io-flame: sockets, pipes and "
	  "terminals as well as regular files", 0 },
	{ "every", 'e', "BYTES", 0, "Of lj-alloc-flame: a sample for about so "
	  "many bytes allocated, 1 each; 512 if not given", 0 },
	{ "duty", 'u', "PERCENT", 0, "Of lj-alloc-flame: look at so much of "
	  "the time, 1 to 100; 2 if not given", 0 },
	{ "verbose", 'v', NULL, 0, "Say what sampling cost (bpf)", 0 },
	{ 0 }
};

/* -- Options -------------------------------------------------------------- */

/* number - an option's value up to max, which may be 0 if least is */
static int number(const char *option, const char *s, uint32_t least,
		  uint32_t max, uint32_t *value)
{
	uint64_t n;

	if ((least ? cmd_number : cmd_limit)(option, s, max, &n))
		return EINVAL;
	*value = n;
	return 0;
}

static int layout(struct cmd_sample *s, const char *text)
{
	const char *wrong = lj_layout_parse(&s->layout, text);

	if (wrong) {
		diag_usage("--layout: cannot understand '%s'; give what ljstap "
			   "layout prints", wrong);
		return EINVAL;
	}
	s->layout_text = text;
	s->c.layout = &s->layout;
	return 0;
}

static int find(struct cmd_sample *s, const char *name)
{
	const struct tool *near = tool_near(name);

	if (s->tool) {
		diag_usage("%s: only one tool at a time; options of stap stand "
			   "behind --", name);
		return EINVAL;
	}
	s->tool = tool_find(name);
	if (s->tool)
		return 0;
	if (near)
		diag_usage("%s: no such tool; did you mean %s? ljstap list "
			   "names all", name, near->name);
	else
		diag_usage("%s: no such tool; ljstap list names all", name);
	return EINVAL;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct cmd_sample *s = state->input;
	struct collect *c = &s->c;

	switch (key) {
	case 'd':
		return number("--duration", arg, 0, 86400 * 365, &c->duration);
	case 'z':
		return number("--hz", arg, 1, 999, &c->hz);
	case 'n':
		return number("--depth", arg, 1, 512, &c->depth);
	case 'l':
		return layout(s, arg);
	case 'c':
		return cmd_collector(arg, &s->collector) ? EINVAL : 0;
	case 'M':
		s->module = arg;
		return 0;
	case 'a':
		c->allfiles = 1;
		return 0;
	case 'e':
		return number("--every", arg, 1, 1 << 30, &c->every);
	case 'u':
		return number("--duty", arg, 1, 100, &c->duty);
	case 'v':
		c->verbose = 1;
		return 0;
	case ARGP_KEY_ARG:
		if (!state->quoted || state->next <= state->quoted)
			return find(s, arg);
		s->option = xgrow(s->option, c->stap.noptions, &s->maxoptions,
				  sizeof(*s->option));
		s->option[c->stap.noptions++] = arg;
		c->stap.option = s->option;
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

const struct argp cmd_sample_argp = { options, parse, NULL, NULL, NULL, NULL,
				      NULL };

static int takes(const struct cmd_sample *s, unsigned what)
{
	return (s->tool->takes & what) != 0;
}

/* param - a global of the script, whose text is taken over */
static void param(struct cmd_sample *s, char *text)
{
	struct collect_stap *stap = &s->c.stap;

	s->param = xgrow(s->param, stap->nparams, &s->maxparams,
			 sizeof(*s->param));
	s->param[stap->nparams++] = text;
	stap->param = s->param;
}

static void free_params(struct cmd_sample *s)
{
	for (size_t i = 0; i < s->c.stap.nparams; i++)
		free(s->param[i]);
	s->c.stap.nparams = 0;
}

static void params(struct cmd_sample *s)
{
	const struct collect *c = &s->c;

	free_params(s);
	param(s, xasprintf("duration=%" PRIu32, c->duration));
	if (takes(s, TOOL_HZ))
		param(s, xasprintf("hz=%" PRIu32, c->hz));
	if (takes(s, TOOL_DEPTH))
		param(s, xasprintf("depth=%" PRIu32, c->depth));
	if (c->allfiles)
		param(s, xstrdup("allfiles=1"));
	if (takes(s, TOOL_ALLOC)) {
		param(s, xasprintf("every=%" PRIu32, c->every));
		diag_note("SystemTap leaves its probe in place, as with "
			  "--duty=100");
	}
	if (s->layout_text)
		param(s, xasprintf("layout=%s", s->layout_text));
}

/* many - tell a script which processes. Not by -x: stap would put the program
 * of that process into the key of its cache, and compile once for each.
 */
static int many(struct cmd_sample *s)
{
	const struct collect *c = &s->c;
	char *pids = xstrdup(""), *more;

	for (size_t i = 0; i < c->npids; i++) {
		more = xasprintf("%s%s%" PRIu32, pids, i ? "." : "", c->pid[i]);
		free(pids);
		pids = more;
	}
	if (c->npids)
		param(s, xasprintf("luajit_pids=%s", pids));
	free(pids);
	if (c->parent)
		param(s, xasprintf("luajit_children_of=%" PRIu32, c->parent));
	if (c->comm && c->comm[strspn(c->comm, STAP_VALUE)]) {
		diag_error("--comm: '%s' has a character that stap lets no "
			   "value have; use -p PID,PID", c->comm);
		return -1;
	}
	if (c->comm)
		param(s, xasprintf("luajit_comm=%s", c->comm));
	return 0;
}

/* is_here - is the file that a process has by this path the one here? */
static int is_here(uint32_t pid, const char *path)
{
	char *theirs = xasprintf("/proc/%" PRIu32 "/root%s", pid, path);
	struct stat a, b;
	int here = stat(theirs, &b) ||
		   (!stat(path, &a) && a.st_dev == b.st_dev &&
		    a.st_ino == b.st_ino);

	free(theirs);
	return here;
}

/* library - tell a script the file with LuaJIT in it, as its argument. Stap
 * takes names as they are here: /proc/PID/root is no name for it.
 */
static int library(struct cmd_sample *s)
{
	uint32_t pid = collect_only(&s->c);
	struct luaprocs *l = luaproc_list();

	free(s->library);
	s->library = NULL;
	for (size_t i = 0; l && i < l->n; i++)
		if (l->list[i].pid == pid)
			s->library = xstrdup(l->list[i].path);
	luaproc_free(l);
	if (!s->library) {
		diag_error("no LuaJIT found in process %" PRIu32 "; see ljstap "
			   "ps", pid);
		return -1;
	}
	if (!is_here(pid, s->library)) {
		diag_error("process %" PRIu32 " is in a container: its LuaJIT "
			   "is %s there, another file here; give the name that "
			   "it has here, behind --", pid, s->library);
		return -1;
	}
	s->c.stap.arg = s->library;
	return 0;
}

/* symbols - names for stap of what its script puts probes at, if the file of
 * LuaJIT is stripped; in a folder that cmd_sample_free() removes
 */
static void symbols(struct cmd_sample *s)
{
	static const char var[] = "SYSTEMTAP_DEBUGINFO_PATH";
	uint32_t pid = collect_only(&s->c);
	struct vmplaces *ps = vmplaces_find(pid);
	const char *tmp = getenv("TMPDIR"), *old = getenv(var);
	char *dir, *why = NULL, *path;

	if (!ps)
		return;
	dir = xasprintf("%s/ljstap.XXXXXX", tmp && *tmp ? tmp : "/tmp");
	if (mkdtemp(dir))
		s->symbols = vmsymbols_write(ps, dir, &why);
	if (!s->symbols) {
		diag_loss("process %" PRIu32 ": %s; stap will not know its "
			  "functions, if it is stripped", pid, why ? why :
			  "no place for the symbols");
		rmdir(dir);
	}
	path = xasprintf(":%s:%s", dir, !old ? ".debug:/usr/lib/debug" :
			 old + strspn(old, "+-:"));
	setenv(var, path, 1);
	free(path);
	free(why);
	free(dir);
	vmplaces_free(ps);
}

/* tell_stap - what its script and stap are told. Returns 0, or -1 after saying
 * what cannot be.
 */
static int tell_stap(struct cmd_sample *s)
{
	params(s);
	if (takes(s, TOOL_MANY))
		return many(s);
	s->c.stap.by_x = 1;
	if (takes(s, TOOL_LIBRARY) && !s->module && collect_only(&s->c)) {
		if (!s->symbols)
			symbols(s);
		return s->c.stap.noptions ? 0 : library(s);
	}
	if (collect_only(&s->c))
		return 0;
	diag_error("%s looks at one process with SystemTap; give one with "
		   "-p PID%s", s->tool->name, s->tool->by & TOOL_BPF ?
		   ", or use eBPF (--collector=bpf)" : "");
	return -1;
}

/* untaken - an option that was given, but is not the tool's; NULL: none */
static const char *untaken(const struct cmd_sample *s)
{
	const struct collect *c = &s->c;

	return c->hz && !takes(s, TOOL_HZ) ? "--hz" :
	       c->depth && !takes(s, TOOL_DEPTH) ? "--depth" :
	       c->layout && !takes(s, TOOL_LAYOUT) ? "--layout" :
	       c->allfiles && !takes(s, TOOL_FILES) ? "--all-files" :
	       c->every && !takes(s, TOOL_ALLOC) ? "--every" :
	       c->duty && !takes(s, TOOL_ALLOC) ? "--duty" : NULL;
}

/* module_check - is it one of ours, and which? Whether it fits this kernel is
 * asked later.
 */
static int module_check(struct cmd_sample *s)
{
	struct kmodule *m = kmodule_open(s->module);
	const struct tool *tool = m ? tool_find(kmodule_name(m)) : NULL;
	int ours = m && kmodule_is_ours(m);

	kmodule_close(m);
	if (!ours) {
		diag_usage("%s: %s; give one that ljstap prebuild made",
			   s->module, m ? "a module, but not of ljstap" :
			   "not a kernel module that can be read");
		return -1;
	}
	if (s->collector == CMD_BPF || s->c.stap.noptions) {
		diag_usage("--module: it is loaded as it is, by staprun; leave "
			   "%s out", s->c.stap.noptions ? "options of stap" :
			   "--collector=bpf");
		return -1;
	}
	if (!s->tool)
		s->tool = tool;
	if (s->tool && (!tool || s->tool == tool))
		return 0;
	if (tool)
		diag_usage("%s: it is %s, not %s", s->module, tool->name,
			   s->tool->name);
	else
		diag_usage("%s: its name does not tell which tool it is; name "
			   "that, too", s->module);
	return -1;
}

int cmd_sample_check(struct cmd_sample *s)
{
	struct collect *c = &s->c;
	const char *not;

	if (s->module && module_check(s))
		return -1;
	if (!s->tool)
		s->tool = tool_find("cpu-flame");
	c->script = s->tool->name;
	c->stap.module = s->module;
	c->what = s->tool->what;
	not = untaken(s);
	if (not) {
		diag_usage("%s: %s has no such option; see ljstap list", not,
			   s->tool->name);
		return -1;
	}
	if (!c->hz && takes(s, TOOL_HZ))
		c->hz = s->tool->shows == TOOL_GC ? GC_HZ : HZ;
	if (!c->depth && (s->tool->shows == TOOL_PROFILE ||
			  takes(s, TOOL_DEPTH)))
		c->depth = DEPTH;
	if (!c->every)
		c->every = EVERY;
	if (!c->duty)
		c->duty = DUTY;
	if ((s->tool->by & TOOL_MEMORY || takes(s, TOOL_LIBRARY)) &&
	    !collect_only(c)) {
		diag_usage("%s looks at one process; give it with -p PID",
			   s->tool->name);
		return -1;
	}
	if (c->stap.noptions && s->collector == CMD_BPF) {
		diag_usage("%s: options of stap are of no use to eBPF; leave "
			   "--collector=bpf out", c->stap.option[0]);
		return -1;
	}
	return 0;
}

void cmd_sample_free(struct cmd_sample *s)
{
	free_params(s);
	free(s->param);
	free(s->option);
	free(s->library);
	vmsymbols_remove(s->symbols);
}

/* -- The process ---------------------------------------------------------- */

/* no_process - says so; a number may be one that a container tells */
static void no_process(uint32_t pid)
{
	char *container;
	uint32_t here = luaproc_outer(pid, &container);

	if (here)
		diag_error("no process %" PRIu32 "; that of %s%s is %" PRIu32
			   " here, give that", pid, container ? "container " :
			   "a container", container ? container : "", here);
	else
		diag_error("no process %" PRIu32 "; give the PID that ps shows "
			   "on the host", pid);
	free(container);
}

int cmd_sample_unfit(uint32_t pid)
{
	char *status = xasprintf("/proc/%" PRIu32 "/status", pid);
	char buf[4096], *tgid;
	int bad = preflight_read(status, buf, sizeof(buf));
	uint32_t leader = pid;

	free(status);
	if (bad) {
		no_process(pid);
		return -1;
	}
	tgid = strstr(buf, "\nTgid:");
	if (tgid)
		leader = strtoul(tgid + 6, NULL, 10);
	if (leader == pid)
		return 0;
	diag_error("%" PRIu32 " is a thread of process %" PRIu32 "; give that",
		   pid, leader);
	return -1;
}

/* -- Which collector? ----------------------------------------------------- */

/* either - the first that can be used here, having said why; CMD_AUTO: none */
static enum cmd_collector either(void)
{
	struct findings bpf = { 0 }, stap = { 0 };
	enum cmd_collector which = CMD_AUTO;
	const char *nobpf, *nostap = NULL;

	readiness_bpf(&bpf);
	nobpf = readiness_bad(&bpf);
	if (nobpf) {
		readiness_stap(&stap);
		nostap = readiness_bad(&stap);
	}
	if (!nobpf) {
		diag_note("sampling with eBPF: it can be used here and starts "
			  "at once");
		which = CMD_BPF;
	} else if (!nostap) {
		diag_note("sampling with SystemTap, not with eBPF: %s", nobpf);
		which = CMD_STAP;
	} else {
		diag_error("no collector can be used; eBPF: %s; SystemTap: %s",
			   nobpf, nostap);
	}
	readiness_free(&bpf);
	readiness_free(&stap);
	return which;
}

/* only - this one, if it can be used here; why: what wants it */
static enum cmd_collector only(enum cmd_collector which, const char *why)
{
	struct findings f = { 0 };
	const char *not, *name = which == CMD_BPF ? "eBPF" : "SystemTap";

	(which == CMD_BPF ? readiness_bpf : readiness_stap)(&f);
	not = readiness_bad(&f);
	if (not)
		diag_error("%s needs %s, which cannot be used here: %s", why,
			   name, not);
	else
		diag_note("sampling with %s: %s needs it", name, why);
	readiness_free(&f);
	return not ? CMD_AUTO : which;
}

/* by_module - SystemTap, if this kernel can take the module */
static enum cmd_collector by_module(const struct cmd_sample *s)
{
	struct kmodule *m = kmodule_open(s->module);
	struct utsname u;
	char *why = m && !uname(&u) ? kmodule_unfit(m, u.release) : NULL;

	if (why)
		diag_error("%s: %s; make one with ljstap prebuild %s -r %s",
			   s->module, why, s->tool->name, u.release);
	kmodule_close(m);
	if (why || !m) {
		free(why);
		return CMD_AUTO;
	}
	diag_note("sampling with SystemTap: the module was given");
	return CMD_STAP;
}

/* other - a collector to use instead, in words */
static const char *other(unsigned by)
{
	return by & TOOL_MEMORY ? "none of both (--collector=memory)" :
	       by & TOOL_BPF ? "eBPF (--collector=bpf)" :
	       "SystemTap (--collector=stap)";
}

/* choose - the collector to use; CMD_AUTO: there is none, and it was said */
static enum cmd_collector choose(const struct cmd_sample *s)
{
	unsigned by = s->tool->by;

	if (s->collector == CMD_BPF && !(by & TOOL_BPF)) {
		diag_error("eBPF has no %s; use %s", s->tool->name, other(by));
		return CMD_AUTO;
	}
	if ((s->collector == CMD_STAP || s->c.stap.noptions) &&
	    !(by & TOOL_STAP)) {
		diag_error("SystemTap has no %s; use %s", s->tool->name,
			   other(by));
		return CMD_AUTO;
	}
	if (s->collector == CMD_MEMORY && !(by & TOOL_MEMORY)) {
		diag_error("%s needs more than the memory of the process; use "
			   "%s", s->tool->name, other(by));
		return CMD_AUTO;
	}
	if (s->module)
		return by_module(s);
	if (s->collector != CMD_AUTO)
		return s->collector;
	if (by & TOOL_MEMORY)
		return CMD_MEMORY;
	if (s->c.stap.noptions)
		return only(CMD_STAP, "an option of stap");
	if (by == TOOL_STAP || by == TOOL_BPF)
		return only(by == TOOL_BPF ? CMD_BPF : CMD_STAP,
			    s->tool->name);
	return either();
}

/* -- The dump ------------------------------------------------------------- */

static void progress(void *ctx, const struct collect_progress *p)
{
	const struct collect *c = ctx;

	if (!p->seconds)
		diag_progress("%s: starting ...", c->script);
	else if (c->duration)
		diag_progress("%s: %.0f of %" PRIu32 " s, %" PRIu64 " samples, "
			      "%" PRIu64 " lost", c->script, p->seconds,
			      c->duration, p->samples, p->lost);
	else
		diag_progress("%s: %.0f s, %" PRIu64 " samples, %" PRIu64
			      " lost; Ctrl-C ends it", c->script, p->seconds,
			      p->samples, p->lost);
}

#ifdef HAVE_BPF
static struct collect_place place(const struct vmplace *at)
{
	return at ? (struct collect_place){ at->path, at->offset, at->addr } :
		    (struct collect_place){ 0 };
}

static int find_one(struct collect *c, const struct vmplaces *ps,
		    enum vmplace_id which)
{
	const struct vmplace *at = vmplaces_need(ps, which);

	if (!at)
		return -1;
	c->file = at->path;
	c->offset = at->offset;
	return 0;
}

static int find_yield(struct collect *c, const struct vmplaces *ps)
{
	const struct vmplace *fast, *resume, *byc;

	fast = vmplaces_need(ps, VMPLACE_lj_ff_coroutine_yield);
	resume = fast ? vmplaces_need(ps, VMPLACE_lj_vm_resume) : NULL;
	if (!resume)
		return -1;
	byc = vmplaces_get(ps, VMPLACE_lua_yield);
	if (!byc)
		diag_loss("process %" PRIu32 ": its LuaJIT tells not where "
			  "lua_yield is; what C code yields is not seen",
			  c->pid[0]);
	c->yield = (struct collect_yield){ place(fast), place(byc),
					   place(resume) };
	return 0;
}

/* find_places - what probes are placed at */
static int find_places(struct collect *c, const struct vmplaces *ps)
{
	switch (c->what) {
	case COLLECT_ALLOC:
		return find_one(c, ps, VMPLACE_lj_alloc_f);
	case COLLECT_TRACE:
		return find_one(c, ps, VMPLACE_lj_err_throw);
	default:
		return find_yield(c, ps);
	}
}

static int collect_with_bpf(const struct cmd_sample *s, FILE *out)
{
	struct collect c = s->c;
	struct vmplaces *ps = NULL;
	int ret = -1;

	if (c.what == COLLECT_ALLOC || c.what == COLLECT_TRACE ||
	    c.what == COLLECT_YIELD) {
		ps = vmplaces_find(collect_only(&c));
		if (!ps || find_places(&c, ps))
			goto out;
	}
	ret = collect_bpf(&c, out);
out:
	vmplaces_free(ps);
	return ret;
}
#endif

int cmd_sample_collect(struct cmd_sample *s, FILE *out)
{
	enum cmd_collector which = choose(s);
	int ret = -1;

	s->collector = which;	/* and it was said: not for each dump again */
	if (isatty(2)) {
		s->c.progress = progress;
		s->c.ctx = &s->c;
	}
	if (which == CMD_STAP) {
		ret = tell_stap(s) ? -1 : collect_stap(&s->c, out);
	} else if (which == CMD_BPF) {
#ifdef HAVE_BPF
		ret = collect_with_bpf(s, out);
#else
		diag_error("this ljstap was built without eBPF; use "
			   "--collector=stap");
#endif
	} else if (which == CMD_MEMORY) {
		ret = collect_user(&s->c, out);
	}
	diag_progress(NULL);
	return ret;
}

/* collect_to - a dump that is a file with a name, or goes to stdout */
static int collect_to(struct cmd_sample *s, const char *path)
{
	struct outfile *out = outfile_open(path);
	int ret = out ? cmd_sample_collect(s, outfile_stream(out)) : -1;

	return outfile_close(out, !ret) || ret ? -1 : 0;
}

/* collect_temp - a dump in a file that nobody else sees */
static FILE *collect_temp(struct cmd_sample *s)
{
	FILE *f = tmpfile();

	if (!f) {
		diag_error("no place for the dump: %s; tell one with "
			   "--keep=FILE", strerror(errno));
		return NULL;
	}
	if (cmd_sample_collect(s, f)) {
		fclose(f);
		return NULL;
	}
	if (!ferror(f) && !fflush(f))
		return f;
	diag_error("no room for the dump: %s; tell a better place with "
		   "--keep=FILE", strerror(errno));
	fclose(f);
	return NULL;
}

int cmd_sample_make(struct cmd_sample *s, const struct cmd_as *as,
		    const struct cmd_pipeline *how, const char *keep)
{
	struct cmd_pipeline in = *how;
	struct outfile *out;
	int ret;

	if (!as->make)
		return collect_to(s, how->output);
	/* Not to find out after an hour that there is no such folder. */
	out = outfile_open(how->output);
	if (!out)
		return -1;
	outfile_close(out, 0);
	in.file = keep ? keep : s->tool->name;
	if (!keep)
		in.stream = collect_temp(s);
	if (keep ? collect_to(s, keep) : !in.stream)
		return -1;
	ret = as->make(&in, as->name);
	if (in.stream)
		fclose(in.stream);
	return ret;
}
