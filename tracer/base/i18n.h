/* i18n.h: every sentence for people goes through gettext; English is the source. Field names,
 * flags, state names and the event stream are never translated. */
#ifndef WIRELAB_BASE_I18N_H
#define WIRELAB_BASE_I18N_H

#include <libintl.h>

#define _(sentence)  gettext(sentence) /* translate now */
#define N_(sentence) sentence          /* mark for translation; translate where it is used */

/* Sets the locale, the text domain "wirelab" and the time zone; once, first thing in main(). */
void i18n_start(void);

#endif
