/* mailflow: see how e-mail travels. */
#include <locale.h>

#include "app/app.h"
#include "app/language.h"

int main(int argc, char **argv)
{
    setlocale(LC_CTYPE, ""); /* says whether the terminal speaks UTF-8; numbers stay as in C */
    language_find_catalogs();
    return app_main(argc, argv, stdin, stdout, stderr);
}
