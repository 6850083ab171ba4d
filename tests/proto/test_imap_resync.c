/* Quick resynchronisation where a server has forgotten which messages it removed (RFC 7162 3.2.6).
 */
#include "agents/proto/imap_server.h"

#include <criterion/criterion.h>
#include <stdio.h>

#include "support_imap.h"

static void expect_answer(struct imap_role *r, const char *command, const char *answer)
{
    imap_role_feed(r, 0, slice_of(command));
    struct slice out = bytes_slice(&r->out[0]);
    cr_expect(slice_equal(out, slice_of(answer)), "%s: %.*s", command, SLICE_ARG(out));
    bytes_clear(&r->out[0]);
}

/* UIDs 1 to 9, of which 2, 3, 6 and 9 are gone; what went is remembered from 6 on. */
static void start(struct imap_role *r, uint64_t *since_forgotten)
{
    imap_role_init(r);
    for (int i = 0; i < 9; i++)
        imap_role_put(r, SLICE("INBOX"), SLICE(""), SLICE("a: b\r\n\r\n"));
    struct account_folder *inbox = account_find(&r->account, SLICE("INBOX"));
    account_remove(&r->account, inbox, 3);
    account_remove(&r->account, inbox, 2);
    inbox->gone_since = *since_forgotten = inbox->gone.items[1].modseq;
    inbox->gone.count = 0;
    account_remove(&r->account, inbox, 6);
    account_remove(&r->account, inbox, 9);
    imap_role_open(r, 0);
    imap_role_quietly(r, 0, "z LOGIN alice secret\r\nz ENABLE QRESYNC\r\nz SELECT INBOX\r\n");
}

Test(imap_resync, all_that_is_not_there_is_told_when_it_is_not_known_since_when)
{
    struct imap_role r;
    uint64_t forgotten;
    start(&r, &forgotten);
    expect_answer(&r, "a UID FETCH 1:9 (UID) (CHANGEDSINCE 1000 VANISHED)\r\n",
                  "a OK that is all\r\n");
    char line[100], answer[100];
    snprintf(line, sizeof line, "b UID FETCH 1:9 (UID) (CHANGEDSINCE %d VANISHED)\r\n",
             (int)forgotten);
    expect_answer(&r, line, "* VANISHED (EARLIER) 6,9\r\nb OK that is all\r\n");
    snprintf(line, sizeof line, "c UID FETCH 3:7,20:30 (UID) (CHANGEDSINCE %d VANISHED)\r\n",
             (int)forgotten);
    expect_answer(&r, line, "* VANISHED (EARLIER) 6\r\nc OK that is all\r\n");
    snprintf(line, sizeof line, "d UID FETCH 3:20 (UID) (CHANGEDSINCE %d VANISHED)\r\n",
             (int)forgotten - 1);
    snprintf(answer, sizeof answer, "* VANISHED (EARLIER) 3,6,9\r\nd OK that is all\r\n");
    expect_answer(&r, line, answer);
    imap_role_finish(&r);
}

Test(imap_resync, a_mailbox_without_messages_has_lost_none)
{
    struct imap_role r;
    imap_role_init(&r);
    imap_role_open(&r, 0);
    imap_role_quietly(&r, 0, "z LOGIN alice secret\r\nz ENABLE QRESYNC\r\n");
    imap_role_feed(&r, 0, SLICE("a SELECT INBOX (QRESYNC (1000 1))\r\n"));
    cr_expect(slice_find(bytes_slice(&r.out[0]), SLICE("VANISHED"), 0) == SLICE_NONE);
    cr_expect(slice_ends(bytes_slice(&r.out[0]), SLICE("a OK [READ-WRITE] selected\r\n")));
    imap_role_finish(&r);
}
