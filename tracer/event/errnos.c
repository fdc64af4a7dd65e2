/* errnos.c: the errors that socket calls give, by name (man 2 of each call; man 7 socket, tcp, udp,
 * ip). Numbers differ between machines, names do not. */
#include <errno.h>
#include <string.h>

#include "event/event.h"

#define NAMED(name)                                                                                \
	{                                                                                          \
		name, #name                                                                        \
	}

static const struct {
	int32_t number;
	const char *name;
} errnos[] = {
        NAMED(EACCES),       NAMED(EADDRINUSE),   NAMED(EADDRNOTAVAIL), NAMED(EAFNOSUPPORT),
        NAMED(EAGAIN),       NAMED(EALREADY),     NAMED(EBADF),         NAMED(ECONNABORTED),
        NAMED(ECONNREFUSED), NAMED(ECONNRESET),   NAMED(EDESTADDRREQ),  NAMED(EFAULT),
        NAMED(EHOSTDOWN),    NAMED(EHOSTUNREACH), NAMED(EINPROGRESS),   NAMED(EINTR),
        NAMED(EINVAL),       NAMED(EIO),          NAMED(EISCONN),       NAMED(ELOOP),
        NAMED(EMFILE),       NAMED(EMSGSIZE),     NAMED(ENETDOWN),      NAMED(ENETRESET),
        NAMED(ENETUNREACH),  NAMED(ENFILE),       NAMED(ENOBUFS),       NAMED(ENOENT),
        NAMED(ENOMEM),       NAMED(ENOPROTOOPT),  NAMED(ENOSYS),        NAMED(ENOTCONN),
        NAMED(ENOTDIR),      NAMED(ENOTSOCK),     NAMED(ENOTTY),        NAMED(EOPNOTSUPP),
        NAMED(EPERM),        NAMED(EPIPE),        NAMED(EPROTO),        NAMED(EPROTONOSUPPORT),
        NAMED(EPROTOTYPE),   NAMED(EROFS),        NAMED(ESHUTDOWN),     NAMED(ESOCKTNOSUPPORT),
        NAMED(ETIMEDOUT),
};

enum { N_ERRNOS = sizeof errnos / sizeof errnos[0] };

const char *errno_name(int32_t error)
{
	for (size_t i = 0; i < N_ERRNOS; i++)
		if (errnos[i].number == error)
			return errnos[i].name;
	return NULL;
}

int32_t errno_number(const char *name)
{
	for (size_t i = 0; i < N_ERRNOS; i++)
		if (strcmp(errnos[i].name, name) == 0)
			return errnos[i].number;
	return 0;
}
