#include "corpus/open.h"

#include <stdio.h>

#include "base/nearest.h"
#include "corpus/aside.h"
#include "corpus/doubts.h"
#include "corpus/input/rows.h"
#include "corpus/join.h"
#include "corpus/read/guess.h"
#include "corpus/read/look.h"
#include "corpus/value/skip.h"
#include "corpus/warnings.h"

static int fail_memory(lb_error *error) {
    return lb_fail_memory(error, "opening a corpus");
}

static int unknown_key(const char *given, size_t size, lb_error *error) {
    const char *nearest = NULL;
    unsigned least = UINT32_MAX;
    for (size_t i = 0; i < LB_KEYS; i++) {
        unsigned distance = lb_edit_distance(lb_str_of(lb_key_names[i]), (lb_str){given, size});
        if (lb_key_is_public(i) && distance < least) {
            least = distance;
            nearest = lb_key_names[i];
        }
    }
    char mend[LB_ERROR_MEND_MAX];
    snprintf(mend, sizeof mend,
             "did you mean %s? keys are record, user, conversation, message, reply_to, role, time, "
             "text, consent",
             nearest);
    return lb_fail(error, LB_E_USAGE, "--map", mend, "there is no key \"%.*s\"", (int)size, given);
}

static int apply_map(lb_source_state *source, const char *map, lb_error *error) {
    size_t size = strcspn(map, "=");
    if (!map[size])
        return lb_fail(error, LB_E_USAGE, "--map",
                       "write it as KEY=PATH, for example user=author.id", "\"%s\" has no =", map);
    for (size_t i = 0; i < LB_KEYS; i++) {
        if (!lb_key_is_public(i) || strlen(lb_key_names[i]) != size ||
            strncmp(lb_key_names[i], map, size) != 0)
            continue;
        const char *path = map + size + 1;
        if (i == LB_KEY_RECORD && source->container == LB_CONTAINER_SQLITE)
            return LB_OK; /* the table, which is chosen already */
        source->mapping.keys[i] =
            (lb_mapping_key){.paths = {path}, .count = path[0] != '\0', .origin = LB_ORIGIN_GIVEN};
        return LB_OK;
    }
    return unknown_key(map, size, error);
}

bool lb_source_has_field(const lb_source_state *source, const char *name, lb_arena *arena) {
    if (strcmp(name, "file()") == 0 || strcmp(name, "folder()") == 0)
        return true;
    if (source->join && lb_join_has_field(source->join, name))
        return true;
    const char *plain = strncmp(name, "$.", 2) == 0 ? name + 2 : name;
    size_t size = strlen(plain);
    if (size > 6 && strncmp(plain, "file(", 5) == 0)
        for (size_t i = 0; i < source->mapping.file_field_count; i++)
            if (lb_str_equal(lb_str_of(source->mapping.file_fields[i]),
                             (lb_str){plain + 5, size - 6}))
                return true;
    return lb_source_field(source, name, arena) != NULL;
}

/* A field that the user named must be in the head of one input at least. */
static int check_field(lb_corpus *corpus, const char *name, const char *where, lb_error *error) {
    const lb_field *nearest = NULL;
    for (size_t i = 0; i < corpus->source_count; i++) {
        if (lb_source_has_field(&corpus->sources[i], name, corpus->arena))
            return LB_OK;
        if (!nearest)
            nearest = lb_catalogue_nearest(corpus->sources[i].catalogue, name);
    }
    char mend[LB_ERROR_MEND_MAX];
    snprintf(mend, sizeof mend, "did you mean %.*s? `linkback inspect` lists the fields",
             nearest ? (int)nearest->name.size : 7, nearest ? nearest->name.data : "another");
    return lb_fail(error, LB_E_USAGE, where, mend, "no record at the head of %s has a field \"%s\"",
                   corpus->source_count == 1 ? corpus->sources[0].facts.path : "the inputs", name);
}

static int add_attribute(lb_corpus *corpus, const char *name, lb_attribute_use use,
                         lb_error *error) {
    for (size_t i = 0; i < corpus->attribute_count; i++)
        if (corpus->attributes[i].use == use && strcmp(corpus->attributes[i].name, name) == 0)
            return LB_OK;
    void *grown = lb_grow(corpus->attributes, &corpus->attribute_capacity,
                          corpus->attribute_count + 1, sizeof(lb_attribute), error);
    if (!grown)
        return LB_E_RESOURCE;
    corpus->attributes = grown;
    const char *copy = lb_arena_copy(corpus->arena, name, strlen(name));
    if (!copy)
        return fail_memory(error);
    corpus->attributes[corpus->attribute_count++] = (lb_attribute){copy, use};
    return LB_OK;
}

static int add_given(lb_corpus *corpus, const char *const *names, size_t count,
                     lb_attribute_use use, const char *option, lb_error *error) {
    int status = LB_OK;
    for (size_t i = 0; status == LB_OK && i < count; i++) {
        status = check_field(corpus, names[i], option, error);
        if (status == LB_OK)
            status = add_attribute(corpus, names[i], use, error);
    }
    return status;
}

/* Fields that a format names but the data do not have are left out. */
static int add_of_formats(lb_corpus *corpus, bool sensitive, lb_error *error) {
    int status = LB_OK;
    for (size_t i = 0; i < corpus->source_count; i++) {
        const lb_source_state *source = &corpus->sources[i];
        lb_strings names =
            sensitive ? source->format->sensitive : source->format->quasi_identifiers;
        for (size_t j = 0; status == LB_OK && j < names.count; j++)
            if (lb_source_has_field(source, names.items[j], corpus->arena))
                status = add_attribute(
                    corpus, names.items[j],
                    sensitive ? LB_ATTRIBUTE_SENSITIVE : LB_ATTRIBUTE_QUASI_IDENTIFIER, error);
    }
    return status;
}

static int choose_attributes(lb_corpus *corpus, const lb_corpus_options *o, lb_error *error) {
    int status = o->quasi_identifiers_set || o->quasi_identifier_count > 0
                     ? add_given(corpus, o->quasi_identifiers, o->quasi_identifier_count,
                                 LB_ATTRIBUTE_QUASI_IDENTIFIER, "--qi", error)
                     : add_of_formats(corpus, false, error);
    if (status == LB_OK)
        status = o->sensitive_set || o->sensitive_count > 0
                     ? add_given(corpus, o->sensitive, o->sensitive_count, LB_ATTRIBUTE_SENSITIVE,
                                 "--sensitive", error)
                     : add_of_formats(corpus, true, error);
    if (status == LB_OK && o->weight)
        status = add_given(corpus, &o->weight, 1, LB_ATTRIBUTE_WEIGHT, "--weight", error);
    for (size_t i = 0; status == LB_OK && i < corpus->source_count; i++) {
        const lb_mapping_key *consent = &corpus->sources[i].mapping.keys[LB_KEY_CONSENT];
        if (consent->count > 0)
            status = add_attribute(corpus, consent->paths[0], LB_ATTRIBUTE_CONSENT, error);
    }
    return status;
}

static int warn_of_guess(lb_corpus *corpus, const lb_source_state *source, lb_error *error) {
    lb_buffer text = {0};
    int status = LB_OK;
    bool any = false;
    for (size_t i = 0; status == LB_OK && i < LB_KEYS; i++) {
        const lb_mapping_key *key = &source->mapping.keys[i];
        if (key->origin != LB_ORIGIN_GUESSED)
            continue;
        status = lb_buffer_printf(&text, error, "%s%s = %s%s", any ? ", " : lb_fields_guessed,
                                  lb_key_names[i], key->paths[0],
                                  key->by_values ? " (by its values)" : "");
        any = true;
    }
    static const char end[] = "; override a guess with --map KEY=PATH.";
    if (status == LB_OK && any)
        status = lb_buffer_append(&text, end, sizeof end - 1, error);
    if (status == LB_OK && any)
        status = lb_corpus_warn(corpus, text.data, text.size, error);
    lb_buffer_free(&text);
    return status;
}

/* Which of two numbers is the month? What the head shows for sure, else the habit of those who
 * write AM and PM. */
static int settle_dates(lb_corpus *corpus, lb_source_state *source, lb_error *error) {
    const lb_mapping_key *time = &source->mapping.keys[LB_SLOT_TIME];
    uint64_t first = 0, second = 0, either = 0, half_days = 0;
    for (size_t i = 0; i < time->count; i++) {
        lb_path path;
        if (lb_path_parse(&path, time->paths[i], "time", corpus->arena, NULL) < 0)
            continue;
        const lb_field *field = lb_catalogue_find(source->catalogue, time->paths[i], path);
        if (!field)
            continue;
        first += field->day_first;
        second += field->day_second;
        either += field->day_either;
        half_days += field->half_days;
    }
    source->month_first = first != second ? second > first : half_days > 0;
    if (either == 0 || first + second > 0)
        return LB_OK;
    const char *text = source->month_first
                           ? "Dates such as 3/4/2023 can be read both ways; the month was taken to "
                             "be first, as AM and PM suggest."
                           : "Dates such as 3/4/2023 can be read both ways; the day was taken to "
                             "be first.";
    return lb_corpus_warn(corpus, text, strlen(text), error);
}

static int complete_mapping(lb_corpus *corpus, lb_source_state *source, const lb_corpus_options *o,
                            lb_error *error) {
    int status = LB_OK;
    for (size_t i = 0; status == LB_OK && i < o->map_count; i++)
        status = apply_map(source, o->maps[i], error);
    if (status == LB_OK)
        status = lb_source_choose_record(source, corpus->arena, error);
    if (status == LB_OK && source->format->generic)
        status = lb_source_guess(source, corpus->arena, error);
    for (size_t i = 0; status == LB_OK && i < LB_KEYS; i++)
        for (size_t j = 0; j < source->mapping.keys[i].count; j++)
            if (!(source->mapping.keys[i].paths[j] =
                      lb_source_column(source, source->mapping.keys[i].paths[j], corpus->arena)))
                return fail_memory(error);
    if (status == LB_OK)
        status = settle_dates(corpus, source, error);
    return status < 0 ? status : warn_of_guess(corpus, source, error);
}

static int check_maps(lb_corpus *corpus, const lb_corpus_options *o, lb_error *error) {
    for (size_t i = 0; i < o->map_count; i++) {
        const char *path = strchr(o->maps[i], '=') + 1;
        lb_path parsed;
        if (path[0] == '\0' || strncmp(o->maps[i], "record=", 7) == 0)
            continue;
        int status = lb_path_parse(&parsed, path, "--map", corpus->arena, error);
        if (status == LB_OK)
            status = check_field(corpus, path, "--map", error);
        if (status < 0)
            return status;
    }
    return LB_OK;
}

/* A format may name a user that this release of the data set does not have. */
static bool has_user(const lb_corpus *corpus, const lb_source_state *source) {
    const lb_mapping_key *user = &source->mapping.keys[LB_SLOT_USER];
    for (size_t i = 0; i < user->count; i++)
        if (lb_source_has_field(source, user->paths[i], corpus->arena))
            return true;
    return false;
}

static int choose_unit(lb_corpus *corpus, lb_unit wanted, lb_error *error) {
    bool user = false;
    for (size_t i = 0; i < corpus->source_count; i++) {
        user = user || has_user(corpus, &corpus->sources[i]);
        corpus->has_text =
            corpus->has_text || corpus->sources[i].mapping.keys[LB_SLOT_TEXT].count > 0;
    }
    corpus->unit = wanted;
    if (wanted == LB_UNIT_USER && !user)
        return lb_fail(error, LB_E_USAGE, "--unit user",
                       "name the field with --map user=PATH, or use --unit conversation",
                       "no field of the inputs names the user");
    if (wanted != LB_UNIT_AUTO)
        return LB_OK;
    corpus->unit = user ? LB_UNIT_USER : corpus->has_text ? LB_UNIT_CONVERSATION : LB_UNIT_RECORD;
    const char *text = NULL;
    if (corpus->unit == LB_UNIT_CONVERSATION)
        text = "No field names the user: the unit of the audit is the conversation; name one with "
               "--map user=PATH.";
    if (corpus->unit == LB_UNIT_RECORD)
        text = "The input has neither a user nor a text: every record counts as a person (--unit "
               "record).";
    return text ? lb_corpus_warn(corpus, text, strlen(text), error) : LB_OK;
}

static int compile_plans(lb_corpus *corpus, lb_error *error) {
    const char **names = lb_arena_alloc(corpus->arena, corpus->attribute_count, sizeof *names);
    if (!names)
        return fail_memory(error);
    int status = LB_OK;
    for (size_t i = 0; status == LB_OK && i < corpus->source_count; i++) {
        lb_source_state *source = &corpus->sources[i];
        for (size_t j = 0; j < corpus->attribute_count; j++)
            if (!(names[j] = lb_source_column(source, corpus->attributes[j].name, corpus->arena)))
                return fail_memory(error);
        if (source->container == LB_CONTAINER_XML) /* the reader finds the records itself */
            source->mapping.keys[LB_KEY_RECORD].count = 0;
        status = lb_plan_compile(&source->plan, &source->mapping, names, corpus->attribute_count,
                                 source->catalogue, &source->file, corpus->arena, error);
        if (status == LB_OK)
            status = lb_source_bind(source, corpus->arena, error);
    }
    return status;
}

static int open_sources(lb_corpus *corpus, const lb_corpus_options *o, lb_error *error) {
    size_t count = corpus->places.count;
    corpus->sources = lb_alloc_zero(count, sizeof *corpus->sources);
    corpus->listed = lb_alloc_zero(count, sizeof *corpus->listed);
    if (!corpus->sources || !corpus->listed)
        return fail_memory(error);
    lb_error why = {0};
    int status = LB_OK;
    const char *table = NULL;
    for (size_t i = 0; i < o->map_count; i++)
        if (strncmp(o->maps[i], "record=", 7) == 0 && o->maps[i][7])
            table = o->maps[i] + 7;
    for (size_t i = 0; status == LB_OK && i < count; i++) {
        lb_place *place = &corpus->places.items[i];
        place->table = table;
        lb_source_state *source = &corpus->sources[corpus->source_count++];
        source->plain = corpus->plain;
        status = lb_source_open(source, place, corpus->formats, o->format, &corpus->spare,
                                corpus->arena, &why);
        if (status == LB_OK)
            continue;
        if (source->unsuitable && place->found) { /* for lb_corpus_set_aside */
            source->unread = lb_arena_copy(corpus->arena, why.what, strlen(why.what));
            status = source->unread ? LB_OK : fail_memory(&why);
        }
        if (status < 0 && error)
            *error = why;
    }
    if (status == LB_OK)
        status = lb_corpus_set_aside(corpus, error);
    if (status == LB_OK && corpus->source_count == 0) {
        if (error)
            *error = why;
        status = why.code;
    }
    return status;
}

/* "a.db!people", in the arena; data NULL: out of memory. */
static lb_str name_within(const char *file, lb_str name, lb_arena *arena) {
    size_t n = strlen(file);
    char *text = lb_arena_alloc(arena, n + 1 + name.size, 1);
    if (!text)
        return (lb_str){0};
    memcpy(text, file, n);
    text[n] = '!';
    memcpy(text + n + 1, name.data, name.size);
    return (lb_str){text, n + 1 + name.size};
}

/* Tables of a database beside the one that is read. */
static int note_other_tables(lb_corpus *corpus, lb_error *error) {
    int status = LB_OK;
    for (size_t i = 0; i < corpus->source_count; i++) {
        const lb_source_state *source = &corpus->sources[i];
        for (size_t j = 0; status == LB_OK && j < source->other_count; j++) {
            const lb_other_table *table = &source->others[j];
            const lb_unsearched_field field = {
                .path = name_within(source->facts.path, lb_str_of(table->name), corpus->arena),
                .values = table->rows,
                .source = (uint32_t)i,
                .columns = table->columns,
                .column_count = table->column_count};
            status = field.path.data ? lb_unsearched_add(&corpus->unsearched, &field, error)
                                     : fail_memory(error);
        }
    }
    return status;
}

/* What of a joined file could not be read, and its fields that are no attribute of the messages. */
static int note_join(lb_corpus *corpus, const lb_join *join, lb_error *error) {
    const char *file = lb_join_place(join)->path;
    const lb_unsearched *fields = lb_join_unsearched(join, &corpus->counts);
    int status = LB_OK;
    for (size_t i = 0; status == LB_OK && i < fields->count; i++) {
        lb_unsearched_field field = fields->items[i];
        field.path = name_within(file, field.path, corpus->arena);
        field.file = file;
        status = field.path.data ? lb_unsearched_add(&corpus->unsearched, &field, error)
                                 : fail_memory(error);
    }
    corpus->unsearched.more = corpus->unsearched.more || fields->more;
    return status;
}

static int load_joins(lb_corpus *corpus, lb_error *error) {
    const char **names = lb_arena_alloc(corpus->arena, corpus->attribute_count, sizeof *names);
    if (!names)
        return fail_memory(error);
    for (size_t i = 0; i < corpus->attribute_count; i++)
        names[i] = corpus->attributes[i].name;
    int status = LB_OK;
    for (size_t i = 0; status == LB_OK && i < corpus->join_count; i++)
        if ((status = lb_join_load(corpus->joins[i], names, corpus->attribute_count, error)) ==
            LB_OK)
            status = note_join(corpus, corpus->joins[i], error);
    return status;
}

int lb_corpus_prepare(lb_corpus *corpus, const lb_corpus_options *o, lb_error *error) {
    int status = lb_formats_load(&corpus->formats, error);
    if (status == LB_OK && o->format && !lb_formats_find(corpus->formats, o->format))
        return lb_formats_unknown(corpus->formats, o->format, error);
    if (status == LB_OK && o->skip) {
        status = lb_skip_parse(o->skip, &corpus->skips, error);
        corpus->skips_set = true;
    }
    if (status == LB_OK)
        status = lb_places_find(&corpus->places, o->inputs, o->input_count, o->named,
                                o->named_count, corpus->arena, error);
    if (status == LB_OK)
        status = open_sources(corpus, o, error);
    for (size_t i = 0; status == LB_OK && i < corpus->source_count; i++)
        status = complete_mapping(corpus, &corpus->sources[i], o, error);
    if (status == LB_OK)
        status = lb_corpus_set_textless_aside(corpus, error);
    if (status == LB_OK)
        status = lb_corpus_warn_of_left_out(corpus, error);
    if (status == LB_OK)
        status = check_maps(corpus, o, error);
    if (status == LB_OK)
        status = choose_unit(corpus, o->unit, error);
    if (status == LB_OK)
        status = choose_attributes(corpus, o, error);
    if (status == LB_OK)
        status = lb_corpus_doubt_text(corpus, o->doubts_only_warn, error);
    if (status == LB_OK)
        status = lb_corpus_doubt_user(corpus, error);
    if (status == LB_OK)
        status = load_joins(corpus, error);
    if (status == LB_OK)
        status = note_other_tables(corpus, error);
    return status < 0 ? status : compile_plans(corpus, error);
}

int lb_corpus_prepare_table(lb_corpus *corpus, const lb_place *place, const char *const *maps,
                            size_t map_count, lb_error *error) {
    lb_corpus_options o = {.maps = maps, .map_count = map_count, .tolerance = corpus->tolerance};
    int status = lb_formats_load(&corpus->formats, error);
    if (status < 0)
        return status;
    corpus->plain = true;
    corpus->unit = LB_UNIT_RECORD;
    corpus->places.items = lb_alloc(1, sizeof *place);
    if (!corpus->places.items)
        return fail_memory(error);
    corpus->places.items[0] = *place;
    corpus->places.items[0].found = false;
    corpus->places.count = 1;
    status = open_sources(corpus, &o, error);
    return status < 0 ? status : complete_mapping(corpus, &corpus->sources[0], &o, error);
}

int lb_corpus_bind_table(lb_corpus *corpus, const char *const *names, size_t count,
                         lb_error *error) {
    int status = LB_OK;
    for (size_t i = 0; status == LB_OK && i < count; i++)
        status = add_attribute(corpus, names[i], (lb_attribute_use)i, error);
    return status < 0 ? status : compile_plans(corpus, error);
}
