#include "render/view/tr.h"

#include <libintl.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#define DOMAIN "mailflow"
#define KEPT "MAILFLOW_SYSTEM_LANGUAGE"

/* glibc's: catalogs are looked up anew once it has changed. */
extern int _nl_msg_cat_cntr;

const char *tr(const char *text)
{
    return dgettext(DOMAIN, text);
}

const char *trn(const char *one, const char *several, unsigned long count)
{
    return dngettext(DOMAIN, one, several, count);
}

void tr_set_catalogs(const char *folder)
{
    bindtextdomain(DOMAIN, folder);
    bind_textdomain_codeset(DOMAIN, "UTF-8");
}

/*
 * What the environment said at the start: LANGUAGE itself is written over below. It is kept in the
 * environment, too, where the library keeps its part.
 */
static const char *language_of_system(void)
{
    static const char *const names[] = {KEPT, "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *value = getenv(names[i]);
        if (value && value[0])
            return value;
    }
    return "en";
}

/*
 * The locale itself is one that every system has: only its messages are wanted, and which language
 * these are in says LANGUAGE. (In the locale "C" it would not be asked.)
 */
void tr_set_language(const char *language)
{
    const char *system = language_of_system(), *now = getenv("LANGUAGE");
    const char *wanted = language[0] ? language : system;
    setenv(KEPT, system, 0);
    if (!now || strcmp(now, wanted) != 0)
        setenv("LANGUAGE", wanted, 1);
    setlocale(LC_MESSAGES, "C.UTF-8");
    _nl_msg_cat_cntr++;
}
