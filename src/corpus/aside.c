#include "corpus/aside.h"

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
    int status = lb_join_open(join, &format->join, place, error);
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
static const lb_format *set_aside_by(const lb_corpus *corpus, const lb_source_state *source) {
    for (size_t i = 0; i < corpus->source_count; i++) {
        const lb_source_state *other = &corpus->sources[i];
        const lb_format *format = other->unread ? NULL : other->format;
        if (other != source && format && format->ignore && source->place->found &&
            serves(source->place, other->place) &&
            lb_format_name_matches(format->ignore, name_of(source->place)))
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

/* 1: the source stays. */
static int judge(lb_corpus *corpus, const lb_source_state *source, lb_error *error) {
    const char *name = name_of(source->place);
    if (join_at(corpus, source->place))
        return warn_of(corpus, name, "was joined to the messages by their user", "", error);
    const lb_format *format = set_aside_by(corpus, source);
    if (format)
        return warn_of(corpus, name, "was left out: it holds no messages of the format ",
                       format->name, error);
    if (source->unread)
        return warn_of(corpus, source->facts.path, "was left out: ", source->unread, error);
    return 1;
}

int lb_corpus_set_aside(lb_corpus *corpus, lb_error *error) {
    int status = LB_OK;
    for (size_t i = 0; status == LB_OK && i < corpus->source_count; i++) {
        lb_source_state *source = &corpus->sources[i];
        if (!source->unread && source->format->join.file)
            status = find_join(corpus, source, error);
    }
    bool *leaves = lb_alloc_zero(corpus->source_count, sizeof *leaves);
    if (!leaves)
        return fail_memory(error);
    for (size_t i = 0; status >= 0 && i < corpus->source_count; i++) {
        status = judge(corpus, &corpus->sources[i], error);
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
