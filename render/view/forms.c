/* Settings of agents, and faults with their details, as forms. */
#include "render/view/forms.h"

#include "render/view/doing.h"
#include "render/view/field_words.h"
#include "render/view/words_say.h"

static const struct view_forms *forms_of(const struct view *view)
{
    return view->doing ? view->doing->forms : NULL;
}

const struct view_role *forms_role(const struct view *view, struct slice name)
{
    const struct view_forms *forms = forms_of(view);
    for (size_t i = 0; forms && i < forms->role_count; i++)
        if (slice_equal(name, slice_of(forms->roles[i].name)))
            return &forms->roles[i];
    return NULL;
}

const struct view_fault_kind *forms_fault(const struct view *view, size_t i)
{
    const struct view_forms *forms = forms_of(view);
    return forms && i < forms->fault_count ? &forms->faults[i] : NULL;
}

/* ---- settings ---- */

/* As the file gives it. */
static bool first_setting(const struct view *view, uint32_t agent, struct slice key,
                          struct slice *value)
{
    const struct view_forms *forms = forms_of(view);
    struct slice id = log_place_name_at(view->log, agent, 0);
    for (size_t i = 0; forms && i < forms->value_count; i++) {
        const struct view_value *v = &forms->values[i];
        if (slice_equal(v->agent, id) && slice_equal(v->key, key)) {
            *value = v->value;
            return true;
        }
    }
    return false;
}

/* As it was last changed. */
static bool changed_setting(const struct view *view, uint32_t agent, struct slice key,
                            struct slice *value)
{
    for (uint32_t id = view->scene.now.event_count; id-- > 0;) {
        const struct event_conf *conf = event_as_conf(log_at(view->log, id));
        if (conf && conf->at == agent && slice_equal(log_text(view->log, conf->key), key)) {
            *value = log_text(view->log, conf->value);
            return true;
        }
    }
    return false;
}

bool forms_setting(const struct view *view, uint32_t agent, struct slice key, struct slice *value)
{
    return changed_setting(view, agent, key, value) || first_setting(view, agent, key, value);
}

static void submit_settings(struct view *view, struct sheet *sheet)
{
    sheet_do(view, sheet, SHEET_CHANGED,
             arena_printf(&sheet->arena, "set %.*s", SLICE_ARG(sheet->subject)));
}

/* All settings of an agent in one look back, the last change of each. */
static void fill_settings(struct view *view, struct sheet *sheet, uint32_t agent,
                          const struct view_role *role)
{
    bool is_known[SHEET_ROWS] = {false};
    size_t first = sheet->count;
    for (size_t i = 0; i < role->field_count; i++) {
        struct slice value = slice_of(role->fields[i].fallback);
        (void)first_setting(view, agent, slice_of(role->fields[i].key), &value);
        (void)sheet_add_field(sheet, &role->fields[i], value);
    }
    for (uint32_t id = view->scene.now.event_count; id-- > 0;) {
        const struct event_conf *conf = event_as_conf(log_at(view->log, id));
        for (size_t i = first; conf && conf->at == agent && i < sheet->count; i++) {
            struct sheet_row *row = &sheet->rows[i];
            if (is_known[i] || !slice_equal(log_text(view->log, conf->key), slice_of(row->key)))
                continue;
            is_known[i] = true;
            row->before = log_text(view->log, conf->value);
            ui_edit_set(&row->edit, row->before);
        }
    }
    for (size_t i = first; i < sheet->count; i++)
        sheet->rows[i].is_changed =
            !slice_equal(slice_trim(sheet->rows[i].before), sheet->rows[i].fallback);
}

void forms_settings_act(struct view *view, uint32_t agent)
{
    const struct event_agent *a = doing_agent(view, agent);
    const struct view_role *role = a ? forms_role(view, log_text(view->log, a->role)) : NULL;
    if (!role || role->field_count == 0) {
        view_notify(view, slice_of(role ? tr("This role has no settings")
                                        : tr("The settings of this are not known")));
        return;
    }
    struct slice id = scene_place_id(&view->scene, agent);
    struct sheet *sheet = sheet_begin(view, "", slice_of(tr(role->meaning)), submit_settings);
    sheet->title =
        arena_printf(&sheet->arena, tr("Settings of %.*s (%s)"), SLICE_ARG(id), role->name);
    sheet->subject = arena_copy(&sheet->arena, id);
    sheet->is_of_settings = true;
    fill_settings(view, sheet, agent, role);
    sheet_show(view);
}

/* ---- faults ---- */

static void submit_fault(struct view *view, struct sheet *sheet)
{
    sheet_do(view, sheet, SHEET_GIVEN,
             arena_printf(&sheet->arena, "fault %.*s on", SLICE_ARG(sheet->subject)));
}

const struct view_fault_kind *forms_find_fault(const struct view *view, struct slice name)
{
    const struct view_fault_kind *kind = NULL;
    for (size_t i = 0; (kind = forms_fault(view, i)); i++)
        if (slice_equal(name, slice_of(kind->name)))
            return kind;
    return NULL;
}

static struct slice detail_of(const struct view *view, struct slice id,
                              const struct view_field *field)
{
    const struct view_forms *forms = forms_of(view);
    for (size_t i = 0; forms && id.size && i < forms->detail_count; i++)
        if (slice_equal(forms->details[i].agent, id) &&
            slice_equal(forms->details[i].key, slice_of(field->key)))
            return forms->details[i].value;
    return slice_of(field->fallback);
}

void forms_open_fault(struct view *view, const struct view_fault_kind *kind, struct slice target)
{
    forms_open_offer(view, kind, target, SLICE(""));
}

void forms_open_offer(struct view *view, const struct view_fault_kind *kind, struct slice target,
                      struct slice id)
{
    struct sheet *sheet = sheet_begin(view, "", SLICE(""), submit_fault);
    struct field_words words = field_words(&sheet->arena, kind->name, slice_of(tr(kind->meaning)));
    sheet->title = arena_printf(&sheet->arena, "%.*s \xE2\x80\x93 %.*s", SLICE_ARG(target),
                                SLICE_ARG(field_clause(slice_of(tr(kind->meaning)))));
    sheet->about = WORDS_SAY(&sheet->arena, tr("The fault {name}"), {"name", slice_of(kind->name)});
    if (words.rest.size)
        sheet->about = arena_printf(&sheet->arena, "%.*s: %.*s", SLICE_ARG(sheet->about),
                                    SLICE_ARG(words.rest));
    sheet->subject = arena_printf(&sheet->arena, "%s %.*s", kind->name, SLICE_ARG(target));
    sheet->button = kind->is_once ? TR("Do it") : TR("Switch it on");
    for (size_t i = 0; i < kind->field_count; i++)
        (void)sheet_add_field(sheet, &kind->fields[i], detail_of(view, id, &kind->fields[i]));
    sheet_show(view);
}
