/* test_calls.c: what the tracer of calls stands on: the filter, tried in a child that nobody traces
 * (a call that it would stop at gives ENOSYS there), the sockets behind descriptors, and the table
 * of threads. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "runner/calls_filter.h"
#include "runner/calls_regs.h"
#include "runner/calls_sockets.h"
#include "runner/calls_tasks.h"

/* ---- the filter ---- */

/* The exit status of a child that runs `probe` under the filter; 99: there are no filters here. */
static int under_filter(int (*probe)(void))
{
	int status;
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		_exit(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && calls_filter_install() == 0
		              ? probe()
		              : 99);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == 99)
		skip();
	return WEXITSTATUS(status);
}

static bool is_stopped(long result)
{
	return result == -1 && errno == ENOSYS;
}

static int probe_stopped(void)
{
	char byte;
	if (!is_stopped(socket(AF_INET, SOCK_STREAM, 0)) || !is_stopped(read(0, &byte, 0)))
		return 1;
	if (!is_stopped(write(1, "", 0)) || !is_stopped(listen(0, 1)) || !is_stopped(close(-1)))
		return 2;
	if (!is_stopped(shutdown(0, 0)) || !is_stopped(syscall(SYS_ppoll, NULL, 0, NULL, NULL)))
		return 3;
	return is_stopped(syscall(SYS_restart_syscall)) ? 0 : 4;
}

static int probe_passed(void)
{
	char name[8];
	if (getpid() < 1 || is_stopped(getsockname(0, NULL, NULL)))
		return 1;
	if (is_stopped(pread(-1, name, 1, 0)) || is_stopped(dup(-1)) || is_stopped(lseek(-1, 0, 0)))
		return 2;
	return is_stopped(syscall(SYS_openat, -1, "", 0)) ? 3 : 0;
}

static int probe_conditions(void)
{
	int value = 0;
	socklen_t len = sizeof value;
	if (!is_stopped(fcntl(0, F_SETFL, 0)) || is_stopped(fcntl(0, F_GETFL)))
		return 1;
	if (!is_stopped(ioctl(-1, FIONBIO, &value)) || is_stopped(ioctl(-1, FIONREAD, &value)))
		return 2;
	if (!is_stopped(getsockopt(-1, SOL_SOCKET, SO_ERROR, &value, &len)))
		return 3;
	if (is_stopped(getsockopt(-1, SOL_SOCKET, SO_TYPE, &value, &len)))
		return 4;
	return is_stopped(getsockopt(-1, IPPROTO_TCP, SO_ERROR, &value, &len)) ? 5 : 0;
}

static void the_filter_stops_at_socket_calls(void **state)
{
	(void)state;
	assert_int_equal(under_filter(probe_stopped), 0);
}

static void the_filter_lets_other_calls_pass(void **state)
{
	(void)state;
	assert_int_equal(under_filter(probe_passed), 0);
}

static void the_filter_looks_at_commands_and_options(void **state)
{
	(void)state;
	assert_int_equal(under_filter(probe_conditions), 0);
}

static void the_filter_fits_and_each_kind_is_complete(void **state)
{
	struct sock_filter program[CALLS_FILTER_MAX];
	int n;
	const struct call_kind *kinds = calls_kinds(&n);
	(void)state;
	assert_in_range(calls_filter_make(program), n, CALLS_FILTER_MAX);
	for (int i = 0; i < n; i++) {
		assert_non_null(kinds[i].say);
		assert_ptr_equal(calls_kind((uint64_t)kinds[i].number),
		                 &kinds[i]); /* no number twice */
	}
	assert_null(calls_kind(SYS_getpid));
}

static void the_kernels_own_errors_are_told_from_errno(void **state)
{
	(void)state;
	assert_true(calls_is_restart(512));
	assert_true(calls_is_restart(516));
	assert_false(calls_is_restart(EINTR));
	assert_false(calls_is_restart(515)); /* ENOIOCTLCMD */
	assert_false(calls_is_restart(0));
}

/* ---- sockets ---- */

static int setup_sockets(void **state)
{
	struct call_sockets *sockets = calloc(1, sizeof *sockets);
	if (!sockets)
		return -1;
	sockets->proc_fd = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	*state = sockets;
	return sockets->proc_fd < 0 ? -1 : 0;
}

static int teardown_sockets(void **state)
{
	struct call_sockets *sockets = *state;
	int result = close(sockets->proc_fd);
	free(sockets);
	return result;
}

static struct call_socket *socket_of(struct call_sockets *sockets, int fd)
{
	struct call_descriptor descriptor = {getpid(), getpid(), fd};
	return calls_socket(sockets, &descriptor);
}

static void a_link_of_proc_names_a_socket_or_not(void **state)
{
	(void)state;
	assert_int_equal(calls_socket_inode("socket:[4711]"), 4711);
	assert_int_equal(calls_socket_inode("pipe:[4711]"), 0);
	assert_int_equal(calls_socket_inode("/tmp/socket:[4711]"), 0);
	assert_int_equal(calls_socket_inode(""), 0);
}

static void a_duplicate_is_the_same_socket(void **state)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int copy = fcntl(fd, F_DUPFD_CLOEXEC, 200);
	assert_true(fd >= 0 && copy >= 200);
	struct call_socket *socket = socket_of(*state, fd);
	assert_non_null(socket);
	assert_true(socket->internet);
	assert_int_equal(socket->local.addr.version, 0);
	assert_int_equal(close(fd), 0);
	assert_ptr_equal(socket_of(*state, copy), socket);
	assert_int_equal(close(copy), 0);
	assert_null(socket_of(*state, copy));
}

static void other_families_and_files_are_no_sockets_of_the_wire(void **state)
{
	int pair[2], file = open("/dev/null", O_RDONLY | O_CLOEXEC);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
	assert_null(socket_of(*state, file));
	assert_null(socket_of(*state, -1));
	assert_non_null(socket_of(*state, pair[0]));
	assert_false(socket_of(*state, pair[0])->internet);
	assert_int_equal(close(pair[0]) | close(pair[1]) | close(file), 0);
}

static void addresses_are_asked_for_and_outlive_a_close(void **state)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(9)};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct call_descriptor descriptor = {getpid(), getpid(), fd};
	struct call_socket *socket = socket_of(*state, fd);
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_non_null(socket);
	assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
	calls_socket_refresh(socket, &descriptor);
	assert_int_equal(socket->remote.port, 9);
	assert_int_not_equal(socket->local.port, 0);
	assert_int_equal(close(fd), 0);
	calls_socket_refresh(socket, &descriptor);
	assert_int_equal(socket->remote.port, 9);
}

/* ---- threads ---- */

static void a_thread_is_found_described_and_removed(void **state)
{
	struct call_tasks tasks = {.proc_fd = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC)};
	(void)state;
	assert_true(tasks.proc_fd >= 0);
	struct call_task *task = calls_task_add(&tasks, getpid(), SERVER);
	assert_non_null(task);
	assert_ptr_equal(calls_task(&tasks, getpid()), task);
	assert_int_equal(task->tgid, getpid());
	assert_int_equal(task->side, SERVER);
	assert_string_equal(task->name, "test_calls");
	calls_task_remove(&tasks, getpid());
	calls_task_remove(&tasks, getpid());
	assert_null(calls_task(&tasks, getpid()));
	assert_int_equal(tasks.n, 0);
	assert_int_equal(close(tasks.proc_fd), 0);
}

static void a_child_belongs_to_the_side_of_its_parent(void **state)
{
	struct call_tasks tasks = {.proc_fd = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC)};
	int ends[2];
	(void)state;
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		(void)close(ends[1]);
		_exit((int)read(ends[0], ends, 1)); /* until the parent closes */
	}
	assert_non_null(calls_task_add(&tasks, getpid(), SERVER));
	struct call_task *task = calls_task_add(&tasks, child, CLIENT);
	assert_non_null(task);
	assert_int_equal(task->side, SERVER);
	assert_int_equal(close(ends[0]) | close(ends[1]) | close(tasks.proc_fd), 0);
	assert_int_equal(waitpid(child, NULL, 0), child);
	calls_tasks_release(&tasks);
	assert_int_equal(tasks.n, 0);
}

static void there_are_never_more_threads_than_the_limit(void **state)
{
	struct call_tasks tasks = {.proc_fd = -1};
	(void)state;
	for (pid_t tid = 1; tid <= CALL_TASKS_MAX; tid++)
		assert_non_null(calls_task_add(&tasks, tid, CLIENT));
	assert_null(calls_task_add(&tasks, CALL_TASKS_MAX + 1, CLIENT));
	calls_tasks_release(&tasks);
}

static void an_exec_ends_all_other_threads_of_its_process(void **state)
{
	struct call_tasks tasks = {.proc_fd = -1};
	(void)state;
	for (pid_t tid = 1; tid <= 600; tid++)
		calls_task_add(&tasks, tid, CLIENT)->tgid = tid <= 300 ? 300 : 600;
	calls_task(&tasks, 300)->inside = true;
	calls_task_executed(&tasks, calls_task(&tasks, 300));
	assert_int_equal(tasks.n, 301);
	assert_false(calls_task(&tasks, 300)->inside);
	assert_null(calls_task(&tasks, 299));
	calls_tasks_release(&tasks);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(the_filter_stops_at_socket_calls),
	        cmocka_unit_test(the_filter_lets_other_calls_pass),
	        cmocka_unit_test(the_filter_looks_at_commands_and_options),
	        cmocka_unit_test(the_filter_fits_and_each_kind_is_complete),
	        cmocka_unit_test(the_kernels_own_errors_are_told_from_errno),
	        cmocka_unit_test(a_link_of_proc_names_a_socket_or_not),
	        cmocka_unit_test_setup_teardown(a_duplicate_is_the_same_socket, setup_sockets,
	                                        teardown_sockets),
	        cmocka_unit_test_setup_teardown(other_families_and_files_are_no_sockets_of_the_wire,
	                                        setup_sockets, teardown_sockets),
	        cmocka_unit_test_setup_teardown(addresses_are_asked_for_and_outlive_a_close,
	                                        setup_sockets, teardown_sockets),
	        cmocka_unit_test(a_thread_is_found_described_and_removed),
	        cmocka_unit_test(a_child_belongs_to_the_side_of_its_parent),
	        cmocka_unit_test(there_are_never_more_threads_than_the_limit),
	        cmocka_unit_test(an_exec_ends_all_other_threads_of_its_process),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
