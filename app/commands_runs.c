/* The subcommands that run, show and compare worlds and traces: their options and texts. */
#include "app/commands.h"

#define OUTPUT_OPTIONS                                                                             \
    {"format", 'f', "FORMAT",                                                                      \
     "what to print: ladder (the default), dialogue, events, summary, json"},                      \
        {"export", 'e', "FILE",                                                                    \
         "write a file, as its ending says; may be given again. - is the trace on "                \
         "standard output, -.eml the message there, and so on"},                                   \
        {"message", 'm', "N",                                                                      \
         "the message meant by .eml, .mbox, a Maildir, pictures and films; by default for .eml "   \
         "the last delivered"},                                                                    \
        {"capture", 0, "LINK|HOST",                                                                \
         "what .pcapng sees: what goes into this link (A:B), or what leaves and reaches this "     \
         "host; may be given again; all is every link. By default each packet once, where it "     \
         "leaves"},                                                                                \
        {"tls-keys", 0, NULL, "put the secrets of TLS into .pcapng, so that it can be read"},      \
        {"width", 'w', "N", "columns of the ladder; by default those of the terminal, or 80"},     \
    {                                                                                              \
        "ascii", 0, NULL, "draw with ASCII only, whatever the locale says"                         \
    }

#define PANEL_OPTION                                                                               \
    {                                                                                              \
        "panel", 'p', "NAME",                                                                      \
            "of pictures and films: only map, ladder, header, dialogue or another panel"           \
    }
#define PICTURE_OPTIONS                                                                            \
    {"at", 'a', "T", "the moment of pictures, by default the end, and where films start"},         \
        PANEL_OPTION, {"size", 0, "WxH", "of pictures and films; 1280x800 by default"},            \
        {"scale", 0, "N", "pixels of a PNG for each of these units, 1 to 4"},                      \
        {"theme", 't', "NAME", "of pictures and films: light, dark or projector"},                 \
    {                                                                                              \
        "language", 0, "CODE", "of pictures and films: en, de or es; by default en"                \
    }

const struct command command_run = {
    .name = "run",
    .operands = "TOPOLOGY",
    .summary = "run a topology and print what happened",
    .operands_least = 1,
    .operands_most = 1,
    .run = run_command,
    .description =
        "Makes the world that TOPOLOGY describes, does what is asked in it, runs it "
        "until nothing is "
        "on its way any more, and prints the trace in a format. TOPOLOGY is a file, "
        "- for standard "
        "input, or the name of one that comes with mailflow, such as two-towns.\n"
        "\n"
        "Without --do and --script it plays the topology's own demonstration. The "
        "same topology, "
        "seed and actions always give the same trace, octet for octet.\n"
        "\n"
        "--message FILE sends a real message, byte for byte its own header and body, from "
        "and to people of the topology; with a number it is the message meant by .eml and "
        "pictures. What no mail program may send is mended: lone line ends, lines of more "
        "than 998 octets, NUL, Return-Path and Bcc.\n"
        "\n"
        "Actions are, for example: send from=A to=B[,C] [cc=D] [subject=TEXT] [body=TEXT] "
        "[attach=NAME:OCTETS]; fetch by=AGENT|HOST|ADDRESS; reply, forward, read, flag, "
        "move, delete by=A message=N; browse by=A page=inbox; robot NAME count=N; "
        "fault ID on|off; fault KIND TARGET on|off [key=value]; set AGENT key=value; "
        "dns add|remove NAME TYPE DATA; user add|remove ADDRESS; flush AT; cut A:B; "
        "type HOST text=\"LINE\\n\" at its console; and for "
        "the topology itself host add|remove|rename|move|set ID, agent add HOST ID role=ROLE, "
        "agent remove ID, link add|remove|set A:B, admd add|remove ID, "
        "network set title=TEXT. "
        "docs/topologies.md has all of them. Texts with blanks stand in double quotes. "
        "An action starts once all before it have come to rest, or, with a time in "
        "front (\"10s fetch by=pc-bob\"), at that time.",
    .examples =
        "mailflow run two-towns\tone message from Alice to Bob, as a ladder\n"
        "mailflow run two-towns --format dialogue\teach connection with its lines\n"
        "mailflow run two-towns --do \"fault mx1-down on\" --do \"send from=alice@example.com "
        "to=bob@example.org subject=Hi\"\ta message to a server that is down\n"
        "mailflow run t04-be-the-mta --do 'type out text=\"dig example.org MX\\n\"' "
        "--format events\tsomebody types at a console\n"
        "mailflow run two-towns --message letter.eml --from alice@example.com --to "
        "bob@example.org\ta real message takes this way\n"
        "mailflow run backup-mx --export first.jsonl --export first.eml\tthe trace and the "
        "message "
        "as files\n",
    .options =
        {
            {"do", 'd', "ACTION", "do this; may be given again"},
            {"script", 's', "FILE", "lines of TIME ACTION, # for comments; - is standard input"},
            {"until", 'u', "T", "run up to this time (90s, 5h, 2d) instead of until all is quiet"},
            {"seed", 0, "N", "where chance starts; 1 by default"},
            {"faults", 0, "PROFILE",
             "instead of the demonstration the run of a campaign with this seed"},
            {"from", 0, "ADDRESS",
             "who sends the file of --message; by default who its header says"},
            {"to", 0, "ADDRESS",
             "whom to, several with commas; by default those of its To and Cc who are there"},
            {"store", 0, "USER=PATH",
             "put the messages of an mbox or a Maildir into this user's mailbox first; may be "
             "given again"},
            OUTPUT_OPTIONS,
            PICTURE_OPTIONS,
        },
};

const struct command command_replay = {
    .name = "replay",
    .operands = "TRACE|MESSAGE",
    .summary = "print or export a saved trace",
    .operands_least = 1,
    .operands_most = 1,
    .run = replay_command,
    .description =
        "Reads a trace that `run --export FILE.jsonl` has saved and gives the same formats and "
        "files as `run`. The topology is in the trace; nothing is simulated again. "
        "TRACE is a file or - for standard input; of a real message (.eml) the way is read "
        "from its "
        "header.\n"
        "\n"
        "A file that is cut or damaged is refused with the line where that is. With --salvage "
        "all that comes before it is used, and the line is told of on standard error.",
    .examples = "mailflow replay first.jsonl --format summary\twhat became of each message\n"
                "mailflow replay first.jsonl --export -.csv\tthe events as a table\n",
    .options =
        {
            {"salvage", 0, NULL, "use what a cut or damaged file still has"},
            OUTPUT_OPTIONS,
            PICTURE_OPTIONS,
        },
};

const struct command command_diff = {
    .name = "diff",
    .operands = "A.jsonl B.jsonl",
    .summary = "say where two saved traces part, and why",
    .operands_least = 2,
    .operands_most = 2,
    .run = diff_command,
    .description =
        "Compares two traces event by event: what happened, where, when and in which words; "
        "not how the events are numbered. Says what was the same before, the first thing "
        "that only one of the two has, what led to it, and what became of each message in "
        "both. Two versions of the program and two seeds are named, and are no difference by "
        "themselves: with two seeds, what is drawn by lot (names in queues, sequence "
        "numbers) is not compared. The status is 0 when the runs are the same, 1 when they "
        "differ, 2 when a file is no trace. One of the two may be - for standard input.\n"
        "\n"
        "mailflow open A.jsonl B.jsonl shows them side by side.",
    .examples = "mailflow diff before.jsonl after.jsonl\twhat has the change done?\n"
                "mailflow diff a.jsonl b.jsonl --format json | jq .parting\tfor programs\n",
    .options =
        {
            {"format", 'f', "FORMAT", "text, the default, or json"},
            {"width", 'w', "N", "columns; by default those of the terminal, or 80"},
            {"ascii", 0, NULL, "ASCII only, whatever the locale says"},
        },
};

const struct command command_headers = {
    .name = "headers",
    .operands = "FILE|-",
    .summary = "say what the header of a real message tells of its way",
    .operands_least = 1,
    .operands_most = 1,
    .run = headers_command,
    .description =
        "Reads a message, or only its header, and draws the way that its Received lines tell: "
        "each host with its address, protocol, TLS and AUTH words, the time in the zone of the "
        "sender and in UTC, how long each step took. Says in sentences which lines were "
        "written on the reader's side and can be believed, from where on the chain may be made "
        "up, where clocks differ, whether it goes in circles, and what was checked "
        "(Authentication-Results, ARC, SPF, DKIM). Of an mbox the first message is read.\n"
        "\n"
        "It never fails on a line that is odd: what is understood is shown, the rest as it "
        "came. docs/headers.md says how the lines are judged, and what --format json holds.",
    .examples = "mailflow headers message.eml\tthe way of a message that was saved\n"
                "mailflow headers - --format json\ta pasted header, for a program\n",
    .options =
        {
            {"format", 'f', "FORMAT", "text (the default) or json"},
            {"width", 'w', "N", "columns; by default those of the terminal, or 80"},
            {"ascii", 0, NULL, "draw with ASCII only, whatever the locale says"},
        },
};

const struct command command_open = {
    .name = "open",
    .operands = "[TOPOLOGY|LESSON|TRACE|MESSAGE] [TRACE]",
    .summary = "open the window",
    .operands_least = 0,
    .operands_most = 2,
    .run = open_command,
    .description =
        "Opens the window on a topology, which plays its demonstration and takes more mail, "
        "faults and changes, on a saved trace, or on a real message (.eml), whose header is "
        "shown "
        "as its way: hosts, lines, times, and what may have been made up. A second trace is "
        "shown beside the first, from the moment on at which they part. Without a word it "
        "shows what can be opened. Press ? in the window for its keys.\n"
        "\n"
        "What is done can be undone without limit. It is also kept in a file as it is done: "
        "after a crash the next `mailflow open` of the same topology offers to go on where it "
        "was. What a person likes is kept, too: theme, scale, language, size of the window.\n"
        "\n"
        "With --script a file is the person: lines like click send, press ctrl+z, type Hello, "
        "expect queued. docs/scripts.md has all of them. The window stays open in the end, "
        "unless the script says quit; the status is 1 when something expected is not so.",
    .examples = "mailflow open three-relays\ta chain of servers\n"
                "mailflow open first.jsonl\ta saved trace\n"
                "mailflow open before.jsonl after.jsonl\ttwo, side by side\n"
                "mailflow open letter.eml\tthe way of a real message\n"
                "mailflow open two-towns --script tour.ui\ta demonstration that runs by "
                "itself\n",
    .options =
        {
            {"seed", 0, "N", "where chance starts; 1 by default"},
            {"faults", 0, "PROFILE",
             "instead of the demonstration the run of a campaign with this seed"},
            {"store", 0, "USER=PATH",
             "put the messages of an mbox or a Maildir into this user's mailbox first"},
            {"salvage", 0, NULL, "show what a cut or damaged trace still has"},
            {"theme", 't', "NAME", "light, dark or projector; by default as it was last"},
            {"language", 0, "CODE",
             "en, de or es; by default as it was last, at first the system's"},
            {"size", 0, "WxH", "of the window; by default as it was last, at first 1280x800"},
            {"script", 's', "FILE",
             "play this in the window, with nobody's settings; - is standard input"},
            {"work", 'w', "FILE",
             "of a lesson: where the work is kept; by default in the state folder"},
            {"learner", 'l', "CODE", "of a lesson: the code that the teacher gave out"},
            {"lecture", 0, NULL, "of a lesson: large, for a class; nothing is kept"},
            {"no-journal", 0, NULL,
             "keep nothing of what is done, and offer nothing that was kept"},
        },
};

const struct command command_render = {
    .name = "render",
    .operands = "TOPOLOGY|TRACE",
    .summary = "draw the window's picture into a file, or play a script at it",
    .operands_least = 1,
    .operands_most = 1,
    .run = render_command,
    .description =
        "Draws what the window shows at a moment, without a display: as PNG, or as SVG in "
        "which text stays text. A topology plays its demonstration first.\n"
        "\n"
        "With --script a file works at the window that nobody sees, from the start of the run "
        "or from --at: lines like click send, press ctrl+z, type Hello, wait 2s, picture "
        "a.png, expect queued. docs/scripts.md has all of them. -o is then what is shown in "
        "the end, and need not be given; the status is 1, with file and line, when something "
        "expected is not so.",
    .examples = "mailflow render two-towns --at 300ms -o first.png\tthe message on its way\n"
                "mailflow render first.jsonl --message 1 --theme projector -o slide.svg\twhere it "
                "ended, for a slide\n"
                "mailflow render two-towns --script tour.ui\tpictures and checks of a tour\n",
    .options =
        {
            {"output", 'o', "FILE", "where to: .png or .svg; needed without --script"},
            {"script", 's', "FILE", "play this; - is standard input"},
            {"at", 'a', "T", "the moment; by default the end"},
            {"message", 'm', "N", "choose this message; without --at, the moment it arrives"},
            PANEL_OPTION,
            {"size", 0, "WxH", "of the picture; 1280x800 by default"},
            {"scale", 0, "N", "pixels of a PNG for each of these units, 1 to 4"},
            {"theme", 't', "NAME", "light, dark or projector"},
            {"language", 0, "CODE", "en, de or es; by default en"},
            {"seed", 0, "N", "where chance starts; 1 by default"},
            {"faults", 0, "PROFILE",
             "instead of the demonstration the run of a campaign with this seed"},
        },
};

const struct command command_serve = {
    .name = "serve",
    .operands = "TOPOLOGY",
    .summary = "let real mail programs on this machine join a topology",
    .operands_least = 1,
    .operands_most = 1,
    .run = serve_command,
    .description =
        "Runs the world that TOPOLOGY describes in real time, and gives each port at which "
        "somebody listens in it a port of this machine, on 127.0.0.1 and ::1: a mail program "
        "that is pointed there sends and fetches through the simulated network. Nobody "
        "outside of this machine can connect. The ports are printed; with --ports-file they "
        "are written as lines \"HOST:PORT LOCALPORT PROTOCOL\", then \"ready\", once all are "
        "open.\n"
        "\n"
        "A connection enters at a host named visitor, on a line to the host that has the most "
        "lines, and crosses the virtual lines from there; it is in the trace like any other. "
        "The accounts of the topologies that come with mailflow have the password "
        "secret-USER.\n"
        "\n"
        "With --real a host of the topology is a real server on this machine: simulated "
        "servers deliver to it over a real socket, and it has ports of its own (as=HOST) for "
        "what it sends. Ctrl+C, SIGTERM or the end of its time end it; the exports are "
        "written then.",
    .examples =
        "mailflow serve two-towns\tports for everything, printed as a table\n"
        "mailflow serve two-towns --map submit:587=5870 --map mx1:110=1100\tports that stay "
        "the "
        "same\n"
        "mailflow serve two-towns --window --export day.jsonl\tseen live, and kept\n"
        "mailflow serve two-towns --real mx1=127.0.0.1:2525\ta real server receives for "
        "example.org\n",
    .options =
        {
            {"map", 0, "HOST:PORT=LOCALPORT",
             "use this port of this machine; may be given again. With ,as=HOST behind it, "
             "connections enter at that host"},
            {"only-mapped", 0, NULL, "open only the ports given by --map"},
            {"ports-file", 'p', "FILE", "write the ports there once all are open"},
            {"as", 0, "HOST", "connections enter at this host of the topology"},
            {"at", 0, "HOST", "put the visitor next to this host"},
            {"real", 0, "HOST[:PORT]=ADDRESS:PORT",
             "HOST is a real server at this loopback address; may be given again"},
            {"ca-file", 0, "FILE",
             "write the certificate of the run's authority there, for programs to trust"},
            {"no-tls", 0, NULL, "nobody offers TLS"},
            {"pace", 0, "N", "virtual time runs N times as fast; 1 by default"},
            {"no-latency", 0, NULL, "lines take no time"},
            {"epoch", 0, "T",
             "when the virtual clock starts: Unix seconds or 2026-11-22T10:00:00Z; by "
             "default now"},
            {"seed", 0, "N", "where chance starts; 1 by default"},
            {"idle", 0, "T",
             "end a connection on which nothing has moved for so long in real time; 35min by "
             "default"},
            {"until", 'u', "T", "end at this virtual time"},
            {"for", 0, "T", "end after this real time"},
            {"do", 'd', "ACTION",
             "do this at the start, or at the time in front of it; may be given again"},
            {"script", 's', "FILE", "lines of TIME ACTION; - is standard input"},
            {"demo", 0, NULL, "play the topology's demonstration as well"},
            {"export", 'e', "FILE", "write a file at the end; may be given again"},
            {"message", 'm', "N",
             "the message meant by .eml and pictures; by default the last delivered"},
            {"capture", 0, "LINK|HOST",
             "what .pcapng sees: a link (A:B), a host, or all; may be given again"},
            {"tls-keys", 0, NULL, "put the secrets of TLS into .pcapng"},
            {"window", 'w', NULL, "show it live in the window"},
            {"theme", 't', "NAME", "of the window: light, dark or projector"},
            {"language", 0, "CODE", "of the window: en, de or es"},
            {"size", 0, "WxH", "of the window; 1280x800 by default"},
            {"verbose", 'v', NULL, "say what happens, also when not on a terminal"},
        },
};

const struct command command_telnet = {
    .name = "telnet",
    .operands = "TOPOLOGY HOST:PORT",
    .summary = "speak to a server of a topology by hand",
    .operands_least = 2,
    .operands_most = 3,
    .run = telnet_command,
    .description =
        "Connects to a port of a host inside the world that TOPOLOGY describes, without any "
        "socket: each line that is typed, or that comes from a pipe, goes to the server with "
        "its line end, and what the server answers is printed. Virtual time leaps to the "
        "answer, and no further. The end of the input closes the connection. A STARTTLS or "
        "STLS that the "
        "server grants is followed by its handshake.\n"
        "\n"
        "The connection comes from a host named visitor on a line to the host that has the "
        "most lines, or with --as from a host of the topology. HOST and PORT may also be two "
        "words.",
    .examples = "mailflow telnet two-towns mx1:25\ta person plays a mail client\n"
                "printf 'EHLO me\\nQUIT\\n' | mailflow telnet two-towns mx1:25 --as pc-alice\ta "
                "script does\n",
    .options =
        {
            {"as", 0, "HOST", "connect from this host of the topology"},
            {"tls", 0, NULL, "TLS from the first octet, as on ports 465, 993 and 995"},
            {"do", 'd', "ACTION", "do this first; may be given again"},
            {"seed", 0, "N", "where chance starts; 1 by default"},
            {"format", 'f', "FORMAT",
             "print the trace in the end: ladder, dialogue, events, summary, json"},
            {"export", 'e', "FILE", "write a file at the end; may be given again"},
            {"message", 'm', "N",
             "the message meant by .eml and pictures; by default the last delivered"},
            {"capture", 0, "LINK|HOST",
             "what .pcapng sees: a link (A:B), a host, or all; may be given again"},
            {"tls-keys", 0, NULL, "put the secrets of TLS into .pcapng"},
            {"width", 'w', "N", "columns of the ladder"},
            {"ascii", 0, NULL, "draw with ASCII only, whatever the locale says"},
        },
};
