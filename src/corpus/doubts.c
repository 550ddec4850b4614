#include "corpus/doubts.h"

#include <stdarg.h>
#include <stdio.h>

#include "corpus/mapping/guess_names.h"
#include "corpus/warnings.h"

enum {
    NAMED = 3,         /* candidates that a message names */
    SOME_WORDS = 12,   /* bytes: a text of two words or more */
    SURE = 10,         /* values: fewer are judged only where each of them is a key ... */
    SURE_BYTES = 8,    /* ... that is as long */
    FEW_DIFFERENT = 20 /* labels of a category */
};

typedef struct tally { /* of a field that stands for the text, over all inputs that have it */
    uint64_t filled, keys, prose, bytes, distinct, most_distinct;
} tally;

typedef struct doubt {
    char what[LB_ERROR_WHAT_MAX], mend[LB_ERROR_MEND_MAX];
    bool refused;
} doubt;

static void add_field(tally *t, const lb_field *field) {
    t->filled += lb_field_filled(field);
    t->keys += field->keys;
    t->prose += field->prose;
    t->bytes += field->bytes;
    t->distinct += field->distinct;
    if (field->distinct > t->most_distinct)
        t->most_distinct = field->distinct;
}

static const lb_mapping_key *text_of(const lb_source_state *source) {
    return &source->mapping.keys[LB_SLOT_TEXT];
}

static bool has_same_text(const lb_source_state *a, const lb_source_state *b) {
    const lb_mapping_key *x = text_of(a), *y = text_of(b);
    return x->count > 0 && y->count > 0 && x->origin == y->origin &&
           strcmp(x->paths[0], y->paths[0]) == 0;
}

static bool is_first_of_kind(const lb_corpus *corpus, size_t number) {
    for (size_t i = 0; i < number; i++)
        if (has_same_text(&corpus->sources[i], &corpus->sources[number]))
            return false;
    return true;
}

static tally tally_of(lb_corpus *corpus, size_t number) {
    tally t = {0};
    for (size_t i = number; i < corpus->source_count; i++) {
        const lb_source_state *source = &corpus->sources[i];
        if (!has_same_text(source, &corpus->sources[number]))
            continue;
        for (size_t j = 0; j < text_of(source)->count; j++) {
            const lb_field *field =
                lb_source_field(source, text_of(source)->paths[j], corpus->arena);
            if (field)
                add_field(&t, field);
        }
    }
    return t;
}

static bool is_used(const lb_corpus *corpus, const lb_source_state *source, const lb_field *field) {
    for (size_t i = 0; i < LB_KEYS; i++)
        for (size_t j = 0; j < source->mapping.keys[i].count; j++)
            if (strcmp(source->mapping.keys[i].paths[j], field->name.data) == 0)
                return true;
    for (size_t i = 0; i < corpus->attribute_count; i++)
        if (strcmp(corpus->attributes[i].name, field->name.data) == 0)
            return true;
    return false;
}

static bool names_another(const lb_field *field) {
    unsigned cost;
    return !lb_name_fits(field->path, LB_SLOT_TEXT, &cost) &&
           (lb_name_fits(field->path, LB_SLOT_USER, &cost) ||
            lb_name_fits(field->path, LB_SLOT_CONVERSATION, &cost) ||
            lb_name_fits(field->path, LB_SLOT_TIME, &cost));
}

/* Do most records have sentences here, and most of them their own? */
static bool is_free_text(const lb_field *field, uint64_t records) {
    uint64_t filled = lb_field_filled(field);
    return lb_path_iterations(field->path) <= 1 && field->strings > 0 && filled * 2 >= records &&
           field->prose * 10 >= filled * 6 && field->bytes >= SOME_WORDS * filled &&
           field->keys * 10 < filled &&
           (field->distinct == LB_DISTINCT_MAX || field->distinct * 2 >= filled) &&
           !names_another(field);
}

static double mean_bytes(const lb_field *field) {
    uint64_t filled = lb_field_filled(field);
    return filled > 0 ? (double)field->bytes / (double)filled : 0;
}

typedef struct candidates { /* unused fields of free text, the longest first */
    const lb_field *fields[NAMED];
    size_t count;
} candidates;

static void offer(candidates *found, const lb_field *field) {
    size_t at = found->count;
    while (at > 0 && mean_bytes(found->fields[at - 1]) < mean_bytes(field))
        at--;
    if (at == NAMED)
        return;
    size_t moved = (found->count == NAMED ? NAMED - 1 : found->count) - at;
    memmove(&found->fields[at + 1], &found->fields[at], moved * sizeof *found->fields);
    found->fields[at] = field;
    found->count += found->count < NAMED;
}

static candidates candidates_of(const lb_corpus *corpus, size_t number) {
    candidates found = {0};
    for (size_t i = number; i < corpus->source_count && found.count == 0; i++) {
        const lb_source_state *source = &corpus->sources[i];
        size_t count;
        const lb_field *fields = lb_catalogue_fields(source->catalogue, &count);
        uint64_t records = lb_catalogue_records(source->catalogue);
        for (size_t j = 0; has_same_text(source, &corpus->sources[number]) && j < count; j++)
            if (is_free_text(&fields[j], records) && !is_used(corpus, source, &fields[j]))
                offer(&found, &fields[j]);
    }
    return found;
}

static bool is_known_as_text(const lb_field *field) {
    unsigned cost;
    return lb_name_fits(field->path, LB_SLOT_TEXT, &cost) && cost < LB_NAME_COMMON;
}

/* "--map text=q (or note, body)"; of none, FIELD. */
static void say_candidates(const candidates *found, char *to, size_t size) {
    const char *first = found->count > 0 ? found->fields[0]->name.data : "FIELD";
    size_t used = (size_t)snprintf(to, size, "--map text=%.80s", first);
    for (size_t i = 1; i < found->count && used < size; i++)
        used += (size_t)snprintf(to + used, size - used, "%s%.80s%s", i == 1 ? " (or " : ", ",
                                 found->fields[i]->name.data, i + 1 == found->count ? ")" : "");
}

static void refuse(doubt *d, const candidates *found, const char *text, const char *what, ...) {
    char names[300];
    va_list values;
    va_start(values, what);
    vsnprintf(d->what, sizeof d->what, what, values);
    va_end(values);
    say_candidates(found, names, sizeof names);
    snprintf(d->mend, sizeof d->mend, "name the text with %s, or keep it with --map text=%.80s%s",
             names, text, found->count > 0 ? "" : "; `linkback inspect` lists the fields");
    d->refused = true;
}

static void warn(doubt *d, const char *what, ...) {
    va_list values;
    va_start(values, what);
    vsnprintf(d->what, sizeof d->what, what, values);
    va_end(values);
}

/* A third of keys is more than people write who paste addresses and numbers. */
static bool doubt_keys(doubt *d, const tally *t, const lb_mapping_key *key,
                       const candidates *found) {
    const char *text = key->paths[0];
    bool guessed = key->origin == LB_ORIGIN_GUESSED, enough = t->filled >= SURE;
    unsigned percent = t->filled > 0 ? (unsigned)(t->keys * 100 / t->filled) : 0;
    bool keys = enough
                    ? t->keys * 3 >= t->filled
                    : t->filled > 0 && t->keys == t->filled && t->bytes >= SURE_BYTES * t->filled;
    if (keys && guessed)
        refuse(d, found, text,
               "the text was guessed to be the field \"%.80s\", but %u %% of its values look like "
               "ids, numbers, dates or addresses",
               text, percent);
    else if (keys || (guessed && enough && t->keys * 4 >= t->filled))
        warn(d,
             "The field %.80s is taken for the text, but %u %% of its values look like ids, "
             "numbers, dates or addresses; another is named with --map text=FIELD.",
             text, percent);
    else
        return false;
    return true;
}

/* Labels, names and single words beside a field of sentences. */
static bool is_poorer(const tally *t, const candidates *found) {
    double mean = t->filled > 0 ? (double)t->bytes / (double)t->filled : 0;
    bool few = t->most_distinct <= FEW_DIFFERENT && t->distinct * 5 <= t->filled;
    return found->count > 0 &&
           (few || (t->prose * 2 < t->filled && mean_bytes(found->fields[0]) >= 2 * mean));
}

/* Another field that says by its name, or where no name says it, by its length, that it is the
 * text as much as the one that was taken. */
static const lb_field *equal_of(const tally *t, const lb_mapping_key *key, const lb_field *text,
                                const candidates *found) {
    for (size_t i = 0; i < found->count; i++) {
        const lb_field *other = found->fields[i];
        bool alike = key->by_values ? mean_bytes(other) * 2 * (double)t->filled >= (double)t->bytes
                                    : is_known_as_text(text) && is_known_as_text(other);
        if (alike && lb_path_is_beside(other->path, text->path))
            return other;
    }
    return NULL;
}

static void doubt_guess(doubt *d, const tally *t, const lb_mapping_key *key, const lb_field *field,
                        const candidates *found) {
    const char *text = key->paths[0];
    const lb_field *equal = field ? equal_of(t, key, field, found) : NULL;
    if (t->filled == 0)
        return;
    if (is_poorer(t, found))
        refuse(d, found, text,
               "the text was guessed to be the field \"%.80s\", but it holds labels or single "
               "words, and \"%.80s\" holds sentences",
               text, found->fields[0]->name.data);
    else if (equal)
        refuse(d, &(candidates){{equal}, 1}, text,
               "the fields \"%.80s\" and \"%.80s\" are as likely to be the text", text,
               equal->name.data);
    else if (found->count > 0)
        warn(d,
             "The field %.80s holds sentences as the text (%.80s) does, and no measure looks at "
             "it; where it is the text, say --map text=%.80s.",
             found->fields[0]->name.data, text, found->fields[0]->name.data);
    else if (t->most_distinct <= FEW_DIFFERENT && t->distinct * 20 <= t->filled &&
             t->prose * 10 < t->filled)
        warn(d,
             "The field %.80s is taken for the text, but holds few different words, as labels do; "
             "another is named with --map text=FIELD.",
             text);
}

/* No text was found, but a field is called one: it holds numbers. */
static void doubt_lack(doubt *d, const lb_source_state *source) {
    size_t count;
    const lb_field *fields = lb_catalogue_fields(source->catalogue, &count);
    for (size_t i = 0; i < count && !d->refused; i++) {
        if (fields[i].numbers == 0 || fields[i].path.count != 1 ||
            !lb_name_is_of_text(fields[i].path))
            continue;
        refuse(d, &(candidates){0}, "",
               "no field looks like a text, and the field \"%.80s\" holds numbers",
               fields[i].name.data);
        snprintf(d->mend, sizeof d->mend,
                 "name the text with --map text=FIELD, or say --map text= for a table without one");
    }
}

static void judge(lb_corpus *corpus, size_t number, doubt *d) {
    const lb_source_state *source = &corpus->sources[number];
    const lb_mapping_key *key = text_of(source);
    if (key->origin == LB_ORIGIN_NONE && source->format->generic)
        doubt_lack(d, source);
    if (key->count == 0 || !is_first_of_kind(corpus, number))
        return;
    tally t = tally_of(corpus, number);
    candidates found = candidates_of(corpus, number);
    if (!doubt_keys(d, &t, key, &found) && key->origin == LB_ORIGIN_GUESSED)
        doubt_guess(d, &t, key, lb_source_field(source, key->paths[0], corpus->arena), &found);
}

static int tell(lb_corpus *corpus, const doubt *d, lb_error *error) {
    lb_buffer text = {0};
    int status = d->refused
                     ? lb_buffer_printf(&text, error, "It is not sure what the text is: %s; %s.",
                                        d->what, d->mend)
                     : lb_buffer_printf(&text, error, "%s", d->what);
    if (status == LB_OK)
        status = lb_corpus_warn(corpus, text.data, text.size, error);
    lb_buffer_free(&text);
    return status;
}

int lb_corpus_doubt_text(lb_corpus *corpus, bool only_warn, lb_error *error) {
    int status = LB_OK;
    for (size_t i = 0; status == LB_OK && i < corpus->source_count; i++) {
        doubt d = {.refused = false};
        judge(corpus, i, &d);
        if (d.refused && !only_warn)
            return lb_fail(error, LB_E_USAGE, corpus->sources[i].facts.path, d.mend, "%s", d.what);
        if (d.what[0])
            status = tell(corpus, &d, error);
    }
    return status;
}

/* A field, not in use, that by its name and its values may name the user; NULL: none does. */
static const char *other_user(const lb_corpus *corpus) {
    for (size_t i = 0; i < corpus->source_count; i++) {
        const lb_source_state *source = &corpus->sources[i];
        size_t count;
        const lb_field *fields = lb_catalogue_fields(source->catalogue, &count);
        for (size_t j = 0; j < count; j++) {
            const lb_field *f = &fields[j];
            unsigned cost;
            bool named = lb_name_fits(f->path, LB_SLOT_USER, &cost) || lb_name_is_of_key(f->path);
            if (named && f->distinct > 1 && f->distinct * 2 <= lb_field_filled(f) &&
                !is_used(corpus, source, f))
                return f->name.data;
        }
    }
    return NULL;
}

/* A user whose values are times is none. */
int lb_corpus_doubt_user(lb_corpus *corpus, lb_error *error) {
    int status = LB_OK;
    const char *found = other_user(corpus);
    if (found && !(corpus->other_user = lb_arena_copy(corpus->arena, found, strlen(found))))
        return lb_fail_memory(error, "opening a corpus");
    for (size_t i = 0; status == LB_OK && i < corpus->source_count; i++) {
        const lb_source_state *source = &corpus->sources[i];
        const lb_mapping_key *key = &source->mapping.keys[LB_SLOT_USER];
        const lb_field *field =
            key->count > 0 ? lb_source_field(source, key->paths[0], corpus->arena) : NULL;
        if (!field || field->dates == 0 || field->dates * 2 < lb_field_filled(field))
            continue;
        const char *other = corpus->other_user;
        doubt d = {.refused = false};
        warn(&d,
             "The field %.80s is taken for the user, but its values look like times; another is "
             "named with --map user=%.80s.",
             key->paths[0], other ? other : "FIELD");
        status = tell(corpus, &d, error);
    }
    return status;
}
