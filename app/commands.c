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
            "Actions are, for example: send from=A to=B[,C] [cc=D] [subject=TEXT] [body=TEXT] "
            "[attach=NAME:OCTETS]; fetch by=AGENT|HOST|ADDRESS; reply, forward, read, flag, "
            "move, delete by=A message=N; browse by=A page=inbox; robot NAME count=N; "
            "fault ID on|off; fault KIND TARGET on|off [key=value]; set AGENT key=value; "
            "dns add|remove NAME TYPE DATA; user add|remove ADDRESS; flush AT; cut A:B; "
            "type HOST text=\"LINE\\n\" at its console; and for "
            "the topology itself host add|remove|rename|move|set ID, agent add HOST ID role=ROLE, "
            "agent remove ID, link add|remove|set A:B, admd add|remove ID. "
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
                {"faults", 0, "PROFILE",
                 "instead of the demonstration the run of a campaign with this seed"},
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
        .operands = "[TOPOLOGY|LESSON|TRACE]",
        .summary = "open the window",
        .operands_least = 0,
        .operands_most = 1,
        .run = open_command,
        .description =
            "Opens the window on a topology, which plays its demonstration and takes more mail, "
            "faults and changes, or on a saved trace. Without a word it shows what can be opened. "
            "Press ? in the window for its keys.\n"
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
                    "mailflow open two-towns --script tour.ui\ta demonstration that runs by "
                    "itself\n",
        .options =
            {
                {"seed", 0, "N", "where chance starts; 1 by default"},
                {"faults", 0, "PROFILE",
                 "instead of the demonstration the run of a campaign with this seed"},
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
    },
    {
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
        .examples =
            "mailflow render two-towns --at 300ms -o first.png\tthe message on its way\n"
            "mailflow render first.jsonl --message 1 --theme projector -o slide.svg\twhere it "
            "ended, for a slide\n"
            "mailflow render two-towns --script tour.ui\tpictures and checks of a tour\n",
        .options =
            {
                {"output", 'o', "FILE", "where to: .png or .svg; needed without --script"},
                {"script", 's', "FILE", "play this; - is standard input"},
                {"at", 'a', "T", "the moment; by default the end"},
                {"message", 'm', "N", "choose this message; without --at, the moment it arrives"},
                {"size", 0, "WxH", "of the picture; 1280x800 by default"},
                {"scale", 0, "N", "pixels of a PNG for each of these units, 1 to 4"},
                {"theme", 't', "NAME", "light, dark or projector"},
                {"language", 0, "CODE", "en, de or es; by default en"},
                {"seed", 0, "N", "where chance starts; 1 by default"},
                {"faults", 0, "PROFILE",
                 "instead of the demonstration the run of a campaign with this seed"},
            },
    },
    {
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
                {"window", 'w', NULL, "show it live in the window"},
                {"theme", 't', "NAME", "of the window: light, dark or projector"},
                {"language", 0, "CODE", "of the window: en, de or es"},
                {"size", 0, "WxH", "of the window; 1280x800 by default"},
                {"verbose", 'v', NULL, "say what happens, also when not on a terminal"},
            },
    },
    {
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
        .examples =
            "mailflow telnet two-towns mx1:25\ta person plays a mail client\n"
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
                {"width", 'w', "N", "columns of the ladder"},
                {"ascii", 0, NULL, "draw with ASCII only, whatever the locale says"},
            },
    },
    {
        .name = "lesson",
        .operands = "list|show|play|check|solve|new [LESSON]",
        .summary = "a lesson in the terminal: read it, take it, have it judged",
        .operands_least = 1,
        .operands_most = 2,
        .run = lesson_command,
        .description =
            "list names the lessons. show prints all of one: steps, questions, what is to be "
            "reached, notes for the teacher. play takes it as a dialogue: it says what to do, and "
            "each line that is typed is an answer or an action in the simulated network (help says "
            "which); what was done is kept in a work file as it goes, and the next play goes on "
            "there. check runs a lesson's own solution, its other ways and its mistakes, and says "
            "whether each gets what it should; with --work it runs a learner's work anew and "
            "judges what happens, whatever the file claims. solve prints the lines that solve it. "
            "new writes a small lesson to start from.\n"
            "\n"
            "LESSON is an id such as L07, or a file.",
        .examples =
            "mailflow lesson play L07\ttake lesson 7\n"
            "mailflow lesson solve L07 | mailflow lesson play L07 --work w.json\twatch it solved\n"
            "mailflow lesson check L07 --work amir.json\twhat is this work worth?\n",
        .options =
            {
                {"work", 'w', "FILE", "where the work is kept, or the work that is judged"},
                {"learner", 'l', "CODE", "the code that the teacher gave out, for a new work"},
                {"seed", 0, "N", "where chance starts; 1 by default"},
                {"output", 'o', "FILE", "of new: the file to write; by default LESSON.json"},
            },
    },
    {
        .name = "quiz",
        .operands = "list|ask|grade|export [FILE...]",
        .summary = "questions asked and exported, work of learners graded",
        .operands_least = 1,
        .operands_most = COMMAND_OPERANDS_MANY,
        .run = quiz_command,
        .description =
            "list names the topics, or with --topic or --lesson the questions. ask asks a round of "
            "them, judges each answer and says why; what was wrong comes back first in the next "
            "round, what was right after some days. With --work the answers are kept in a work "
            "file to be handed in. With files it asks from these banks.\n"
            "\n"
            "grade takes work files, of lessons and of questions, does again what they say was "
            "done, and judges what happens: no score in a file is ever read. --csv results.csv "
            "writes results-steps.csv, results-checks.csv and results-quiz.csv. A file that is "
            "none of ours is one line, and the status is 1.\n"
            "\n"
            "export writes all questions with their keys for a learning platform: gift and "
            "moodle-xml are files for Moodle, qti is a folder (IMS QTI 2.2). docs/quiz.md says "
            "how they are imported, and how a question is changed.",
        .examples =
            "mailflow quiz ask --topic push-pull\tten questions about push and pull\n"
            "mailflow quiz ask --lesson L07 --work amir.json --learner A17\tkept, to be handed in\n"
            "mailflow quiz grade work/*.json --csv results.csv\tmark a class\n"
            "mailflow quiz export --format moodle-xml -o mailflow.xml\tfor a Moodle course\n",
        .options =
            {
                {"topic", 't', "TOPIC", "only questions about this; mailflow quiz list has them"},
                {"lesson", 0, "LESSON", "only questions of this lesson: L07"},
                {"count", 'n', "N", "how many to ask; 10 by default"},
                {"seed", 0, "N", "which and in which order; by default other ones each time"},
                {"work", 'w', "FILE", "keep the answers in this work file"},
                {"learner", 'l', "CODE", "the code that the teacher gave out, for a new work file"},
                {"csv", 0, "FILE", "of grade: where the results go"},
                {"jobs", 'j', "J", "of grade: processes; by default one a processor"},
                {"format", 'f', "FORMAT", "of export: gift, moodle-xml or qti"},
                {"output", 'o', "FILE", "of export: the file, or for qti the folder"},
            },
    },
    {
        .name = "pack",
        .operands = "[LESSON]...",
        .summary = "lessons and questions without their keys, for students",
        .operands_least = 0,
        .operands_most = COMMAND_OPERANDS_MANY,
        .run = pack_command,
        .description =
            "Writes a folder of lessons with their questions, all of them or those that are named, "
            "that play as they do and tell nobody the right answer: no right, fb, answer, tol, "
            "slips, model, keys, pass, when and proof, no solutions, other ways and notes. What is "
            "answered is kept in the work file, and who grades it with the whole lessons gets what "
            "it is worth. A folder that is not such a pack is never written into.",
        .examples = "mailflow pack --student -o week7 L07 L08\ttwo lessons and their questions\n"
                    "mailflow lesson play week7/lessons/L07.json --work amir.json\tas a student\n"
                    "mailflow quiz grade amir.json\tas the teacher, with the whole lesson\n",
        .options =
            {
                {"student", 0, NULL, "without keys: the only way of packing there is"},
                {"output", 'o', "FOLDER", "where to; student by default"},
            },
    },
    {
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
    },
    {
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
    },
    {
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
            "(playing at 1920x1080: a whole picture, and only what has changed; a leap to any "
            "moment; at two towns, a star of 1,000 hosts, a million events and internet-100). "
            "With names, only these groups.",
        .examples = "mailflow bench mail\tmessages and events a second, octets of trace a message\n"
                    "mailflow bench smtp_session imap_session\tthese two\n",
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
    },
};
const size_t command_row_count = sizeof command_rows / sizeof *command_rows;
