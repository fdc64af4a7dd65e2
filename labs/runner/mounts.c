/* mounts.c: see mounts.h. The steps of mounts_lock_down() in their order; man 7 mount_namespaces,
 * man 2 open_tree, move_mount and mount_setattr are the background. A tree that must survive is
 * cloned while it is still visible and writable, and put back when all else has been replaced. */
#include "runner/mounts.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/io.h"
#include "runner/reasons.h"

/* Newer than some C libraries; the numbers are those of every architecture. */
#ifndef OPEN_TREE_CLONE
#define OPEN_TREE_CLONE 1
#endif
#ifndef MOVE_MOUNT_F_EMPTY_PATH
#define MOVE_MOUNT_F_EMPTY_PATH 4
#endif
#ifndef MOUNT_ATTR_RDONLY
#define MOUNT_ATTR_RDONLY 1
#endif
#ifndef AT_RECURSIVE
#define AT_RECURSIVE 0x8000
#endif
#ifndef SYS_mount_setattr
#define SYS_mount_setattr 442
#endif

/* struct mount_attr of the kernel, which not every C library has. */
struct mount_attributes {
	uint64_t set, clear, propagation, user_namespace;
};

/* Replaced by empty folders: here programs leave files for each other, /run/user has the
 * sockets of services that would start programs outside of our namespaces, and /run/nscd that of
 * one that looks up names there. What is written there is memory: /tmp has room for what a compiler
 * leaves (`go run`), the others for what a program of a lab may need. */
static const struct replaced {
	const char *path, *options;
} replaced[] = {
        {"/tmp", "mode=1777,size=1g"},      {"/var/tmp", "mode=1777,size=64m"},
        {"/dev/shm", "mode=1777,size=64m"}, {"/run/user", "mode=1777,size=1m"},
        {"/run/nscd", "mode=1777,size=1m"},
};
enum { N_REPLACED = sizeof replaced / sizeof *replaced };

/* Configuration that differs between machines and would change what is on the wire: "localhost" as
 * ::1 costs a second attempt on labs that listen on 127.0.0.1. */
static const struct private_file {
	const char *path, *content;
} private_files[] = {
        {"/etc/hosts", "127.0.0.1 localhost\n::1 ip6-localhost ip6-loopback\n"},
        {"/etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\n"},
};

/* A tree cloned from where it was, to be put back there. */
struct kept {
	const char *path;
	int fd;
	bool writable;
	bool is_folder;
};

struct kept_list {
	struct kept all[VIEW_MAX + 2];
	int n;
};

static bool lies_in(const char *path, const char *folder)
{
	size_t n = strlen(folder);
	return strncmp(path, folder, n) == 0 && (path[n] == '/' || path[n] == '\0');
}

static bool will_be_replaced(const struct view *view, const char *path)
{
	for (int i = 0; i < N_REPLACED; i++) {
		if (lies_in(path, replaced[i].path))
			return true;
	}
	for (int i = 0; i < view->n_hidden; i++) {
		if (lies_in(path, view->hidden[i]))
			return true;
	}
	return false;
}

/* ---- step 1: clone what must survive ---- */

/* Adds a clone of the tree at `path`. 0, or -1 with errno. */
static int keep(struct kept_list *list, const char *path, bool writable)
{
	struct stat status;
	if (stat(path, &status) < 0)
		return 0; /* a word of the command that names no file */
	int fd = (int)syscall(SYS_open_tree, AT_FDCWD, path,
	                      OPEN_TREE_CLONE | O_CLOEXEC | AT_RECURSIVE);
	if (fd < 0)
		return -1;
	list->all[list->n++] = (struct kept){path, fd, writable, S_ISDIR(status.st_mode)};
	return 0;
}

/* Folders come before what lies in them. */
static int by_depth(const void *a, const void *b)
{
	size_t left = strlen(((const struct kept *)a)->path);
	size_t right = strlen(((const struct kept *)b)->path);
	return (left > right) - (left < right);
}

static int keep_all(struct kept_list *list, const struct view *view)
{
	/* called in /: then nothing there is writable */
	if (strcmp(view->directory, "/") != 0 && keep(list, view->directory, true) < 0)
		return -1;
	if (view->kept && lies_in(view->kept, view->directory) && keep(list, view->kept, false) < 0)
		return -1;
	for (int i = 0; i < view->n_visible; i++) {
		if (will_be_replaced(view, view->visible[i]) &&
		    strcmp(view->visible[i], view->directory) != 0 &&
		    keep(list, view->visible[i], false) < 0)
			return -1;
	}
	qsort(list->all, (size_t)list->n, sizeof *list->all, by_depth);
	return 0;
}

static void release_all(const struct kept_list *list)
{
	for (int i = 0; i < list->n; i++)
		(void)close(list->all[i].fd); /* what is mounted stays, what is not goes */
}

/* ---- step 2: everything read-only ---- */

/* A remount must repeat the flags that the mount has; some are locked in a user namespace. */
static int remount_read_only(const char *path)
{
	struct statvfs now;
	if (statvfs(path, &now) < 0)
		return -1;
	unsigned long same = now.f_flag & (ST_NOSUID | ST_NODEV | ST_NOEXEC | ST_NOATIME |
	                                   ST_NODIRATIME | ST_RELATIME);
	unsigned long flags = MS_REMOUNT | MS_BIND | MS_RDONLY; /* MS_* and ST_* are equal here … */
	if (same & ST_RELATIME)                                 /* … but for this one */
		flags |= MS_RELATIME;
	return mount(NULL, path, NULL, flags | (same & ~(unsigned long)ST_RELATIME), NULL);
}

static bool is_octal(char c)
{
	return c >= '0' && c <= '7';
}

/* mountinfo writes blanks and the like as \040. */
static void unescape(char *path)
{
	char *to = path;
	for (const char *at = path; *at; at++) {
		if (at[0] == '\\' && is_octal(at[1]) && is_octal(at[2]) && is_octal(at[3])) {
			*to++ = (char)((at[1] - '0') * 64 + (at[2] - '0') * 8 + (at[3] - '0'));
			at += 3;
		} else {
			*to++ = *at;
		}
	}
	*to = '\0';
}

/* For kernels without mount_setattr() (before 5.12): mount by mount. */
static int each_mount_read_only(void)
{
	FILE *file = fopen("/proc/self/mountinfo", "re");
	char *line = NULL, path[PATH_MAX];
	size_t size = 0;
	int result = file ? 0 : -1;
	while (file && getline(&line, &size, file) > 0) {
		if (sscanf(line, "%*d %*d %*s %*s %4095s", path) != 1)
			continue;
		unescape(path);
		if (remount_read_only(path) < 0)
			result = -1;
	}
	free(line);
	if (file)
		(void)fclose(file); /* was only read */
	return result;
}

static int tree_read_only(int fd, const char *path, unsigned flags)
{
	struct mount_attributes read_only = {.set = MOUNT_ATTR_RDONLY};
	return (int)syscall(SYS_mount_setattr, fd, path, flags | AT_RECURSIVE, &read_only,
	                    sizeof read_only);
}

static int all_read_only(void)
{
	return tree_read_only(AT_FDCWD, "/", 0) == 0 ? 0 : each_mount_read_only();
}

/* ---- step 3: empty folders and private files ---- */

static void replace_folders(struct text *reasons)
{
	for (int i = 0; i < N_REPLACED; i++) {
		if (mount("wirelab", replaced[i].path, "tmpfs", MS_NOSUID | MS_NODEV,
		          replaced[i].options) < 0 &&
		    errno != ENOENT)
			reasons_add_errno(reasons, replaced[i].path);
	}
}

static void hide_folders(const struct view *view, struct text *reasons)
{
	for (int i = 0; i < view->n_hidden; i++) {
		if (mount("wirelab", view->hidden[i], "tmpfs", MS_NOSUID | MS_NODEV,
		          "mode=0755,size=1m") < 0 &&
		    errno != ENOENT && errno != ENOTDIR)
			reasons_add_errno(reasons, view->hidden[i]);
	}
}

/* A terminal that we were called on belongs to the same user: a program could write there between
 * the lines of the trace. Programs get terminals of their own, or none where root has no id here.
 */
static void replace_terminals(struct text *reasons)
{
	if (mount("devpts", "/dev/pts", "devpts", MS_NOSUID | MS_NOEXEC,
	          "newinstance,ptmxmode=0666,mode=0620") < 0 &&
	    mount("wirelab", "/dev/pts", "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, "mode=0755") <
	            0 &&
	    errno != ENOENT)
		reasons_add_errno(reasons, "/dev/pts");
}

static int write_file(const char *path, const char *content)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0444);
	if (fd < 0)
		return -1;
	int result = io_write_all(fd, content, strlen(content));
	return close(fd) < 0 ? -1 : result;
}

/* The file is written to the private /tmp, mounted over the machine's, and its first name removed.
 */
static int replace_file(const struct private_file *file)
{
	static const char draft[] = "/tmp/.wirelab-file";
	if (write_file(draft, file->content) < 0)
		return -1;
	int result = mount(draft, file->path, NULL, MS_BIND, NULL);
	if (result == 0)
		result = remount_read_only(file->path);
	else if (errno == ENOENT)
		result = 0; /* this machine has no such file: nothing to hide */
	return unlink(draft) < 0 ? -1 : result;
}

/* man 5 resolv.conf. Only in labs with a name server is anybody there. */
static void replace_resolver(const char *address, struct text *reasons)
{
	char content[64];
	struct private_file file = {"/etc/resolv.conf", content};
	(void)snprintf(content, sizeof content, "nameserver %s\n", address); /* fits */
	if (replace_file(&file) < 0)
		reasons_add_errno(reasons, file.path);
}

static void replace_files(const struct view *view, struct text *reasons)
{
	for (size_t i = 0; i < sizeof private_files / sizeof *private_files; i++) {
		if (replace_file(&private_files[i]) < 0)
			reasons_add_errno(reasons, private_files[i].path);
	}
	replace_resolver(view->resolver, reasons);
}

/* ---- step 4: what was kept, back in its place ---- */

static int make_folders(char *path)
{
	for (char *at = strchr(path + 1, '/'); at; at = strchr(at + 1, '/')) {
		*at = '\0';
		int result = mkdir(path, 0755);
		*at = '/';
		if (result < 0 && errno != EEXIST)
			return -1;
	}
	return 0;
}

/* The place to put a tree back: an empty folder or file, where there is none. */
static int make_place(const struct kept *kept)
{
	struct stat status;
	char path[PATH_MAX];
	if (stat(kept->path, &status) == 0)
		return 0;
	int n = snprintf(path, sizeof path, "%s", kept->path);
	if (n < 0 || (size_t)n >= sizeof path || make_folders(path) < 0)
		return -1;
	if (kept->is_folder)
		return mkdir(path, 0755);
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	return fd < 0 ? -1 : close(fd);
}

static int put_back(const struct kept *kept)
{
	bool read_only = !kept->writable;
	if (make_place(kept) < 0)
		return -1;
	if (read_only && tree_read_only(kept->fd, "", AT_EMPTY_PATH) == 0)
		read_only = false; /* done */
	else if (read_only && errno != ENOSYS)
		return -1;
	if (syscall(SYS_move_mount, kept->fd, "", AT_FDCWD, kept->path, MOVE_MOUNT_F_EMPTY_PATH) <
	    0)
		return -1;
	return read_only ? remount_read_only(kept->path) : 0;
}

static void put_all_back(const struct kept_list *list, struct text *reasons)
{
	for (int i = 0; i < list->n; i++) {
		if (put_back(&list->all[i]) < 0)
			reasons_add_errno(reasons, list->all[i].path);
	}
}

/* What lies in them has been put back; nothing else is to be there. One in a private folder, as a
 * home below /tmp, is no mount (EINVAL): it was not there to be hidden. */
static void seal_folders(const struct view *view, struct text *reasons)
{
	for (int i = 0; i < view->n_hidden; i++) {
		struct stat status;
		const char *path = view->hidden[i];
		if (strcmp(path, view->directory) != 0 && stat(path, &status) == 0 &&
		    S_ISDIR(status.st_mode) && remount_read_only(path) < 0 && errno != EINVAL)
			reasons_add_errno(reasons, path);
	}
}

/* Mounted over the old one, which showed the machine's processes. Containers that hide parts of
 * /proc do not allow it. */
static void replace_proc(struct text *reasons)
{
	if (mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) < 0)
		reasons_add_errno(reasons, "/proc");
}

/* Steps 2 to 4, when nothing that must survive can be lost any more. */
static void replace_view(const struct view *view, const struct kept_list *list,
                         struct text *reasons)
{
	if (all_read_only() < 0)
		reasons_add_errno(reasons, "not all is read-only");
	replace_folders(reasons);
	hide_folders(view, reasons);
	replace_terminals(reasons);
	/* while /tmp is ours: we may have been called in the real one */
	replace_files(view, reasons);
	put_all_back(list, reasons);
	seal_folders(view, reasons);
	replace_proc(reasons);
	if (chdir(view->directory) < 0)
		reasons_add_errno(reasons, view->directory);
}

bool mounts_lock_down(const struct view *view, struct text *reasons)
{
	struct kept_list list = {.n = 0};
	/* without the second, as in a chroot, a mount made now could reach the machine itself */
	bool may = unshare(CLONE_NEWNS) == 0 &&
	           mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
	           keep_all(&list, view) == 0;
	if (may)
		replace_view(view, &list, reasons);
	else
		reasons_add_errno(reasons, "the file system is as outside");
	release_all(&list);
	return may;
}
