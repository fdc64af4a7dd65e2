/* 38 TLS server, before its programs run: makes the keys and certificates that they need, fresh
 * ones each time. `wirelab run` and `wirelab check` start it first (lab.conf: prepare), so that
 * they are there whoever the server is, and whatever it is written in. */
#include <stdio.h>
#include <unistd.h>

#include "lib/net.h"
#include "lib/pki.h"

static const char usage[] = "keys [-h] [folder]    (where: " PKI_FOLDER ")";

int main(int argc, char **argv)
{
	int option = getopt(argc, argv, "h");
	if (option != -1 || argc - optind > 1)
		end_with_usage(usage, option == 'h');
	pki_make(optind < argc ? argv[optind] : PKI_FOLDER);
	return 0;
}
