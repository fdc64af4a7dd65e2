/* i18n.c: the locale, set once. After it nothing of the locale is loaded from files any more, so
 * that a process may confine itself. */
#include "base/i18n.h"

#include <locale.h>
#include <time.h>

void i18n_start(void)
{
	/* An unknown locale leaves "C", which works. Numbers keep their point in every language:
	 * they are data. */
	(void)setlocale(LC_ALL, "");
	(void)setlocale(LC_NUMERIC, "C");
	/* Without the catalogue or the memory for its name, sentences stay English. */
	(void)bindtextdomain("wirelab", WIRELAB_PREFIX "/share/locale");
	(void)textdomain("wirelab");
	(void)gettext(""); /* opens the catalogue now */
	tzset();
}
