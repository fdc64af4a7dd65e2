/* ftp.h: the addresses in FTP's commands and replies: RFC 959 section 4.1.2, RFC 2428. */
#ifndef WIRELAB_STREAM_FTP_H
#define WIRELAB_STREAM_FTP_H

#include "stream/protocol.h"

/* "192,168,0,1,7,138", with anything but digits in front. False: it is none. */
bool ftp_read_port(struct line text, struct endpoint *end);

/* "|1|192.168.0.1|1930|" or "|2|2001:db8::1|1930|"; any delimiter. False: it is none. */
bool ftp_read_eprt(struct line text, struct endpoint *end);

/* "... (|||1930|)": the port alone. False: it is none. */
bool ftp_read_epsv(struct line text, uint16_t *port);

#endif
