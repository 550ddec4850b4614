#include "corpus/join.h"

#include "base/utf8.h"
#include "corpus/corpus.h"
#include "corpus/input/input.h"
#include "corpus/open.h"

/* A corpus within a corpus: the file is opened by what opens the corpus that it is joined to. That
 * is the one circle of files (corpus, open, aside, join); it ends there, since a table of users is
 * opened plain, without a format that could name files to join. */
struct lb_join {
    const lb_format_join *what;
    const lb_place *place;
    lb_tolerance tolerance;
    lb_corpus *corpus; /* NULL: lines with a separator */
    lb_arena *arena;
    lb_user_table users;
    lb_unsearched unsearched; /* of lines with a separator */
    uint64_t bytes;
};

static int fail_memory(lb_error *error) {
    return lb_fail_memory(error, "joining a file");
}

const lb_place *lb_join_place(const lb_join *join) {
    return join->place;
}

void lb_join_free(lb_join *join) {
    if (!join)
        return;
    lb_corpus_free(join->corpus);
    lb_arena_free(join->arena);
    lb_user_table_free(&join->users);
    lb_unsearched_free(&join->unsearched);
    lb_free(join);
}

/* KEY=PATH, in the arena; NULL: out of memory. */
static const char *map_of(lb_arena *arena, const char *key, const char *path) {
    size_t n = strlen(key), m = strlen(path);
    char *map = lb_arena_alloc(arena, n + m + 2, 1);
    if (map) {
        memcpy(map, key, n);
        map[n] = '=';
        memcpy(map + n + 1, path, m + 1);
    }
    return map;
}

static int open_corpus(lb_join *join, lb_error *error) {
    const char *maps[LB_KEYS];
    size_t count = 0;
    for (size_t key = 0; key < LB_KEYS; key++) {
        const char *path = key == LB_SLOT_USER ? join->what->key : "";
        if (key == LB_KEY_RECORD)
            path = join->what->record;
        if (!path || !lb_key_is_public(key))
            continue;
        maps[count] = map_of(join->arena, lb_key_names[key], path);
        if (!maps[count++])
            return fail_memory(error);
    }
    return lb_corpus_open_table(&join->corpus, join->place, maps, count, join->tolerance, error);
}

int lb_join_open(lb_join **out, const lb_format_join *what, const lb_place *place,
                 lb_tolerance tolerance, lb_error *error) {
    *out = NULL;
    lb_join *join = lb_alloc_zero(1, sizeof *join);
    if (!join || !(join->arena = lb_arena_new())) {
        lb_join_free(join);
        return fail_memory(error);
    }
    join->what = what;
    join->place = place;
    join->tolerance = tolerance;
    int status = what->separator ? LB_OK : open_corpus(join, error);
    if (status < 0)
        lb_join_free(join);
    else
        *out = join;
    return status;
}

static size_t column_of(const lb_format_join *what, const char *name) {
    size_t i = 0;
    while (i < what->columns.count && strcmp(what->columns.items[i], name) != 0)
        i++;
    return i;
}

bool lb_join_has_field(const lb_join *join, const char *name) {
    if (!join->corpus)
        return column_of(join->what, name) < join->what->columns.count;
    return lb_source_has_field(&join->corpus->sources[0], name, join->corpus->arena);
}

static int read_table(lb_join *join, const char *const *names, size_t count, lb_error *error) {
    int status = lb_corpus_bind_table(join->corpus, names, count, error);
    if (status < 0)
        return status;
    lb_block *block = lb_block_new();
    lb_batch batch = {0};
    status = block ? 1 : fail_memory(error);
    while (status == 1 && (status = lb_corpus_next(join->corpus, block, error)) == 1) {
        status = lb_corpus_parse(join->corpus, block, &batch, error);
        for (size_t i = 0; status == LB_OK && i < batch.count; i++)
            if (batch.messages[i].user.size > 0)
                status = lb_user_table_add(&join->users, batch.messages[i].user,
                                           batch.messages[i].values, join->arena, error);
        status = status < 0 ? status : 1;
    }
    lb_batch_free(&batch);
    lb_block_free(block);
    return status;
}

static int read_whole(const lb_place *place, lb_buffer *text, lb_error *error) {
    lb_input *input;
    int status = lb_input_open(&input, place, NULL, error);
    if (status < 0)
        return status;
    size_t got = 1;
    while (status == LB_OK && got > 0) {
        status = lb_buffer_reserve(text, 1 << 16, error);
        if (status == LB_OK)
            status = lb_input_read(input, text->data + text->size, 1 << 16, &got, error);
        text->size += status == LB_OK ? got : 0;
    }
    lb_input_free(input);
    return status;
}

/* The cells that nothing takes: of other columns, behind the last column, of a line without a key. */
static int note_cells(lb_join *join, const char *const *names, const lb_str *cells, size_t count,
                      lb_str rest, bool taken, lb_error *error) {
    int status = LB_OK;
    for (size_t i = 0; status == LB_OK && i < count; i++) {
        const char *column = join->what->columns.items[i];
        bool used = strcmp(column, join->what->key) == 0;
        for (size_t j = 0; !used && j < join->users.value_count; j++)
            used = strcmp(column, names[j]) == 0;
        if (cells[i].size > 0 && !(used && taken))
            status = lb_unsearched_note(&join->unsearched, lb_str_of(column), error);
    }
    return status == LB_OK && rest.size > 0
               ? lb_unsearched_note(&join->unsearched, LB_STR("behind the last column"), error)
               : status;
}

/* One line, cut at the separators: the key is the column of that name. */
static int read_line(lb_join *join, lb_str line, const char *const *names, lb_str *cells,
                     lb_str *values, lb_error *error) {
    lb_str mark = lb_str_of(join->what->separator);
    size_t columns = join->what->columns.count, count = 0, end = 0;
    memset(cells, 0, columns * sizeof *cells);
    for (size_t at = 0, from = 0; at <= line.size && count < columns; at++) {
        bool cut = line.size - at >= mark.size && memcmp(line.data + at, mark.data, mark.size) == 0;
        if (!cut && at < line.size)
            continue;
        cells[count++] = (lb_str){line.data + from, at - from};
        from = end = at + mark.size;
        at = cut ? from - 1 : at;
    }
    lb_str rest = end < line.size ? (lb_str){line.data + end, line.size - end} : (lb_str){0};
    for (size_t i = 0; i < join->users.value_count; i++) {
        size_t column = column_of(join->what, names[i]);
        values[i] = column < count ? cells[column] : (lb_str){0};
    }
    size_t key = column_of(join->what, join->what->key);
    bool taken = key < count && cells[key].size > 0;
    int status = note_cells(join, names, cells, count, rest, taken, error);
    return status == LB_OK && taken
               ? lb_user_table_add(&join->users, cells[key], values, join->arena, error)
               : status;
}

static int read_lines(lb_join *join, const char *const *names, lb_error *error) {
    lb_buffer text = {0};
    lb_str *cells = lb_arena_alloc(join->arena, join->what->columns.count, sizeof *cells);
    lb_str *values = lb_arena_alloc(join->arena, join->users.value_count, sizeof *values);
    int status = cells && values ? read_whole(join->place, &text, error) : fail_memory(error);
    size_t at = lb_utf8_mark(lb_buffer_str(&text));
    while (status == LB_OK && at < text.size) {
        const char *end = memchr(text.data + at, '\n', text.size - at);
        lb_str line = {text.data + at, end ? (size_t)(end - text.data) - at : text.size - at};
        at += line.size + 1;
        if (line.size > 0 && line.data[line.size - 1] == '\r')
            line.size--;
        join->unsearched.line++;
        status = read_line(join, line, names, cells, values, error);
    }
    join->bytes = text.size;
    lb_buffer_free(&text);
    return status;
}

int lb_join_load(lb_join *join, const char *const *names, size_t count, lb_error *error) {
    join->users.value_count = count;
    int status =
        join->corpus ? read_table(join, names, count, error) : read_lines(join, names, error);
    return status < 0 ? status : lb_user_table_finish(&join->users, join->place->path, error);
}

const lb_unsearched *lb_join_unsearched(const lb_join *join, lb_corpus_counts *counts) {
    if (!join->corpus) {
        counts->bytes += join->bytes;
        return &join->unsearched;
    }
    const lb_corpus_counts *own = lb_corpus_counted(join->corpus);
    counts->bytes += own->bytes;
    counts->rejected += own->rejected;
    counts->unread_bytes += own->unread_bytes;
    counts->replaced_bytes += own->replaced_bytes;
    return lb_corpus_unsearched(join->corpus);
}

const lb_user_table *lb_join_users(const lb_join *join) {
    return &join->users;
}
