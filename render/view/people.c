#include "render/view/people.h"

#include "render/view/doing.h"

uint32_t people_next(const struct view *view, uint32_t place)
{
    for (place++; place <= log_place_count(view->log); place++) {
        const struct event_agent *agent = doing_agent(view, place);
        if (agent && agent->user && scene_is_there(&view->scene, place) &&
            (doing_has_role(view, place, "mua") || doing_has_role(view, place, "browser")))
            return place;
    }
    return 0;
}

uint32_t people_at(const struct view *view, uint32_t host)
{
    uint32_t place = 0;
    while (host && (place = people_next(view, place)))
        if (log_host_of(view->log, place) == host)
            return place;
    return 0;
}

struct slice people_user(const struct view *view, uint32_t place)
{
    const struct event_agent *agent = doing_agent(view, place);
    return agent ? log_text(view->log, agent->user) : SLICE("");
}

bool people_is_repeated(const struct view *view, uint32_t place)
{
    uint32_t other = 0;
    while ((other = people_next(view, other)) && other < place)
        if (slice_equal_fold(people_user(view, other), people_user(view, place)))
            return true;
    return false;
}

struct slice people_author(const struct view *view, uint32_t place)
{
    if (people_is_repeated(view, place) && doing_has_role(view, place, "mua"))
        return scene_place_id(&view->scene, place);
    return people_user(view, place);
}

struct slice people_other(const struct view *view, struct slice author)
{
    uint32_t place = 0;
    while ((place = people_next(view, place)))
        if (!slice_equal_fold(people_user(view, place), author))
            return people_user(view, place);
    return SLICE("");
}
