#include "agents/proto/http.h"

#include "agents/mail/header.h"
#include "agents/mail/token.h"

const char *http_reason(int code)
{
    static const struct {
        int code;
        const char *reason;
    } rows[] = {
        {100, "Continue"},
        {200, "OK"},
        {204, "No Content"},
        {303, "See Other"},
        {304, "Not Modified"},
        {400, "Bad Request"},
        {401, "Unauthorized"},
        {403, "Forbidden"},
        {404, "Not Found"},
        {405, "Method Not Allowed"},
        {413, "Content Too Large"},
        {414, "URI Too Long"},
        {431, "Request Header Fields Too Large"},
        {500, "Internal Server Error"},
        {501, "Not Implemented"},
        {502, "Bad Gateway"},
        {503, "Service Unavailable"},
        {504, "Gateway Timeout"},
        {505, "HTTP Version Not Supported"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].code == code)
            return rows[i].reason;
    return "";
}

struct slice http_field(struct slice header, const char *name)
{
    struct header_field field;
    return header_find(header, slice_of(name), 1, &field) ? slice_trim(field.value) : SLICE("");
}

/* ---- reading ---- */

void http_reader_restart(struct http_reader *r, bool is_response)
{
    bytes_renew(&r->start, HTTP_LINE_MAX);
    bytes_renew(&r->header, HTTP_HEADER_MAX);
    bytes_renew(&r->body, HTTP_BODY_MAX);
    r->state = HTTP_STATE_START;
    r->is_response = is_response;
    r->has_no_body = r->is_http10 = r->expects_continue = r->closes = false;
    r->left = 0;
}

void http_reader_finish(struct http_reader *r)
{
    bytes_finish(&r->start);
    bytes_finish(&r->header);
    bytes_finish(&r->body);
}

/* "HTTP/1.1" at the end of a request line, at the front of a status line (RFC 9112 2.3). */
static int read_version(struct http_reader *r, struct slice version)
{
    if (version.size != 8 || !slice_starts(version, SLICE("HTTP/")) ||
        !token_is_digit(version.data[5]) || version.data[6] != '.' ||
        !token_is_digit(version.data[7]))
        return 400;
    if (version.data[5] != '1')
        return 505;
    r->is_http10 = version.data[7] == '0';
    return HTTP_MORE;
}

static bool is_visible(struct slice text)
{
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] < '!' || text.data[i] > '~')
            return false;
    return text.size > 0;
}

/* RFC 9112 3: method SP request-target SP HTTP-version. */
static int read_request_line(struct http_reader *r, struct slice line)
{
    struct slice rest = line, method, target;
    if (!slice_cut(&rest, ' ', &method) || !slice_cut(&rest, ' ', &target) || !is_visible(method) ||
        !is_visible(target))
        return 400;
    return read_version(r, rest);
}

/* RFC 9112 4: HTTP-version SP status-code SP [reason-phrase]. */
static int read_status_line(struct http_reader *r, struct slice line)
{
    uint64_t code;
    if (line.size < 12 || line.data[8] != ' ' || (line.size > 12 && line.data[12] != ' ') ||
        !slice_to_u64(slice_part(line, 9, 12), &code) || code < 100)
        return 400;
    r->has_no_body |= code == 204 || code == 304 || code < 200;
    return read_version(r, slice_part(line, 0, 8));
}

static int on_start(struct http_reader *r, struct slice line)
{
    if (line.size == 0 && !r->is_response && bytes_size(&r->start) == 0)
        return HTTP_MORE; /* RFC 9112 2.2: an empty line before a request */
    if (!bytes_append(&r->start, line))
        return 414;
    r->state = HTTP_STATE_HEADER;
    return r->is_response ? read_status_line(r, line) : read_request_line(r, line);
}

/* RFC 9112 5: a name of token octets, right before its colon; nothing hidden in the value. */
static bool is_field(struct slice line)
{
    size_t colon = slice_find_octet(line, ':', 0);
    if (colon == SLICE_NONE || colon == 0)
        return false;
    for (size_t i = 0; i < colon; i++)
        if (!token_is_atext(line.data[i]) && line.data[i] != '.')
            return false;
    for (size_t i = colon; i < line.size; i++)
        if ((unsigned char)line.data[i] < ' ' && line.data[i] != '\t')
            return false;
    return true;
}

/* How long the content is (RFC 9112 6.3). */
static int frame(struct http_reader *r)
{
    struct slice header = bytes_slice(&r->header);
    struct slice length = http_field(header, "Content-Length");
    struct slice coding = http_field(header, "Transfer-Encoding");
    unsigned lengths = header_count(header, SLICE("Content-Length"));
    unsigned codings = header_count(header, SLICE("Transfer-Encoding"));
    if (r->has_no_body) {
        r->state = HTTP_STATE_WHOLE;
    } else if (codings > 0) {
        if (lengths > 0 || codings > 1 || r->is_http10)
            return 400;
        if (!slice_equal_fold(coding, SLICE("chunked")))
            return 501;
        r->state = HTTP_STATE_CHUNK_SIZE;
    } else if (lengths > 0) {
        if (lengths > 1 || !slice_to_u64(length, &r->left))
            return 400;
        if (r->left > HTTP_BODY_MAX)
            return 413;
        r->state = r->left > 0 ? HTTP_STATE_LENGTH : HTTP_STATE_WHOLE;
    } else {
        r->state = r->is_response ? HTTP_STATE_UNTIL_CLOSE : HTTP_STATE_WHOLE;
    }
    return HTTP_MORE;
}

/* The header section is whole. */
static int on_header_end(struct http_reader *r)
{
    struct slice header = bytes_slice(&r->header);
    struct slice connection = http_field(header, "Connection");
    if (!bytes_append(&r->header, SLICE("\r\n")))
        return 431;
    /* RFC 9112 3.2: one Host, always */
    if (!r->is_response && !r->is_http10 && header_count(header, SLICE("Host")) != 1)
        return 400;
    r->closes = slice_equal_fold(connection, SLICE("close")) ||
                (r->is_http10 && !slice_equal_fold(connection, SLICE("keep-alive")));
    r->expects_continue =
        !r->is_http10 &&
        slice_equal_fold(http_field(bytes_slice(&r->header), "Expect"), SLICE("100-continue"));
    return frame(r);
}

static int on_field(struct http_reader *r, struct slice line)
{
    if (line.size == 0)
        return on_header_end(r);
    if (!is_field(line))
        return 400;
    return bytes_append_all(&r->header, (struct slice[]){line, SLICE("\r\n")}, 2) ? HTTP_MORE : 431;
}

/* RFC 9112 7.1: hex digits, and perhaps extensions behind a semicolon, which mean nothing here. */
static int on_chunk_size(struct http_reader *r, struct slice line)
{
    struct slice digits = slice_trim(slice_part(line, 0, slice_find_octet(line, ';', 0)));
    r->left = 0;
    if (digits.size == 0 || digits.size > 8)
        return 400;
    for (size_t i = 0; i < digits.size; i++) {
        int digit = token_hex(digits.data[i]);
        if (digit < 0)
            return 400;
        r->left = r->left * 16 + (uint64_t)digit;
    }
    if (r->left + bytes_size(&r->body) > HTTP_BODY_MAX)
        return 413;
    r->state = r->left > 0 ? HTTP_STATE_CHUNK : HTTP_STATE_TRAILER;
    return HTTP_MORE;
}

static int on_line(struct http_reader *r, struct slice line)
{
    switch (r->state) {
    case HTTP_STATE_START:
        return on_start(r, line);
    case HTTP_STATE_HEADER:
        return on_field(r, line);
    case HTTP_STATE_CHUNK_SIZE:
        return on_chunk_size(r, line);
    case HTTP_STATE_CHUNK_END:
        r->state = HTTP_STATE_CHUNK_SIZE;
        return line.size == 0 ? HTTP_MORE : 400;
    case HTTP_STATE_TRAILER: /* its fields are not used */
        if (line.size == 0)
            r->state = HTTP_STATE_WHOLE;
        return HTTP_MORE;
    case HTTP_STATE_LENGTH:
    case HTTP_STATE_CHUNK:
    case HTTP_STATE_UNTIL_CLOSE:
    case HTTP_STATE_WHOLE:
        break;
    }
    return HTTP_MORE;
}

/* Content: as much of it as has come. */
static int take_content(struct http_reader *r, struct session *s)
{
    struct slice in = bytes_slice(&s->in);
    size_t n = r->state == HTTP_STATE_UNTIL_CLOSE || in.size < r->left ? in.size : (size_t)r->left;
    if (!bytes_append(&r->body, slice_part(in, 0, n)))
        return 413;
    bytes_consume(&s->in, n);
    if (r->state == HTTP_STATE_UNTIL_CLOSE) {
        if (s->is_eof)
            r->state = HTTP_STATE_WHOLE;
        return HTTP_MORE;
    }
    r->left -= n;
    if (r->left == 0)
        r->state = r->state == HTTP_STATE_CHUNK ? HTTP_STATE_CHUNK_END : HTTP_STATE_WHOLE;
    return HTTP_MORE;
}

static bool is_content(enum http_state state)
{
    return state == HTTP_STATE_LENGTH || state == HTTP_STATE_CHUNK ||
           state == HTTP_STATE_UNTIL_CLOSE;
}

int http_reader_take(struct http_reader *r, struct session *s)
{
    int outcome = HTTP_MORE;
    while (outcome == HTTP_MORE && r->state != HTTP_STATE_WHOLE) {
        struct slice line;
        if (is_content(r->state)) {
            if (bytes_size(&s->in) == 0 && !(r->state == HTTP_STATE_UNTIL_CLOSE && s->is_eof))
                return HTTP_MORE;
            outcome = take_content(r, s);
            continue;
        }
        switch (session_take_line(s, HTTP_LINE_MAX, &line)) {
        case SESSION_LINE_NONE:
            return HTTP_MORE;
        case SESSION_LINE_TOO_LONG:
            return r->state == HTTP_STATE_START ? 414 : 431;
        case SESSION_LINE_OK:
            outcome = on_line(r, line);
            break;
        }
    }
    return outcome == HTTP_MORE ? HTTP_DONE : outcome;
}

/* ---- forms ---- */

static bool decode(struct slice text, struct bytes *out)
{
    size_t before = bytes_size(out);
    for (size_t i = 0; i < text.size; i++) {
        char octet = text.data[i] == '+' ? ' ' : text.data[i];
        if (octet == '%' && i + 2 < text.size && token_hex(text.data[i + 1]) >= 0 &&
            token_hex(text.data[i + 2]) >= 0) {
            octet = (char)(token_hex(text.data[i + 1]) * 16 + token_hex(text.data[i + 2]));
            i += 2;
        }
        if (!bytes_append_octet(out, octet)) {
            bytes_truncate(out, before);
            return false;
        }
    }
    return true;
}

bool http_form_find(struct slice form, const char *name, struct bytes *out)
{
    struct slice pair, key;
    while (slice_cut(&form, '&', &pair)) {
        struct slice value = pair;
        if (slice_find_octet(pair, '=', 0) == SLICE_NONE)
            continue;
        slice_cut(&value, '=', &key);
        if (slice_equal(key, slice_of(name)))
            return decode(value, out);
    }
    return false;
}

static bool is_plain(char octet)
{
    return token_is_letter(octet) || token_is_digit(octet) || octet == '-' || octet == '_' ||
           octet == '.' || octet == '*';
}

bool http_form_put(struct bytes *out, const char *name, struct slice value)
{
    size_t before = bytes_size(out);
    bool ok = bytes_printf(out, "%s%s=", before ? "&" : "", name);
    for (size_t i = 0; ok && i < value.size; i++) {
        char octet = value.data[i];
        if (octet == ' ')
            ok = bytes_append_octet(out, '+');
        else if (is_plain(octet))
            ok = bytes_append_octet(out, octet);
        else
            ok = bytes_printf(out, "%%%02X", (unsigned)(unsigned char)octet);
    }
    if (!ok)
        bytes_truncate(out, before);
    return ok;
}

bool http_put_text(struct bytes *out, struct slice text)
{
    bool ok = true;
    for (size_t i = 0; ok && i < text.size; i++) {
        char octet = text.data[i];
        ok = octet == '<'    ? bytes_append(out, SLICE("&lt;"))
             : octet == '>'  ? bytes_append(out, SLICE("&gt;"))
             : octet == '&'  ? bytes_append(out, SLICE("&amp;"))
             : octet == '"'  ? bytes_append(out, SLICE("&quot;"))
             : octet == '\'' ? bytes_append(out, SLICE("&#39;"))
                             : bytes_append_octet(out, octet);
    }
    return ok;
}
