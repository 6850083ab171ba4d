#include "agents/proto/auth_results.h"

/* ---- writing ---- */

/* What stands without quotes: an address or a domain, as pvalue of RFC 8601 2.2 has it. */
static bool is_plain(struct slice value)
{
    for (size_t i = 0; i < value.size; i++) {
        char c = value.data[i];
        bool is_letter = slice_lower(c) >= 'a' && slice_lower(c) <= 'z';
        bool is_digit = c >= '0' && c <= '9';
        if (!is_letter && !is_digit && c != '.' && c != '-' && c != '_' && c != '@' && c != '+')
            return false;
    }
    return value.size > 0;
}

/* Quotes and backslashes get one in front; what is not printable becomes '?', so that no field can
   be begun in it. */
static bool put_escaped(struct bytes *out, struct slice text, const char *specials)
{
    bool ok = true;
    for (size_t i = 0; ok && i < text.size; i++) {
        char c = text.data[i];
        for (const char *s = specials; ok && *s; s++)
            if (c == *s)
                ok = bytes_append_octet(out, '\\');
        ok = ok && bytes_append_octet(out, c < 32 || c > 126 ? '?' : c);
    }
    return ok;
}

static bool put_value(struct bytes *out, struct slice value)
{
    if (is_plain(value))
        return bytes_append(out, value);
    return bytes_append(out, SLICE("\"")) && put_escaped(out, value, "\"\\") &&
           bytes_append(out, SLICE("\""));
}

bool auth_results_begin(struct bytes *out, struct slice server)
{
    return bytes_append(out, SLICE(AUTH_RESULTS_NAME ": ")) && put_value(out, server);
}

bool auth_results_add(struct bytes *out, const char *method, const char *result,
                      struct slice comment, const char *property, struct slice value)
{
    bool ok = bytes_printf(out, ";\r\n %s=%s", method, result);
    if (ok && comment.size > 0)
        ok = bytes_append(out, SLICE(" (")) && put_escaped(out, comment, "()\\") &&
             bytes_append(out, SLICE(")"));
    return ok && (!property || auth_results_add_property(out, property, value));
}

bool auth_results_add_property(struct bytes *out, const char *property, struct slice value)
{
    return bytes_printf(out, " %s=", property) && put_value(out, value);
}

bool auth_results_end(struct bytes *out, bool has_results)
{
    return (has_results || bytes_append(out, SLICE("; none"))) && bytes_append(out, SLICE("\r\n"));
}

/* ---- reading ---- */

/* Blanks, folds and comments, which nest. */
static void skip_comments(struct slice *text)
{
    size_t at = 0, depth = 0;
    for (; at < text->size; at++) {
        char c = text->data[at];
        if (depth > 0 && c == '\\')
            at++;
        else if (c == '(')
            depth++;
        else if (c == ')' && depth > 0)
            depth--;
        else if (depth == 0 && c != ' ' && c != '\t' && c != '\r' && c != '\n')
            break;
    }
    *text = slice_part(*text, at, text->size);
}

static bool ends_name(char c)
{
    return c == ';' || c == '(' || c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* The octets of a name, quoted or not, are compared as they come. */
bool auth_results_is_from(struct slice value, struct slice server)
{
    size_t at = 0, matched = 0;
    skip_comments(&value);
    bool is_quoted = value.size > 0 && value.data[0] == '"';
    for (at = is_quoted; at < value.size; at++) {
        char c = value.data[at];
        if (is_quoted ? c == '"' : ends_name(c))
            break;
        if (is_quoted && c == '\\' && at + 1 < value.size)
            c = value.data[++at];
        if (matched == server.size || slice_lower(c) != slice_lower(server.data[matched]))
            return false;
        matched++;
    }
    return matched == server.size;
}
