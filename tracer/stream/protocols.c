/* protocols.c: the table of all protocols of applications, in the order in which they are asked
 * whether a conversation is theirs. */
#include "stream/protocol.h"

const struct app_protocol *const app_protocols[] = {
        &app_http, &app_tls, &app_dns, &app_websocket, &app_smtp, &app_ftp, &app_ftp_data, NULL,
};
