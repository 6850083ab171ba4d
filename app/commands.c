/* The subcommands with their options and texts, in the order in which help shows them. */
#include "app/commands.h"

#define OUTPUT_OPTIONS                                                                             \
    {"format", 'f', "FORMAT",                                                                      \
     "what to print: ladder (the default), dialogue, events, summary, json"},                      \
        {"export", 'e', "FILE",                                                                    \
         "write a file, as its ending says; may be given again. - is the trace on "                \
         "standard output, -.eml the message there, and so on"},                                   \
        {"message", 'm', "N",                                                                      \
         "the message meant by .eml and pictures; by default the last delivered"},                 \
        {"width", 'w', "N", "columns of the ladder; by default those of the terminal, or 80"},     \
    {                                                                                              \
        "ascii", 0, NULL, "draw with ASCII only, whatever the locale says"                         \
    }

const struct command command_rows[] = {
    {
        .name = "run",
        .operands = "TOPOLOGY",
        .summary = "run a topology and print what happened",
        .operands_least = 1,
        .operands_most = 1,
        .run = run_command,
        .description = "Makes the world that TOPOLOGY describes, does what is asked in it, runs it "
                       "until nothing is "
                       "on its way any more, and prints the trace in a format. TOPOLOGY is a file, "
                       "- for standard "
                       "input, or the name of one that comes with mailflow, such as two-towns.\n"
                       "\n"
                       "Without --do and --script it plays the topology's own demonstration. The "
                       "same topology, "
                       "seed and actions always give the same trace, octet for octet.\n"
                       "\n"
                       "Actions are: send from=A to=B[,C] [cc=D] [subject=TEXT] [body=TEXT]; fetch "
                       "by=AGENT|HOST|"
                       "ADDRESS; fault ID on|off; fault KIND TARGET on|off; flush AT. Texts with "
                       "blanks stand in "
                       "double quotes. An action starts once all before it have come to rest, or, "
                       "with a time in "
                       "front (\"10s fetch by=pc-bob\"), at that time.",
        .examples =
            "mailflow run two-towns\tone message from Alice to Bob, as a ladder\n"
            "mailflow run two-towns --format dialogue\teach connection with its lines\n"
            "mailflow run two-towns --do \"fault mx1-down on\" --do \"send from=alice@example.com "
            "to=bob@example.org subject=Hi\"\ta message to a server that is down\n"
            "mailflow run backup-mx --export first.jsonl --export first.eml\tthe trace and the "
            "message "
            "as files\n",
        .options =
            {
                {"do", 'd', "ACTION", "do this; may be given again"},
                {"script", 's', "FILE",
                 "lines of TIME ACTION, # for comments; - is standard input"},
                {"until", 'u', "T",
                 "run up to this time (90s, 5h, 2d) instead of until all is quiet"},
                {"seed", 0, "N", "where chance starts; 1 by default"},
                OUTPUT_OPTIONS,
            },
    },
    {
        .name = "replay",
        .operands = "TRACE",
        .summary = "print or export a saved trace",
        .operands_least = 1,
        .operands_most = 1,
        .run = replay_command,
        .description =
            "Reads a trace that `run --export FILE.jsonl` has saved and gives the same formats and "
            "files as `run`. The topology is in the trace; nothing is simulated again. "
            "TRACE is a file or - for standard input.",
        .examples = "mailflow replay first.jsonl --format summary\twhat became of each message\n"
                    "mailflow replay first.jsonl --export -.csv\tthe events as a table\n",
        .options = {OUTPUT_OPTIONS},
    },
    {
        .name = "open",
        .operands = "[TOPOLOGY|TRACE]",
        .summary = "open the window",
        .operands_least = 0,
        .operands_most = 1,
        .run = open_command,
        .description =
            "Opens the window on a topology, which plays its demonstration and takes more mail "
            "and faults, or on a saved trace. Without a word it opens two-towns. Press ? in "
            "the window for its keys.",
        .examples = "mailflow open three-relays\ta chain of servers\n"
                    "mailflow open first.jsonl\ta saved trace\n",
        .options =
            {
                {"seed", 0, "N", "where chance starts; 1 by default"},
                {"theme", 't', "NAME", "light, dark or projector"},
                {"size", 0, "WxH", "of the window; 1280x800 by default"},
            },
    },
    {
        .name = "render",
        .operands = "TOPOLOGY|TRACE",
        .summary = "draw the window's picture into a file",
        .operands_least = 1,
        .operands_most = 1,
        .run = render_command,
        .description =
            "Draws what the window shows at a moment, without a display: as PNG, or as SVG in "
            "which text stays text. A topology plays its demonstration first.",
        .examples =
            "mailflow render two-towns --at 300ms -o first.png\tthe message on its way\n"
            "mailflow render first.jsonl --message 1 --theme projector -o slide.svg\twhere it "
            "ended, for a slide\n",
        .options =
            {
                {"output", 'o', "FILE", "where to: .png or .svg; needed"},
                {"at", 'a', "T", "the moment; by default the end"},
                {"message", 'm', "N", "choose this message; without --at, the moment it arrives"},
                {"size", 0, "WxH", "of the picture; 1280x800 by default"},
                {"scale", 0, "N", "pixels of a PNG for each of these units, 1 to 4"},
                {"theme", 't', "NAME", "light, dark or projector"},
                {"seed", 0, "N", "where chance starts; 1 by default"},
            },
    },
    {
        .name = "check",
        .operands = "FILE...",
        .summary = "say whether topologies and traces are valid",
        .operands_least = 1,
        .operands_most = COMMAND_OPERANDS_MANY,
        .run = check_command,
        .description =
            "Reads each file as it would be read for use, and prints that it is ok, or where "
            "it is wrong, what, and what was expected. Ends with 2 when any is wrong.",
        .examples = "mailflow check topologies/*.json\tall that come with mailflow\n",
    },
    {
        .name = "bench",
        .operands = "[NAME]...",
        .summary = "measure how fast mailflow is here",
        .operands_least = 0,
        .operands_most = COMMAND_OPERANDS_MANY,
        .run = bench_command,
        .description = "Prints a line \"name value unit\" for each figure: mail (whole messages: "
                       "submission, DNS, "
                       "relay, delivery, POP3 fetch, 2 KB each, with the whole trace), schedule, "
                       "scene, frame. "
                       "With names, only these groups.",
        .examples =
            "mailflow bench mail\tmessages and events a second, octets of trace a message\n",
    },
    {
        .name = "help",
        .operands = "[COMMAND]",
        .summary = "show this, or a page about a command",
        .operands_least = 0,
        .operands_most = 1,
        .run = help_for,
        .description = "Shows the overview, or the page about a command.",
        .examples = "",
    },
    {
        .name = "version",
        .operands = "",
        .summary = "print the version",
        .run = version_command,
        .description = "Prints the program's version.",
        .examples = "",
    },
    {
        .name = "docs",
        .operands = "trace-format|man|schema",
        .summary = "print a page of the documentation that is made from the program",
        .operands_least = 1,
        .operands_most = 1,
        .run = docs_command,
        .is_hidden = true,
        .description = "Prints docs/trace-format.md, docs/mailflow.1 or topologies/schema.json.",
        .examples = "",
    },
};
const size_t command_count = sizeof command_rows / sizeof *command_rows;
