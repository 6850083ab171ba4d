/* What the simulator can do has its place in the window: each setting a row, each fault a menu. */
#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>

#include "app/forms.h"
#include "app/work.h"
#include "render/draw/glyphs.h"
#include "render/view/doing.h"
#include "render/view/menu.h"
#include "render/view/sheet.h"
#include "render/view/state.h"

static const struct view_role *find_role(const struct view_forms *data, const char *name)
{
    for (size_t i = 0; i < data->role_count; i++)
        if (strcmp(data->roles[i].name, name) == 0)
            return &data->roles[i];
    return NULL;
}

/* Settings and faults are below the window, where nothing is translated: their sentences reach the
   catalogs by a file. MAILFLOW_WRITE=1 writes it. */
Test(forms, the_sentences_that_translators_get_are_those_of_the_program)
{
    static const char path[] = SOURCE_DIR "/po/program.txt";
    struct bytes texts, there;
    bytes_init(&texts, SIZE_MAX);
    bytes_init(&there, SIZE_MAX);
    cr_assert(forms_print_texts(&texts));
    if (getenv("MAILFLOW_WRITE")) {
        FILE *out = fopen(path, "wb");
        cr_assert(out);
        fwrite(bytes_slice(&texts).data, 1, bytes_size(&texts), out);
        fclose(out);
    }
    FILE *in = fopen(path, "rb");
    cr_assert(in, "%s is not there", path);
    for (int octet; (octet = getc(in)) != EOF;)
        bytes_append_octet(&there, (char)octet);
    fclose(in);
    cr_expect(slice_equal(bytes_slice(&texts), bytes_slice(&there)),
              "%s is not what the program says: run this test with MAILFLOW_WRITE=1", path);
    bytes_finish(&texts);
    bytes_finish(&there);
}

Test(forms, every_setting_of_every_role_has_a_field_with_its_sentence)
{
    struct forms *forms = forms_create(NULL);
    const struct view_forms *data = forms_data(forms);
    for (size_t i = 0; i < registry_role_count; i++) {
        const struct role *role = registry_roles[i];
        const struct view_role *row = find_role(data, role->name);
        cr_assert_not_null(row, "%s", role->name);
        cr_assert_eq(row->field_count, role->key_count);
        cr_expect_leq(row->field_count, SHEET_ROWS, "%s has room in a form", role->name);
        for (size_t k = 0; k < role->key_count; k++) {
            cr_expect_str_eq(row->fields[k].key, role->keys[k].name);
            cr_expect_gt(strlen(row->fields[k].meaning), 0);
            bool is_choice = role->keys[k].type == CONFIG_BOOL || role->keys[k].type == CONFIG_WORD;
            cr_expect_eq(row->fields[k].words != NULL, is_choice, "%s %s", role->name,
                         role->keys[k].name);
        }
    }
    cr_expect_eq(data->fault_count, 0, "nothing can be done to a trace");
    forms_destroy(forms);
}

static void open_work(struct work *work, const char *path)
{
    struct problem problem = {0};
    const struct source_options options = {.seed = 1};
    cr_assert(work_open(work, path, &options, NULL, false, &problem), "%s", problem.what);
}

Test(forms, values_are_those_that_the_file_gives)
{
    struct work work;
    open_work(&work, SOURCE_DIR "/topologies/t16-imap.json");
    const struct view_forms *data = forms_data(work.forms);
    bool is_found = false;
    for (size_t i = 0; i < data->value_count; i++)
        is_found |= slice_equal(data->values[i].agent, SLICE("mua-pc")) &&
                    slice_equal(data->values[i].key, SLICE("incoming_protocol")) &&
                    slice_equal(data->values[i].value, SLICE("imap"));
    cr_expect(is_found);
    cr_expect_eq(data->person_count, work.live->source.topology.user_count);
    cr_expect_eq(data->record_count, work.live->source.topology.record_count);
    work_close(&work);
}

/* ---- faults ---- */

struct fixture {
    struct work work;
    struct draw_list list;
    struct view *view;
    bool is_seen[100]; /* by kind */
};

static void note(struct fixture *f)
{
    const struct view_forms *data = forms_data(f->work.forms);
    for (size_t i = 0; i < data->fault_count; i++) {
        char name[80];
        snprintf(name, sizeof name, "menu-fault-%s", data->faults[i].name);
        f->is_seen[i] |= ui_find(&f->view->ui, name) != NULL;
    }
}

static void look(struct fixture *f, ui_act *menu, uint32_t about)
{
    menu(f->view, about);
    view_draw(f->view, &f->list, 1920, 1400);
    note(f);
    overlay_close(f->view);
}

/* The menus of every host, link, program and person of a world with all kinds of programs. */
static void look_everywhere(struct fixture *f)
{
    const struct log *log = live_log(f->work.live, 0);
    for (uint32_t place = 1; place <= log_place_count(log); place++) {
        const struct event_agent *agent = event_as_agent(log_place(log, place));
        if (!agent)
            look(f, menu_host_faults, place);
        else
            look(f, menu_agent, place);
        if (agent && agent->user)
            look(f, menu_person, place);
    }
    for (uint32_t link = 1; log_link(log, link); link++)
        look(f, menu_link, link);
}

Test(forms, every_kind_of_fault_is_in_the_menu_of_something)
{
    struct fixture f = {0};
    open_work(&f.work, SOURCE_DIR "/topologies/two-towns.json");
    draw_init(&f.list, NULL, NULL);
    f.view = view_create(live_log(f.work.live, 0));
    const struct view_forms *data = forms_data(f.work.forms);
    view_set_forms(f.view, data);
    view_draw(f.view, &f.list, 1920, 1400);
    look_everywhere(&f);
    cr_assert_eq(data->fault_count, fault_kind_count);
    for (size_t i = 0; i < data->fault_count; i++)
        cr_expect(f.is_seen[i], "%s is in no menu", data->faults[i].name);
    view_destroy(f.view);
    draw_finish(&f.list);
    work_close(&f.work);
}

/* What a form sends, the world understands: the default of each detail is one that it takes. */
Test(forms, the_world_takes_what_the_menus_send)
{
    static const char *const lines[] = {
        "fault host-down mx1 on",
        "fault host-down mx1 off",
        "fault reply mta-mx1 on verb=\"RCPT\"",
        "fault link-cut out:mx1 on",
        "fault mailbox-gone bob@example.org on",
        "set mua-bob pop_delete=\"false\"",
        "delete by=mua-bob message=\"1\"",
        "flag by=mua-bob message=\"1\" flag=Seen off",
        "host add pc-new name=\"pc-new.example.org\" addr=\"203.0.113.77\" x=10 y=20",
        "link add pc-new:mx1",
        "user add dana@example.org",
        "agent add pc-new mua-pc-new role=mua user=\"dana@example.org\" incoming=\"mx1\"",
        "link set out:mx1 latency=\"30\" loss=\"1\"",
        "agent add mx1 tap role=tap link=\"out:mx1\"",
        "host rename pc-new pc-dana name=\"pc-dana.example.org\"",
        "link remove pc-dana:mx1",
        "agent remove mua-pc-new",
        "host remove pc-dana",
        "dns add example.org MX data=\"mx2.example.org\" pref=\"20\"",
        "dns remove example.org MX data=\"mx2.example.org\" pref=20",
        "admd add elm name=\"Elm House\"",
        "admd remove elm",
        "user remove dana@example.org",
        "flush out",
    };
    struct work work;
    open_work(&work, SOURCE_DIR "/topologies/two-towns.json");
    int64_t t = log_end(live_log(work.live, 0));
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct problem problem = {0};
        cr_expect(live_do(work.live, t, slice_of(lines[i]), &problem), "%s: %s", lines[i],
                  problem.what);
    }
    work_close(&work);
}

/* A host with its link and program is one thing to a person: one step does it, and undoes it. */
Test(forms, several_lines_are_one_step)
{
    struct work work;
    struct problem problem = {0};
    struct live_step step;
    open_work(&work, SOURCE_DIR "/topologies/two-towns.json");
    int64_t t = log_end(live_log(work.live, 0));
    struct slice lines =
        SLICE("host add pc-new addr=203.0.113.77 name=pc-new.example.org\n"
              "link add pc-new:mx1\nagent add pc-new mua-new role=mua user=bob@example.org");
    cr_assert(live_do(work.live, t, lines, &problem), "%s", problem.what);
    cr_expect_neq(log_find_place(live_log(work.live, 0), SLICE("mua-new")), 0);
    cr_assert(live_undo(work.live, &step, &problem));
    cr_expect_eq(log_find_place(live_log(work.live, 0), SLICE("pc-new")), 0);
    lines = SLICE("host add pc-new addr=203.0.113.77\nlink add pc-new:nowhere");
    cr_expect(!live_do(work.live, t, lines, &problem), "all or nothing");
    cr_expect_eq(log_find_place(live_log(work.live, 0), SLICE("pc-new")), 0);
    work_close(&work);
}

/* What a lesson has set up is where one begins who wants to try another value. */
Test(forms, the_details_of_a_fault_of_the_palette_can_be_changed)
{
    struct topology topology;
    struct problem problem = {0};
    cr_assert(topology_load(&topology, SOURCE_DIR "/topologies/backup-mx.json", &problem), "%s",
              problem.what);
    struct forms *forms = forms_create(&topology);
    struct world *world = world_create(&topology, &(struct world_options){.seed = 1});
    struct view *view = view_create(world_log(world));
    struct glyphs *glyphs = glyphs_create();
    struct draw_list list;
    struct view_request request;
    draw_init(&list, glyphs_measure, glyphs);
    view_set_forms(view, forms_data(forms));
    faults_act(view, 0);
    view_draw(view, &list, 1280, 800);
    cr_assert(view_press_widget(view, "change-bob-unknown"));
    view_draw(view, &list, 1280, 800);
    const struct sheet *sheet = &view->doing->sheet;
    cr_expect(slice_equal(sheet_value(sheet, "rcpt"), SLICE("bob@example.org")));
    cr_expect(slice_equal(sheet_value(sheet, "code"), SLICE("550")));
    cr_expect(slice_equal(sheet_value(sheet, "esc"), SLICE("5.1.1")));
    cr_assert(view_press_widget(view, "form-do"));
    cr_assert(view_take_request(view, &request));
    cr_expect(
        slice_ends(slice_of(request.text), SLICE(" on rcpt=\"bob@example.org\" esc=\"5.1.1\"")),
        "%s", request.text);
    view_destroy(view);
    draw_finish(&list);
    glyphs_destroy(glyphs);
    world_destroy(world);
    forms_destroy(forms);
    topology_finish(&topology);
}
