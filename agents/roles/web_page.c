/* The pages of webmail: plain HTML, and whatever came from a message stays text. */
#include <inttypes.h>

#include "agents/mail/mime.h"
#include "agents/roles/web_part.h"

static void put(struct web_visit *v, const char *html)
{
    (void)bytes_append(&v->page, slice_of(html));
}

static void put_text(struct web_visit *v, struct slice text)
{
    (void)http_put_text(&v->page, text);
}

/* A field's value as people read it. */
static void put_field(struct web_visit *v, struct slice header, const char *name)
{
    struct header_field field;
    struct bytes shown;
    bytes_init(&shown, 4096);
    if (header_find(header, slice_of(name), 1, &field) && mime_decode_words(field.value, &shown))
        put_text(v, bytes_slice(&shown));
    bytes_finish(&shown);
}

void web_page_begin(struct web_visit *v, struct slice title)
{
    bytes_clear(&v->page);
    put(v, "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>");
    put_text(v, title);
    put(v, "</title></head>\n<body><h1>");
    put_text(v, title);
    put(v, "</h1>\n");
    if (v->user.size > 0)
        put(v, "<p><a href=\"/inbox\">Inbox</a> <a href=\"/compose\">Write</a></p>\n");
}

void web_page_end(struct web_visit *v)
{
    put(v, "</body></html>\n");
}

void web_page_say(struct web_visit *v, struct slice what)
{
    put(v, "<p>");
    put_text(v, what);
    put(v, "</p>\n");
}

void web_page_login(struct web_visit *v, struct slice complaint)
{
    web_page_begin(v, SLICE("Log in"));
    if (complaint.size > 0)
        web_page_say(v, complaint);
    put(v, "<form method=\"post\" action=\"/login\">"
           "<p><label>Address <input name=\"user\"></label></p>"
           "<p><label>Password <input name=\"password\" type=\"password\"></label></p>"
           "<p><button>Log in</button></p></form>\n");
    web_page_end(v);
}

void web_page_row(struct web_visit *v, uint32_t uid, bool is_seen, struct slice header)
{
    (void)bytes_printf(&v->page, "<p><a href=\"/message?uid=%" PRIu32 "\">%s", uid,
                       is_seen ? "" : "<b>");
    put_field(v, header, "Subject");
    put(v, is_seen ? "</a> " : "</b></a> ");
    put_field(v, header, "From");
    put(v, "</p>\n");
    v->row_count++;
}

/* The first part that is text, as UTF-8. */
static void put_body(struct web_visit *v, struct slice content)
{
    struct mime mime;
    struct bytes decoded, charset, shown;
    mime_read(&mime, content);
    bytes_init(&decoded, HTTP_BODY_MAX);
    bytes_init(&shown, HTTP_BODY_MAX);
    bytes_init(&charset, 80);
    size_t i = 0;
    while (i < mime.parts.count && (mime.parts.items[i].is_multipart ||
                                    !slice_equal_fold(mime.parts.items[i].type, SLICE("text"))))
        i++;
    if (i < mime.parts.count) {
        const struct mime_part *part = &mime.parts.items[i];
        if (!mime_parameter(part->parameters, SLICE("charset"), &charset))
            (void)bytes_append(&charset, SLICE("utf-8"));
        if (mime_decode(part, &decoded) &&
            mime_to_utf8(bytes_slice(&decoded), bytes_slice(&charset), &shown))
            put_text(v, bytes_slice(&shown));
    }
    bytes_finish(&decoded);
    bytes_finish(&shown);
    bytes_finish(&charset);
    mime_finish(&mime);
}

void web_page_message(struct web_visit *v, uint32_t uid, struct slice content)
{
    static const char *const names[] = {"From", "To", "Date", "Subject"};
    struct slice header, body;
    header_split(content, &header, &body);
    web_page_begin(v, SLICE("Message"));
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        (void)bytes_printf(&v->page, "<p>%s: ", names[i]);
        put_field(v, header, names[i]);
        put(v, "</p>\n");
    }
    put(v, "<pre>");
    put_body(v, content);
    (void)bytes_printf(&v->page,
                       "</pre>\n<form method=\"post\" action=\"/delete\"><input type=\"hidden\" "
                       "name=\"uid\" value=\"%" PRIu32 "\"><button>Delete</button></form>\n",
                       uid);
    web_page_end(v);
}

void web_page_compose(struct web_visit *v)
{
    web_page_begin(v, SLICE("Write"));
    put(v, "<form method=\"post\" action=\"/send\">"
           "<p><label>To <input name=\"to\"></label></p>"
           "<p><label>Subject <input name=\"subject\"></label></p>"
           "<p><textarea name=\"body\" rows=\"12\" cols=\"72\"></textarea></p>"
           "<p><button>Send</button></p></form>\n");
    web_page_end(v);
}
