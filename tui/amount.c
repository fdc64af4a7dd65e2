/* amount.c: see amount.h. */
#include "amount.h"

/* Three significant digits of n / 1000^i, where i counts letters. */
static void add_scaled(struct text *t, uint64_t n, const char *letters)
{
	uint64_t rest = 0;
	unsigned i = 0;
	for (; n >= 1000 && letters[i + 1] != '\0'; i++) {
		rest = n % 1000;
		n /= 1000;
	}
	text_add_uint(t, n);
	if (i > 0 && n < 100) {
		text_add_char(t, '.');
		text_add_uint_pad(t, n < 10 ? rest / 10 : rest / 100, n < 10 ? 2 : 1);
	}
	if (letters[i] != ' ')
		text_add_char(t, letters[i]);
}

void amount_add(struct text *t, uint64_t n)
{
	if (n < 100000)
		text_add_uint(t, n);
	else
		add_scaled(t, n, " kMGTPE");
}

void amount_add_exact(struct text *t, uint64_t n)
{
	uint64_t unit = 1;
	while (n / unit >= 1000)
		unit *= 1000;
	text_add_uint(t, n / unit);
	for (n %= unit; unit > 1; n %= unit) {
		unit /= 1000;
		text_add_char(t, ' ');
		text_add_uint_pad(t, n / unit, 3);
	}
}

void amount_add_rate(struct text *t, double bits_per_second)
{
	static const char *const units[] = {"bit/s", "kbit/s", "Mbit/s", "Gbit/s", "Tbit/s"};
	unsigned i = 0;
	for (; bits_per_second >= 1000 && i + 1 < sizeof units / sizeof units[0]; i++)
		bits_per_second /= 1000;
	text_addf(t, "%.*f %s",
	          bits_per_second < 10 && i > 0 ? 2
	          : i > 0                       ? 1
	                                        : 0,
	          bits_per_second, units[i]);
}
