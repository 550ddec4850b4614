#include "corpus/aside.h"

#include <stdio.h>

#include "base/file.h"
#include "corpus/join.h"
#include "corpus/warnings.h"

static int fail_memory(lb_error *error) {
    return lb_fail_memory(error, "opening a corpus");
}

/* Is the file's place one for another file: in its folder or archive, or above? */
static bool serves(const lb_place *file, const lb_place *other) {
    size_t folder = strlen(file->path);
    while (folder > 0 && file->path[folder - 1] != '/' && file->path[folder - 1] != '!')
        folder--;
    return strncmp(file->path, other->path, folder) == 0;
}

static const char *name_of(const lb_place *place) {
    return lb_file_base_name(place->member ? place->member : place->file);
}

static lb_join *join_at(const lb_corpus *corpus, const lb_place *place) {
    for (size_t i = 0; i < corpus->join_count; i++)
        if (lb_join_place(corpus->joins[i]) == place)
            return corpus->joins[i];
    return NULL;
}

static int open_join(lb_corpus *corpus, const lb_format *format, const lb_place *place,
                     lb_join **join, lb_error *error) {
    void *grown =
        lb_grow(corpus->joins, &corpus->join_capacity, corpus->join_count + 1, sizeof *join, error);
    if (!grown)
        return LB_E_RESOURCE;
    corpus->joins = grown;
    int status = lb_join_open(join, &format->join, place, corpus->tolerance, error);
    if (status == LB_OK)
        corpus->joins[corpus->join_count++] = *join;
    return status;
}

static int find_join(lb_corpus *corpus, lb_source_state *source, lb_error *error) {
    const lb_format *format = source->format;
    for (size_t i = 0; i < corpus->places.count; i++) {
        const lb_place *place = &corpus->places.items[i];
        if (place == source->place || !serves(place, source->place) ||
            !lb_format_name_matches(format->join.file, name_of(place)))
            continue;
        lb_join *join = join_at(corpus, place);
        int status = join ? LB_OK : open_join(corpus, format, place, &join, error);
        source->join = join;
        return status;
    }
    return LB_OK;
}

/* The format of messages beside which `source` stands and which knows it as no messages; NULL: none
 * does. */
static const lb_format *set_aside_by(const lb_corpus *corpus, const lb_source_state *source,
                                     bool *unread) {
    for (size_t i = 0; i < corpus->source_count; i++) {
        const lb_source_state *other = &corpus->sources[i];
        const lb_format *format = other->unread ? NULL : other->format;
        if (other == source || !format || !source->place->found ||
            !serves(source->place, other->place))
            continue;
        const char *name = name_of(source->place);
        *unread = format->unread && lb_format_name_matches(format->unread, name);
        if (*unread || (format->ignore && lb_format_name_matches(format->ignore, name)))
            return format;
    }
    return NULL;
}

static int warn_of(lb_corpus *corpus, const char *name, const char *what, const char *why,
                   lb_error *error) {
    lb_buffer text = {0};
    int status = lb_buffer_printf(&text, error, "%s %s%s.", name, what, why);
    if (status == LB_OK)
        status = lb_corpus_warn(corpus, text.data, text.size, error);
    lb_buffer_free(&text);
    return status;
}

static int leave_out(lb_corpus *corpus, const lb_source_state *source, const char *why, bool unread,
                     lb_error *error) {
    return lb_left_outs_add(&corpus->places.left_out,
                            (lb_left_out){source->facts.path, why, unread}, error);
}

static int leave_to_format(lb_corpus *corpus, const lb_source_state *source,
                           const lb_format *format, bool unread, lb_error *error) {
    static const char what[] = "it holds no messages of the format ";
    size_t size = sizeof what - 1, n = strlen(format->name);
    char *why = lb_arena_alloc(corpus->arena, size + n + 1, 1);
    if (!why)
        return fail_memory(error);
    memcpy(why, what, size);
    memcpy(why + size, format->name, n + 1);
    return leave_out(corpus, source, why, unread, error);
}

/* 1: the source stays. */
static int judge(lb_corpus *corpus, const lb_source_state *source, lb_error *error) {
    if (join_at(corpus, source->place))
        return warn_of(corpus, name_of(source->place), "was joined to the messages by their user",
                       "", error);
    bool unread;
    const lb_format *format = set_aside_by(corpus, source, &unread);
    if (format)
        return leave_to_format(corpus, source, format, unread, error);
    return source->unread ? leave_out(corpus, source, source->unread, !source->wordless, error) : 1;
}

/* Those of which `stays` says 1; the others are closed. */
static int keep_sources(lb_corpus *corpus,
                        int (*stays)(lb_corpus *, const lb_source_state *, lb_error *),
                        lb_error *error) {
    bool *leaves = lb_alloc_zero(corpus->source_count, sizeof *leaves);
    if (!leaves)
        return fail_memory(error);
    int status = LB_OK;
    for (size_t i = 0; status >= 0 && i < corpus->source_count; i++) {
        status = stays(corpus, &corpus->sources[i], error);
        leaves[i] = status == 0;
    }
    size_t kept = 0;
    for (size_t i = 0; status >= 0 && i < corpus->source_count; i++)
        if (leaves[i])
            lb_source_close(&corpus->sources[i]);
        else
            corpus->sources[kept++] = corpus->sources[i];
    corpus->source_count = status < 0 ? corpus->source_count : kept;
    lb_free(leaves);
    return status < 0 ? status : LB_OK;
}

int lb_corpus_set_aside(lb_corpus *corpus, lb_error *error) {
    int status = LB_OK;
    for (size_t i = 0; status == LB_OK && i < corpus->source_count; i++) {
        lb_source_state *source = &corpus->sources[i];
        if (!source->unread && source->format->join.file)
            status = find_join(corpus, source, error);
    }
    return status < 0 ? status : keep_sources(corpus, judge, error);
}

/* 1: the source stays. */
static int judge_text(lb_corpus *corpus, const lb_source_state *source, lb_error *error) {
    return source->mapping.keys[LB_SLOT_TEXT].count > 0
               ? 1
               : leave_out(corpus, source, "no field of it looks like a text", true, error);
}

int lb_corpus_set_textless_aside(lb_corpus *corpus, lb_error *error) {
    bool any = false;
    for (size_t i = 0; i < corpus->source_count; i++)
        any = any || corpus->sources[i].mapping.keys[LB_SLOT_TEXT].count > 0;
    return any ? keep_sources(corpus, judge_text, error) : LB_OK;
}

/* The first of them by name; who wants all looks at the list. */
int lb_corpus_warn_of_left_out(lb_corpus *corpus, lb_error *error) {
    enum { NAMED = 3 };
    lb_left_outs *left = &corpus->places.left_out;
    int status = LB_OK;
    lb_left_outs_sort(left);
    corpus->counts.unread_files = left->unread;
    for (size_t i = 0; status == LB_OK && i < left->count && i < NAMED; i++)
        status = warn_of(corpus, left->items[i].path, "was left out: ", left->items[i].why, error);
    char more[64];
    snprintf(more, sizeof more, "%llu more files", (unsigned long long)(left->all - NAMED));
    if (status == LB_OK && left->all > NAMED)
        status = warn_of(corpus, more, "were left out; `linkback inspect` lists them", "", error);
    return status;
}
