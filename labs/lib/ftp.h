/* ftp.h: the second connection of FTP. One end listens for it and tells the other where (the
 * server: PASV, EPSV; the client: PORT, EPRT); it is for the two that talk, and for nobody else
 * (RFC 959 section 3.2, RFC 2428, RFC 2577). Both ends use this. Of commands and files it knows
 * nothing. */
#ifndef LABS_LIB_FTP_H
#define LABS_LIB_FTP_H

#include <stdbool.h>

enum { FTP_HOST_BYTES = 46, FTP_PORT_BYTES = 6 };

struct ftp_data {
	int passive;                                     /* a socket that listens, or -1 */
	char me[FTP_HOST_BYTES], peer[FTP_HOST_BYTES];   /* the ends of the dialogue, in digits */
	char host[FTP_HOST_BYTES], port[FTP_PORT_BYTES]; /* where the other end listens, or "" */
};

/* For the dialogue on that socket. */
void ftp_data_init(struct ftp_data *data, int dialogue);

/* Listens for the other end, on a port that the kernel chooses. That port, or -1 with errno. */
int ftp_data_listen(struct ftp_data *data);

/* Remembers where to call the other end. False, and nothing is remembered, if that is another host,
 * or a port of the system's services: nobody is to knock there through us. */
bool ftp_data_call(struct ftp_data *data, const char *host, unsigned port);

/* The connection that was agreed on, which serves once; whoever else comes is sent away. -1 with
 * errno: ENOTCONN if none was agreed on, ETIMEDOUT after limit_ms, EPERM when somebody else came.
 */
int ftp_data_open(struct ftp_data *data, int limit_ms);

/* Closes what listens and forgets the rest. */
void ftp_data_forget(struct ftp_data *data);

#endif
