/*
 * The subcommands, in the order in which help shows them. The rows of most are in commands_runs.c
 * and commands_course.c.
 */
#include "app/commands.h"

static const struct command command_check = {
    .name = "check",
    .operands = "FILE...",
    .summary = "say whether topologies, lessons, banks and traces are valid",
    .operands_least = 1,
    .operands_most = COMMAND_OPERANDS_MANY,
    .run = check_command,
    .description =
        "Reads each file as it would be read for use, and prints that it is ok, or where "
        "it is wrong, what, and what was expected. A lesson is also solved: by its own "
        "solution, by its other ways, by its mistakes, and each must get what the lesson says; "
        "its texts are held to the style of docs/write-a-lesson.md. The keys of a bank's "
        "questions are compared with the runs that they point at. Ends with 2 when any file is "
        "wrong.",
    .examples = "mailflow check topologies/*.json\tall that come with mailflow\n"
                "mailflow check lessons/*.json lessons/quiz/*.json\tthe whole course\n",
};

static const struct command command_campaign = {
    .name = "campaign",
    .operands = "TOPOLOGY",
    .summary = "run it many times with random faults: is any mail lost?",
    .operands_least = 1,
    .operands_most = 1,
    .run = campaign_command,
    .description =
        "Each run has a seed, from --seed on. In it people write to each other and to nobody, "
        "while hosts, lines and servers fail; after a day and a half all is mended, and the "
        "run goes on until no mail waits any more. Every message that a server took over must "
        "then have been delivered, passed on or returned, once, or be repeated for a reason "
        "that the trace shows. A run in which that is not so is printed with what is wrong "
        "and the command that opens it in the window; the status is then 1.\n"
        "\n"
        "Profiles: none (mail only), mild (a few hosts, lines, name servers), harsh "
        "(everything that can go wrong, much of it at once, and the demonstration).",
    .examples = "mailflow campaign two-towns --runs 10000 --faults harsh\ta night's work\n"
                "mailflow open two-towns --faults harsh --seed 17\tone of these runs\n",
    .options =
        {
            {"runs", 'n', "N", "how many; 100 by default"},
            {"faults", 0, "PROFILE", "none, mild or harsh, the default"},
            {"jobs", 'j', "J", "processes; by default one a processor"},
            {"seed", 0, "N", "of the first run; 1 by default"},
        },
};

static const struct command command_bench = {
    .name = "bench",
    .operands = "[NAME]...",
    .summary = "measure how fast mailflow is here",
    .operands_least = 0,
    .operands_most = COMMAND_OPERANDS_MANY,
    .run = bench_command,
    .description =
        "Prints a line \"name value unit\" for each figure: mail (whole messages: "
        "submission, DNS, "
        "relay, delivery, POP3 fetch, 2 KB each, with the whole trace), hub (one sender, "
        "1,000 domains), list (one letter to 10,000 members), hosts (a mail, and a "
        "host, at 10 to 10,000 hosts), schedule, "
        "smtp_session, lmtp_session, pop3_session, imap_session (a client and a "
        "server without a network, 2 KB messages), tls and dns (both ends), "
        "mime (the structure of a message), scene (at a moment of 100,000 events), frame "
        "(playing at 1920x1080: a whole picture, only what has changed, and that while the map "
        "is looked at closer and further away; a leap to any moment; at two towns, stars of "
        "1,000 and 10,000 hosts, a million events and internet-100), "
        "export "
        "(a trace of a million events written as .jsonl, .pcapng and .csv, and read again; "
        "and by how much memory grows meanwhile). "
        "With names, only these groups.",
    .examples = "mailflow bench mail\tmessages and events a second, octets of trace a message\n"
                "mailflow bench smtp_session imap_session\tthese two\n",
};

static const struct command command_help = {
    .name = "help",
    .operands = "[COMMAND]",
    .summary = "show this, or a page about a command",
    .operands_least = 0,
    .operands_most = 1,
    .run = help_for,
    .description = "Shows the overview, or the page about a command.",
    .examples = "",
};

static const struct command command_version = {
    .name = "version",
    .operands = "",
    .summary = "print the version",
    .run = version_command,
    .description = "Prints the program's version.",
    .examples = "",
};

static const struct command command_docs = {
    .name = "docs",
    .operands = "trace-format|man|texts|schema|lesson-schema|quiz-schema",
    .summary = "print a page of the documentation that is made from the program",
    .operands_least = 1,
    .operands_most = 1,
    .run = docs_command,
    .is_hidden = true,
    .description =
        "Prints docs/trace-format.md, docs/mailflow.1, po/program.txt, topologies/schema.json, "
        "lessons/schema.json or lessons/quiz/schema.json.",
    .examples = "",
};

const struct command *const command_rows[] = {
    &command_run,     &command_replay, &command_diff,     &command_headers, &command_open,
    &command_render,  &command_serve,  &command_telnet,   &command_lesson,  &command_quiz,
    &command_pack,    &command_check,  &command_campaign, &command_bench,   &command_help,
    &command_version, &command_docs,
};
const size_t command_row_count = sizeof command_rows / sizeof *command_rows;
