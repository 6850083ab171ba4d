/* docs/trace-format.md, made from the vocabulary so that it can't fall behind it. */
#include "export/export.h"
#include "sim/trace/jsonl.h"
#include "sim/trace/jsonl_words.h"

static const char *type_words(enum event_type type)
{
    switch (type) {
    case EVENT_TYPE_PLACE:
        return "place";
    case EVENT_TYPE_LINK:
        return "link";
    case EVENT_TYPE_CONN:
        return "connection";
    case EVENT_TYPE_MSG:
        return "message";
    case EVENT_TYPE_TEXT:
        return "text";
    case EVENT_TYPE_NUMBER:
        return "number";
    case EVENT_TYPE_BOOL:
        return "true/false";
    case EVENT_TYPE_MICROS:
        return "microseconds";
    }
    return "";
}

static const char introduction[] =
    "# The trace's format\n"
    "\n"
    "Made by `mailflow docs trace-format` from `sim/trace/event.h`; change that file, not this "
    "one.\n"
    "\n"
    "A saved trace (`mailflow run TOPOLOGY --export first.jsonl`) is JSON Lines: UTF-8, one object "
    "a\n"
    "line. The first line is `{\"mailflow-trace\":1,\"events\":N}`: the version of the format, and "
    "how\n"
    "many events follow (it may be left out). Each further line is an event:\n"
    "\n"
    "| key | value |\n"
    "|---|---|\n"
    "| `e` | the event's number, counting from 0 |\n"
    "| `t` | virtual nanoseconds since the start; a string of digits above 2^53 |\n"
    "| `cause` | the number of the event that led to it, always smaller; not there in event 0 |\n"
    "| `kind` | what happened: one of the kinds below |\n"
    "\n"
    "and the fields of its kind, all of them. Times never go back. Types of fields:\n"
    "\n"
    "| type | value |\n"
    "|---|---|\n"
    "| place | the id of a host or agent declared before, or `\"\"` for nobody |\n"
    "| link, connection, message | its number, counted from 1 in order of declaration (`link`, "
    "`tcp.connect`, `message`); 0 is none |\n"
    "| text | a string, or `{\"base64\":\"...\"}` when it is not valid UTF-8 or has a NUL |\n"
    "| number | 0 to 4294967295; `null` for a position that a host does not have |\n"
    "| true/false | a JSON boolean |\n"
    "| microseconds | a number: a duration |\n"
    "\n"
    "Events of a connection that name no place (marked * below) also carry `from`, `to` and "
    "`port`, and\n"
    "`\"tls\":true` where it is on. They follow from the connection: a reader may use them, and a "
    "writer\n"
    "may leave them out. A `tcp.segment` further has `dir` (`\"->\"` from the side that connected, "
    "`\"<-\"`\n"
    "back), `flags` (letters of FSRPA: FIN, SYN, RST, PSH, ACK) and, when it is a retransmission,\n"
    "`\"again\":true`.\n"
    "\n"
    "## Versions\n"
    "\n"
    "A trace that was saved once loads for ever. In version 1 a later program may add kinds, and "
    "may add\n"
    "fields at the end of a kind; it changes and takes away none. A field that was added later "
    "(marked +\n"
    "below) may be missing: then it says nothing, which is `0`, `\"\"` or `false`. What a program "
    "does not know\n"
    "is refused, and the line says by which program the trace was written: to leave out what it "
    "does not\n"
    "understand would show another run than the one that was. Anything else needs a new version "
    "number.\n"
    "\n"
    "## A file that is cut or damaged\n"
    "\n"
    "It is refused with the line and what is wrong there. `mailflow replay --salvage` and "
    "`mailflow open\n"
    "--salvage` take its longest good beginning: every event up to the first line that is broken, "
    "missing,\n"
    "doubled or out of place. What comes behind is left out, also lines that look whole: their "
    "numbers,\n"
    "causes and names lean on what is lost. What was changed within a text can't be seen.\n"
    "\n"
    "## Kinds\n"
    "\n"
    "| kind | meaning | fields |\n"
    "|---|---|---|\n";

void trace_format_write(FILE *out)
{
    fputs(introduction, out);
    for (int kind = 0; kind < EVENT_KIND_COUNT; kind++) {
        const struct event_kind_row *row = &event_kinds[kind];
        fprintf(out, "| `%s`%s | %s | ", row->name,
                jsonl_is_of_connection((enum event_kind)kind) ? " *" : "", row->meaning);
        for (int i = 0; i < row->field_count; i++)
            fprintf(out, "%s`%s`%s %s", i ? ", " : "", row->fields[i].name,
                    jsonl_is_later((enum event_kind)kind, i) ? " +" : "",
                    type_words(row->fields[i].type));
        fputs(" |\n", out);
    }
}
