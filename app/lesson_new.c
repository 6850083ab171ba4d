/* mailflow lesson new: a small lesson that works, to be changed into another one. */
#include <string.h>
#include <unistd.h>

#include "app/lesson.h"
#include "sim/trace/save.h"

/* What docs/write-a-lesson.md explains line by line. ID stands for the lesson's id. */
static const char template[] =
    "{\n"
    "  \"$schema\": \"./schema.json\",\n"
    "  \"format\": 1,\n"
    "  \"id\": \"ID\",\n"
    "  \"title\": \"Mail for a computer that is off\",\n"
    "  \"objective\": \"You can say where a message waits while its reader is away.\",\n"
    "  \"minutes\": 10,\n"
    "  \"needs\": [\"L01\"],\n"
    "  \"topology\": \"two-towns\",\n"
    "  \"watch\": [\"The letter stops at `mx1`: Bob's store is there.\"],\n"
    "  \"steps\": [\n"
    "    {\"id\": \"p1\", \"kind\": \"PREDICT\",\n"
    "     \"text\": \"Bob's computer will be off when Alice writes.\",\n"
    "     \"predict\": {\"type\": \"single\", \"prompt\": \"Where will her letter be then?\",\n"
    "       \"options\": [\n"
    "         {\"t\": \"in Bob's store at `mx1`\", \"right\": true,\n"
    "          \"fb\": \"Delivery needs the server, and that is up.\"},\n"
    "         {\"t\": \"in the queue of `out`\",\n"
    "          \"fb\": \"A queue waits for the next server. `mx1` answers, so nothing waits.\"},\n"
    "         {\"t\": \"back with Alice\", \"fb\": \"Nobody has refused it.\"}]}},\n"
    "    {\"id\": \"f1\", \"kind\": \"FAULT\", \"text\": \"Switch Bob's computer off.\",\n"
    "     \"allow\": [\"pc-bob-off\"], \"solve\": [\"fault pc-bob-off on\"],\n"
    "     \"hint\": [\"At a terminal: `fault pc-bob-off on`.\"]},\n"
    "    {\"id\": \"s1\", \"kind\": \"SEND\", \"text\": \"Write from Alice to bob@example.org and "
    "run.\",\n"
    "     \"bind\": \"M\", \"allow\": [\"pc-alice\"],\n"
    "     \"solve\": [\"send from=alice@example.com to=bob@example.org subject=Hello\", "
    "\"run\"]},\n"
    "    {\"id\": \"c1\", \"kind\": \"CLICK\", \"text\": \"Look where the letter has come to "
    "rest.\",\n"
    "     \"ask\": {\"type\": \"click\", \"prompt\": \"On which host is it?\",\n"
    "       \"targets\": [\n"
    "         {\"id\": \"mx1\", \"t\": \"mx1\", \"right\": true, \"fb\": \"Its delivery agent has "
    "filed it.\"},\n"
    "         {\"id\": \"out\", \"t\": \"out\", \"fb\": \"It handed the letter over.\"},\n"
    "         {\"id\": \"pc-bob\", \"t\": \"pc-bob\", \"fb\": \"It is off, and it would have to "
    "fetch.\"}]},\n"
    "     \"reveal\": \"A *message store* keeps mail until its reader comes.\"}\n"
    "  ],\n"
    "  \"checks\": [\n"
    "    {\"id\": \"C1\", \"expr\": \"predicted(\\\"p1\\\")\",\n"
    "     \"pass\": \"You committed yourself before looking.\",\n"
    "     \"fail\": \"Answer the first question before you touch anything.\"},\n"
    "    {\"id\": \"C2\", \"expr\": \"exists(deliver{msg=$M, during=\\\"pc-bob-off\\\"})\",\n"
    "     \"pass\": \"The letter was delivered while Bob was away.\",\n"
    "     \"fail\": \"Switch Bob's computer off, and then send.\"},\n"
    "    {\"id\": \"C3\", \"expr\": \"correct(\\\"c1\\\")\",\n"
    "     \"pass\": \"You found the store.\",\n"
    "     \"fail\": \"Click the host that has Bob's store.\"}\n"
    "  ],\n"
    "  \"ways\": [\n"
    "    {\"title\": \"runs by the minute, and Bob comes back\",\n"
    "     \"lines\": [\"step p1\", \"answer b\", \"step f1\", \"fault pc-bob-off on\", \"step "
    "s1\",\n"
    "       \"send from=alice@example.com to=bob@example.org\", \"run 1min\",\n"
    "       \"fault pc-bob-off off\", \"step c1\", \"answer mx1\"]},\n"
    "    {\"title\": \"forgets to switch Bob's computer off\",\n"
    "     \"lines\": [\"step p1\", \"answer a\", \"step s1\",\n"
    "       \"send from=alice@example.com to=bob@example.org\", \"run\", \"step c1\", \"answer "
    "mx1\"],\n"
    "     \"fails\": [\"C2\"], \"says\": \"Switch Bob's computer off\"},\n"
    "    {\"title\": \"answers when all is over\",\n"
    "     \"lines\": [\"step f1\", \"fault pc-bob-off on\", \"step s1\",\n"
    "       \"send from=alice@example.com to=bob@example.org\", \"run\", \"step c1\", \"answer "
    "mx1\",\n"
    "       \"step p1\", \"answer a\"],\n"
    "     \"fails\": [\"C1\"], \"says\": \"before you touch anything\"},\n"
    "    {\"title\": \"looks for it at Bob's\",\n"
    "     \"lines\": [\"step p1\", \"answer a\", \"step f1\", \"fault pc-bob-off on\", \"step "
    "s1\",\n"
    "       \"send from=alice@example.com to=bob@example.org\", \"run\", \"step c1\", \"answer "
    "pc-bob\"],\n"
    "     \"fails\": [\"C3\"], \"says\": \"would have to fetch\"}\n"
    "  ],\n"
    "  \"sources\": [\"RFC 5598 4.2.2\"],\n"
    "  \"notes\": \"For teachers: what this lesson is for, and what students get wrong.\"\n"
    "}\n";

static void write_lesson(FILE *out, const char *id)
{
    static const char mark[] = "\"ID\"";
    const char *at = strstr(template, mark);
    fprintf(out, "%.*s\"%s\"%s", (int)(at - template), template, id, at + strlen(mark));
}

/* The id becomes a file's name, and words of a command. */
static bool is_id(struct slice id)
{
    for (size_t i = 0; i < id.size; i++) {
        char c = slice_lower(id.data[i]);
        if ((c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '_')
            return false;
    }
    return id.size > 0 && id.size <= 64;
}

int lesson_new(struct command_line *line, const char *word)
{
    char path[80];
    struct problem problem = {0};
    struct save save;
    const char *to = command_value(line, "output");
    if (!is_id(slice_of(word)))
        return command_say(line,
                           "\"%s\" is no id; expected letters, digits, \"-\" and \"_\", such "
                           "as L26",
                           word);
    snprintf(path, sizeof path, "%s.json", word);
    to = to ? to : path;
    if (strcmp(to, "-") == 0) {
        write_lesson(line->out, word);
        return APP_DONE;
    }
    if (access(to, F_OK) == 0)
        return command_say(line, "%s is there already; -o FILE takes another name", to);
    if (!save_open(&save, to, &problem))
        return command_fail(line, &problem);
    write_lesson(save.out, word);
    if (!save_commit(&save, &problem))
        return command_fail(line, &problem);
    fprintf(line->out,
            "%s is a lesson that works; change it, and see it with\n"
            "  mailflow check %s\n"
            "  mailflow lesson play %s\n",
            to, to, to);
    return APP_DONE;
}
