/* The subcommands for classes: their options and texts. */
#include "app/commands.h"

const struct command command_lesson = {
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
        "mailflow lesson play L07 --export l07.html\ta page to show what was done\n"
        "mailflow lesson check L07 --work amir.json\twhat is this work worth?\n",
    .options =
        {
            {"work", 'w', "FILE", "where the work is kept, or the work that is judged"},
            {"learner", 'l', "CODE", "the code that the teacher gave out, for a new work"},
            {"seed", 0, "N", "where chance starts; 1 by default"},
            {"export", 'e', "FILE",
             "of play: write a file at the end, such as page.html; may be given again"},
            {"output", 'o', "FILE", "of new: the file to write; by default LESSON.json"},
        },
};

const struct command command_quiz = {
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
};

const struct command command_pack = {
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
};
