#include <criterion/criterion.h>

#include "render/view/tr.h"

Test(tr, english_is_the_text_itself)
{
    tr_set_catalogs(CATALOGS);
    tr_set_language("en");
    cr_expect_str_eq(tr("Write a message"), "Write a message");
    cr_expect_str_eq(tr("no text of ours"), "no text of ours");
}

Test(tr, the_language_can_change_at_any_time)
{
    tr_set_catalogs(CATALOGS);
    tr_set_language("de");
    cr_expect_str_eq(tr("Write a message"), "Nachricht schreiben");
    tr_set_language("es");
    cr_expect_str_eq(tr("Write a message"), "Escribir un mensaje");
    tr_set_language("de_CH.UTF-8");
    cr_expect_str_eq(tr("Write a message"), "Nachricht schreiben", "German of any country");
    tr_set_language("tlh");
    cr_expect_str_eq(tr("Write a message"), "Write a message", "there is no catalog");
}

Test(tr, the_language_that_does_not_exist_is_longer)
{
    tr_set_catalogs(CATALOGS);
    tr_set_language("qps");
    cr_expect_str_eq(tr("Write a message"), "Write a message ~~~~~");
}
