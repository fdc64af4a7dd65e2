/* wss.c: lab 37's server, as it is, behind the TLS layer of labs 38 and 39: wss://. For
 * tests/e2e/tls_labs.sh: wss CERTIFICATE PORT [PUSH_MS]. */
#define main lab_main
#include "../../../labs/37-websocket/server.c"
#undef main

#include <stdlib.h>

#include "lib/tls.h"
#include "lib/tls_layer.h"

int main(int argc, char **argv)
{
	struct loop loop;
	struct limits limits = {.in_max = WS_IN_MAX};
	struct station station = {
	        .site = {.routes = routes, .n_routes = sizeof routes / sizeof *routes},
	        .push_ms = argc > 3 ? (int)strtol(argv[3], NULL, 10) : 100};
	SSL_CTX *context = SSL_CTX_new(TLS_server_method());
	if (argc < 3 || !context || SSL_CTX_use_certificate_chain_file(context, argv[1]) <= 0 ||
	    SSL_CTX_use_PrivateKey_file(context, argv[1], SSL_FILETYPE_PEM) <= 0)
		tls_die("wss CERTIFICATE PORT [PUSH_MS]");
	tls_prepare(context);
	(void)setvbuf(stdout, NULL, _IOLBF, 0);
	const struct tls_service tls = {{.serve = serve,
	                                 .state_size = sizeof(struct talk),
	                                 .context = &station,
	                                 .layer = &tls_layer},
	                                context};
	loop_open(&loop, (struct place){"127.0.0.1", argv[2]}, &tls.service, &limits);
	printf("Listening\n");
	loop_run(&loop);
	loop_close(&loop);
	SSL_CTX_free(context);
	return 0;
}
