/* lj_file.h - the file of a descriptor, and its record.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Part of the BPF object lj_cpu.bpf.c. All reads are of kernel memory, by the
 * names of members that the loader resolves.
 */
#ifndef LJSTAP_LJ_FILE_H
#define LJSTAP_LJ_FILE_H

#define LJ_MAXPATH	2048	/* bytes of a path; a longer one loses its start */
#define LJ_MAXNAMES	48	/* names, and mount points, of one path */
#define LJ_FMT		0170000	/* S_IFMT */
#define LJ_REG		0100000	/* S_IFREG */

struct qstr___k {
	lj_u32 hash, len;
	const unsigned char *name;
} __attribute__((preserve_access_index));

struct super_block___k {
	lj_u32 s_dev;
} __attribute__((preserve_access_index));

struct inode___k {
	lj_u16 i_mode;
	struct super_block___k *i_sb;
	unsigned long i_ino;
} __attribute__((preserve_access_index));

struct dentry___k {
	struct dentry___k *d_parent;
	struct qstr___k d_name;
} __attribute__((preserve_access_index));

struct vfsmount___k {
	struct dentry___k *mnt_root;
} __attribute__((preserve_access_index));

struct mount___k {
	struct mount___k *mnt_parent;
	struct dentry___k *mnt_mountpoint;
	struct vfsmount___k mnt;
} __attribute__((preserve_access_index));

struct path___k {
	struct vfsmount___k *mnt;
	struct dentry___k *dentry;
} __attribute__((preserve_access_index));

struct file___k {
	struct path___k f_path;
	struct inode___k *f_inode;
} __attribute__((preserve_access_index));

struct fdtable___k {
	lj_u32 max_fds;
	struct file___k **fd;
} __attribute__((preserve_access_index));

struct files_struct___k {
	struct fdtable___k *fdt;
} __attribute__((preserve_access_index));

struct task_struct___f {
	struct files_struct___k *files;
} __attribute__((preserve_access_index));

/* lj_fd_file - the struct file of a descriptor of this thread, or NULL */
static inline struct file___k *lj_fd_file(lj_u32 fd)
{
	struct task_struct___f *task = (void *)bpf_get_current_task();
	struct fdtable___k *fdt = BPF_CORE_READ(task, files, fdt);
	struct file___k **at, *file = 0;

	if (!fdt || fd >= BPF_CORE_READ(fdt, max_fds))
		return 0;
	at = BPF_CORE_READ(fdt, fd);
	if (bpf_probe_read_kernel(&file, sizeof(file), at + fd))
		return 0;
	/* Newer kernels keep flags in the low bits. */
	return (void *)((lj_u64)file & ~3ull);
}

/* Where a walk up a path is: in w->obj. */
enum { LJ_AT_DENTRY, LJ_AT_MOUNT, LJ_AT_BYTES };

/* lj_put_name_of - put the name of a dentry before the bytes that end at
 * LJ_MAXPATH of w->crec
 */
LJ_FN1(int, lj_put_name_of, lj_u64, dentry)
{
	struct dentry___k *d = (void *)dentry;
	lj_u64 len = BPF_CORE_READ(d, d_name.len), at;
	lj_u64 n = LJ_ATMOST(w->obj[LJ_AT_BYTES], LJ_MAXPATH);
	char *buf = (char *)w->crec.w;

	len = LJ_ATMOST(len, 255);
	if (n + len + 1 > LJ_MAXPATH)
		return -1;
	n += len + 1;
	at = LJ_ATMOST(LJ_MAXPATH - n, LJ_MAXPATH);
	buf[at] = '/';
	w->obj[LJ_AT_BYTES] = n;
	return bpf_probe_read_kernel(buf + at + 1, len,
				     BPF_CORE_READ(d, d_name.name));
}

/* lj_path_up - go one dentry, or mount, up; -1: that was the root */
LJ_FN0(int, lj_path_up)
{
	struct dentry___k *dentry = (void *)w->obj[LJ_AT_DENTRY], *up;
	struct mount___k *m = (void *)w->obj[LJ_AT_MOUNT], *below;

	if (dentry == BPF_CORE_READ(m, mnt.mnt_root)) {
		below = BPF_CORE_READ(m, mnt_parent);
		if (!below || below == m)
			return -1;
		w->obj[LJ_AT_DENTRY] = (lj_u64)BPF_CORE_READ(m, mnt_mountpoint);
		w->obj[LJ_AT_MOUNT] = (lj_u64)below;
		return 0;
	}
	up = BPF_CORE_READ(dentry, d_parent);
	if (!up || up == dentry)
		return -1;	/* of no file system that is mounted */
	w->obj[LJ_AT_DENTRY] = (lj_u64)up;
	return lj_put_name_of(w, (lj_u64)dentry);
}

/* lj_path - the path of a struct file: at the end of LJ_MAXPATH bytes of
 * w->crec. Returns its bytes.
 */
LJ_FN1(lj_u32, lj_path, lj_u64, addr)
{
	struct file___k *file = (void *)addr;
	lj_u32 i;

	w->obj[LJ_AT_DENTRY] = (lj_u64)BPF_CORE_READ(file, f_path.dentry);
	w->obj[LJ_AT_MOUNT] = (lj_u64)BPF_CORE_READ(file, f_path.mnt) -
			      bpf_core_field_offset(struct mount___k, mnt);
	w->obj[LJ_AT_BYTES] = 0;
	for (i = 0; i < LJ_MAXNAMES; i++)
		if (lj_path_up(w))
			break;
	return (lj_u32)w->obj[LJ_AT_BYTES];
}

/* lj_emit_file - the record of a file */
LJ_FN2(int, lj_emit_file, lj_u64, addr, lj_u32, id)
{
	struct inode___k *inode = BPF_CORE_READ((struct file___k *)addr,
						f_inode);
	char *tail = (char *)(w->rec.w + sizeof(struct ljd_file) / 8);
	lj_u64 n = lj_path(w, addr), dev = BPF_CORE_READ(inode, i_sb, s_dev);

	n = LJ_ATMOST(n, LJ_MAXPATH);
	if (n && bpf_probe_read_kernel(tail, n, (char *)w->crec.w +
				       LJ_MAXPATH - n))
		n = 0;
	lj_pad(w->rec.w + sizeof(struct ljd_file) / 8, n);
	w->rec.file.time = w->time;
	w->rec.file.dev = (dev >> 20) << 32 | (dev & 0xfffff);
	w->rec.file.ino = BPF_CORE_READ(inode, i_ino);
	w->rec.file.id = id;
	w->rec.file.pid = w->pid;
	w->rec.file.mode = BPF_CORE_READ(inode, i_mode);
	w->rec.file.n = n;
	return LJ_EMIT(w, file, n);
}

/* lj_file_id - dictionary id of a file, which is written if it is new
 *
 * The key holds its name and folder: what is removed leaves its inode number
 * and its place in memory to another one.
 */
LJ_FN1(lj_u32, lj_file_id, lj_u64, addr)
{
	struct file___k *file = (void *)addr;
	struct inode___k *inode = BPF_CORE_READ(file, f_inode);
	struct dentry___k *dentry = BPF_CORE_READ(file, f_path.dentry);
	lj_u64 key = lj_mix(lj_mix(11, (lj_u64)inode), (lj_u64)dentry);
	lj_u32 id, isnew = 0;

	key = lj_mix(key, (lj_u64)BPF_CORE_READ(dentry, d_parent));
	key = lj_mix(key, BPF_CORE_READ(dentry, d_name.hash));
	key = lj_mix(key, BPF_CORE_READ(inode, i_ino));
	id = LJ_ID(w, key, &isnew);
	if (!id) {
		w->t.dictfail++;
	} else if (isnew & LJ_ID_NEW) {
		if (lj_emit_file(w, addr, id))
			w->t.dictfail++;
		else
			LJ_ID_SENT(w, key);
	}
	return id;
}

/* lj_is_wanted - is it one of the files asked for? */
static inline int lj_is_wanted(struct file___k *file)
{
	return file && (config.allfiles ||
			(BPF_CORE_READ(file, f_inode, i_mode) & LJ_FMT) ==
			LJ_REG);
}

#endif
