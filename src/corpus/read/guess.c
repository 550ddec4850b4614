#include "corpus/read/guess.h"

#include <limits.h>
#include <stdlib.h>

#include "corpus/mapping/guess_names.h"

static bool holds_roles(const lb_field *field) {
    uint64_t values = field->strings;
    return values > 0 && field->roles * 10 >= values * 9 && field->distinct <= 8;
}

static bool suits(const lb_field *field, size_t slot) {
    uint64_t scalars = field->strings + field->numbers + field->booleans;
    switch (slot) {
    case LB_SLOT_ROLE:
        return holds_roles(field);
    case LB_SLOT_TIME:
        return field->dates > 0 && field->dates * 2 >= scalars;
    case LB_SLOT_TEXT:
        return field->strings > 0 || (field->containers > 0 && field->path.count > 1);
    case LB_SLOT_USER:
        return field->strings + field->numbers > 0 && !holds_roles(field);
    default:
        return field->strings + field->numbers > 0;
    }
}

/* A field inside an array can stand for a message's only where the text is in the same array. */
static bool is_reachable(const lb_field *field, const lb_field *text) {
    size_t last = 0;
    for (size_t i = 0; i < field->path.count; i++)
        if (field->path.steps[i].kind != LB_STEP_FIELD)
            last = i + 1;
    return last == 0 || (text && lb_path_begins(text->path, (lb_path){field->path.steps, last}));
}

/* A name that other things have as well counts only where values or a text beside it bear it out:
 * a title, a question, a chatMessage read like sentences; a name is one of a person who writes. */
static bool is_borne_out(const lb_field *field, size_t slot, unsigned cost, const lb_field *text) {
    if (cost < LB_NAME_COMMON)
        return true;
    if (slot == LB_SLOT_TEXT)
        return field->prose * 4 >= field->strings + field->numbers || field->containers > 0;
    return slot != LB_SLOT_USER || text;
}

/* Least is best: deep in the record counts for little, the place in the list of names for more. A
 * user of the turn is better than one of the record. */
static const lb_field *best_field(const lb_catalogue *catalogue, size_t slot,
                                  const lb_field *text) {
    size_t count;
    const lb_field *fields = lb_catalogue_fields(catalogue, &count), *best = NULL;
    size_t least = SIZE_MAX;
    for (size_t i = 0; i < count; i++) {
        const lb_field *field = &fields[i];
        unsigned cost;
        if (!suits(field, slot) || lb_path_iterations(field->path) > 1 || field->path.count > 4 ||
            (slot != LB_SLOT_TEXT && !is_reachable(field, text)) || field == text)
            continue;
        /* An id belongs to the message only if it stands beside the text. */
        if ((slot == LB_SLOT_MESSAGE || slot == LB_SLOT_REPLY_TO) &&
            !(text && lb_path_is_beside(field->path, text->path)))
            continue;
        if (!lb_name_fits(field->path, (lb_slot)slot, &cost) ||
            !is_borne_out(field, slot, cost, text))
            continue;
        if (cost + field->path.count * 16 < least) {
            least = cost + field->path.count * 16;
            best = field;
        }
    }
    return best;
}

/* A field whose name is that of a time and whose values read like one, though no reader of times
 * understands them ("yesterday 5", "31/31/2024"): it is the time, so that what is not understood is
 * counted. Numbers that are none of our days are something else: a length, a place in a video. */
static const lb_field *time_not_understood(const lb_catalogue *catalogue, const lb_field *text) {
    size_t count;
    const lb_field *fields = lb_catalogue_fields(catalogue, &count), *best = NULL;
    unsigned least = UINT_MAX;
    for (size_t i = 0; text && i < count; i++) {
        const lb_field *f = &fields[i];
        uint64_t filled = lb_field_filled(f), said;
        unsigned cost;
        if (f == text || lb_path_iterations(f->path) > 1 || f->path.count > 4 ||
            !is_reachable(f, text) || !lb_name_fits(f->path, LB_SLOT_TIME, &cost))
            continue;
        said =
            lb_name_is_of_time(f->path) ? filled - f->figures - f->booleans : f->dates + f->digits;
        if (said == 0 || said * 2 < filled || cost >= least)
            continue;
        best = f;
        least = cost;
    }
    return best;
}

/* Where no name says it, values do: of the fields that hold sentences, few of them twice, the text
 * is the one with the longest. */
static const lb_field *text_by_values(const lb_catalogue *catalogue) {
    enum { SENTENCE = 20 };
    size_t count;
    const lb_field *fields = lb_catalogue_fields(catalogue, &count), *best = NULL;
    for (size_t i = 0; i < count; i++) {
        const lb_field *f = &fields[i];
        uint64_t scalars = f->strings + f->numbers + f->booleans;
        if (lb_path_iterations(f->path) > 1 || f->path.count > 4 || f->strings == 0 ||
            f->prose * 10 < scalars * 6 || f->keys * 3 >= scalars ||
            f->bytes < SENTENCE * scalars ||
            (f->distinct < LB_DISTINCT_MAX && f->distinct * 2 < scalars))
            continue;
        if (!best ||
            f->bytes * (best->strings + best->numbers) > best->bytes * (f->strings + f->numbers))
            best = f;
    }
    return best;
}

/* The user is the first field of short values of which each stands several times, an id before
 * others; not what by its name is shared by many. */
static const lb_field *user_by_values(const lb_catalogue *catalogue, const lb_mapping_key *taken,
                                      const lb_field *text) {
    enum { LONGEST = 64 };
    size_t count;
    const lb_field *fields = lb_catalogue_fields(catalogue, &count), *best = NULL;
    bool best_is_key = false;
    for (size_t i = 0; i < count; i++) {
        const lb_field *f = &fields[i];
        uint64_t scalars = f->strings + f->numbers;
        bool key = lb_name_is_of_key(f->path);
        if (f == text || scalars == 0 || f->booleans > 0 || f->dates * 2 > scalars ||
            holds_roles(f) || f->distinct < 2 || f->distinct * 2 > scalars ||
            f->bytes > scalars * LONGEST || f->prose * 2 > scalars ||
            (f->numbers > 0 && !key && f->distinct < LB_DISTINCT_MAX / 10) ||
            lb_name_is_of_attribute(f->path) || lb_path_iterations(f->path) > 1 ||
            !is_reachable(f, text))
            continue;
        bool mapped = false;
        for (size_t slot = 0; slot < LB_SLOTS; slot++)
            mapped = mapped ||
                     (taken[slot].count > 0 && strcmp(taken[slot].paths[0], f->name.data) == 0);
        if (!mapped && (!best || (key && !best_is_key))) {
            best = f;
            best_is_key = key;
        }
    }
    return best;
}

/* The first field whose every value is a point in time. */
static const lb_field *time_by_values(const lb_catalogue *catalogue, const lb_field *text) {
    size_t count;
    const lb_field *fields = lb_catalogue_fields(catalogue, &count);
    for (size_t i = 0; i < count; i++) {
        uint64_t scalars = fields[i].strings + fields[i].numbers + fields[i].booleans;
        if (fields[i].dates > 0 && fields[i].dates == scalars &&
            lb_path_iterations(fields[i].path) <= 1 && is_reachable(&fields[i], text))
            return &fields[i];
    }
    return NULL;
}

static const lb_field *by_values(const lb_source_state *source, lb_slot slot,
                                 const lb_field *text) {
    const lb_mapping_key *keys = source->mapping.keys;
    if (slot == LB_SLOT_TEXT)
        return text_by_values(source->catalogue);
    if (!text) /* a plain table: every record may be a person */
        return NULL;
    if (slot == LB_SLOT_TIME)
        return time_by_values(source->catalogue, text);
    return slot == LB_SLOT_USER ? user_by_values(source->catalogue, keys, text) : NULL;
}

int lb_source_guess(lb_source_state *source, lb_arena *arena, lb_error *error) {
    static const lb_slot order[] = {LB_SLOT_TEXT,    LB_SLOT_ROLE, LB_SLOT_CONVERSATION,
                                    LB_SLOT_MESSAGE, LB_SLOT_TIME, LB_SLOT_REPLY_TO,
                                    LB_SLOT_USER};
    const lb_field *text = NULL;
    lb_mapping_key *keys = source->mapping.keys;
    if (keys[LB_SLOT_TEXT].count > 0) {
        lb_path path;
        int status = lb_path_parse(&path, keys[LB_SLOT_TEXT].paths[0], "--map", arena, error);
        if (status < 0)
            return status;
        text = lb_catalogue_find(source->catalogue, keys[LB_SLOT_TEXT].paths[0], path);
    }
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        lb_mapping_key *key = &keys[order[i]];
        if (key->origin != LB_ORIGIN_NONE)
            continue;
        const lb_field *field = best_field(source->catalogue, order[i], text);
        if (!field && order[i] == LB_SLOT_TIME)
            field = time_not_understood(source->catalogue, text);
        key->by_values = !field;
        if (!field)
            field = by_values(source, order[i], text);
        if (!field)
            continue;
        key->paths[0] = field->name.data;
        key->count = 1;
        key->origin = LB_ORIGIN_GUESSED;
        if (order[i] == LB_SLOT_TEXT)
            text = field;
    }
    return LB_OK;
}

/* How much an element looks like a message: a point for each of user, text and time among its
 * attributes and children. */
static size_t likeness(const lb_field *fields, size_t count, const lb_field *element) {
    bool user = false, text = element->strings > 0, time = false, any = text;
    for (size_t i = 0; i < count; i++) {
        const lb_path path = fields[i].path;
        if (path.count != element->path.count + 1 || !lb_path_begins(path, element->path))
            continue;
        lb_str name = path.steps[path.count - 1].name;
        any = true;
        user = user || lb_name_fits_alone(name, LB_SLOT_USER);
        time = time || lb_name_fits_alone(name, LB_SLOT_TIME);
        text =
            text || lb_name_fits_alone(name, LB_SLOT_TEXT) || lb_str_equal(name, LB_STR("text()"));
    }
    return any + 2 * ((size_t)user + text + time);
}

const lb_field *lb_record_guess(const lb_catalogue *catalogue) {
    size_t count, most = 0;
    const lb_field *fields = lb_catalogue_fields(catalogue, &count), *best = NULL;
    for (size_t i = 0; i < count; i++) {
        lb_str name = fields[i].path.steps[fields[i].path.count - 1].name;
        if (name.data[0] == '@' || lb_str_equal(name, LB_STR("text()")))
            continue;
        uint64_t times = fields[i].strings + fields[i].containers;
        size_t points = likeness(fields, count, &fields[i]) * 4 + (times > 1);
        if (points > 4 && points > most) {
            most = points;
            best = &fields[i];
        }
    }
    return best;
}
