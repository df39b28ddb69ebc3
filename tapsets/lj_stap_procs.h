/* lj_stap_procs.h - which processes a SystemTap session looks at.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Those given by number, and the children of one and all of a name, which are
 * met as they begin. Included by lj_stap.h.
 */

#define LJS_NPROCS	256

/* From luajit_open() or luajit_find() to luajit_close() or luajit_leave(). Only
 * grows, so that it can be read without the lock.
 */
static struct pid *ljs_proc[LJS_NPROCS];
static u32 ljs_nprocs;
static struct pid *ljs_parent;		/* whose children are; NULL: no one's */
static char ljs_byname[TASK_COMM_LEN];	/* of what name they are; "": any */
static char ljs_comm[TASK_COMM_LEN];	/* of the first one */

/* ljs_known - is it one of them already? */
static int ljs_known(const struct pid *pid)
{
	u32 i, n = smp_load_acquire(&ljs_nprocs);

	for (i = 0; i < n; i++)
		if (ljs_proc[i] == pid)
			return 1;
	return 0;
}

/* ljs_add - this process as well; task: its leader. 0, or -1: one too many */
static int ljs_add(struct task_struct *task)
{
	struct pid *pid = task_tgid(task);
	int ret = 0;

	ljs_lock_irqsave();
	if (!pid || ljs_known(pid))
		goto out;
	ret = -1;
	if (ljs_nprocs == LJS_NPROCS)
		goto out;
	if (!ljs_nprocs)
		strscpy(ljs_comm, task->comm, sizeof(ljs_comm));
	ljs_proc[ljs_nprocs] = get_pid(pid);
	smp_store_release(&ljs_nprocs, ljs_nprocs + 1);
	ret = 0;
out:
	ljs_unlock_irqrestore();
	return ret;
}

static int ljs_by_rule(void)
{
	return ljs_parent || ljs_byname[0];
}

/* ljs_ruled - is it one of those children, of that name? Under RCU. */
static int ljs_ruled(const struct task_struct *task)
{
	if (!ljs_by_rule())
		return 0;
	if (ljs_parent &&
	    task_tgid(rcu_dereference(task->real_parent)) != ljs_parent)
		return 0;
	return !ljs_byname[0] || !strcmp(task->comm, ljs_byname);
}

/* ljs_wanted - is the current process one of them? */
static int ljs_wanted(void)
{
	int wanted = ljs_known(task_tgid(current));

	if (wanted || !ljs_by_rule())
		return wanted;
	rcu_read_lock();
	wanted = current->mm && ljs_ruled(current->group_leader) &&
		 !ljs_add(current->group_leader);
	rcu_read_unlock();
	return wanted;
}

/* ljs_find_ruled - those that are there now */
static void ljs_find_ruled(void)
{
	struct task_struct *task;

	if (!ljs_by_rule())
		return;
	rcu_read_lock();
	for_each_process(task)
		if (task->mm && ljs_ruled(task))
			ljs_add(task);
	rcu_read_unlock();
}

/* ljs_find_target - hold on to the process with this number here */
static int ljs_find_target(u32 pid)
{
	struct task_struct *task;
	int ret = -ESRCH;

	rcu_read_lock();
	task = pid_task(find_vpid(pid), PIDTYPE_TGID);
	if (task)
		ret = ljs_add(task) ? -ENOSPC : 0;
	rcu_read_unlock();
	return ret;
}

/* ljs_choose - processes by numbers with dots between, by parent, by name.
 *
 * Returns 0, or the number of which there is no process; -1: there is none.
 */
static s64 ljs_choose(const char *pids, u32 parent, const char *name)
{
	u32 pid = 0;

	for (; *pids; pids++) {
		if (*pids >= '0' && *pids <= '9')
			pid = pid * 10 + (*pids - '0');
		if (*pids != '.' && pids[1])
			continue;
		if (ljs_find_target(pid))
			return pid;
		pid = 0;
	}
	if (parent) {
		rcu_read_lock();
		ljs_parent = get_pid(find_vpid(parent));
		rcu_read_unlock();
		if (!ljs_parent)
			return parent;
	}
	strscpy(ljs_byname, name, sizeof(ljs_byname));
	ljs_find_ruled();
	return ljs_nprocs ? 0 : -1;
}

/* ljs_forget - let go of them */
static void ljs_forget(void)
{
	while (ljs_nprocs)
		put_pid(ljs_proc[--ljs_nprocs]);
	put_pid(ljs_parent);
	ljs_parent = NULL;
	ljs_byname[0] = 0;
}

static int ljs_is_gone(struct pid *pid)
{
	struct task_struct *task = pid_task(pid, PIDTYPE_TGID);

	return !task || atomic_read(&task->signal->live) == 0;
}

/* ljs_gone - has none of them a running thread, and will none have? */
static int ljs_gone(void)
{
	int gone = !ljs_byname[0];
	u32 i;

	rcu_read_lock();
	if (ljs_parent)
		gone = ljs_is_gone(ljs_parent);
	for (i = 0; i < ljs_nprocs && gone; i++)
		gone = ljs_is_gone(ljs_proc[i]);
	rcu_read_unlock();
	return gone;
}

/* ljs_who - the processes in words */
static void ljs_who(char *buf, size_t size)
{
	u32 i, n;

	if (!ljs_nprocs && ljs_parent) {
		scnprintf(buf, size, "the children of process %d",
			  pid_nr(ljs_parent));
		return;
	}
	n = scnprintf(buf, size, ljs_nprocs > 1 ? "processes" : "process");
	for (i = 0; i < ljs_nprocs && i < 8; i++)
		n += scnprintf(buf + n, size - n, "%s %d", !i ? "" :
			       i + 1 < ljs_nprocs ? "," : " and",
			       pid_nr(ljs_proc[i]));
}
