#include "audit/side/opted_out.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "audit/side/id_list.h"
#include "base/ascii.h"
#include "base/hash.h"
#include "base/order.h"
#include "base/search.h"
#include "corpus/read/side_table.h"

/* What the first line says that the file may be. */
typedef enum file_look {
    NO_LIST, /* the beginning of a document, or no text */
    A_TABLE, /* a row: a list in columns, or a corpus */
    A_LIST
} file_look;

static file_look look_at(lb_str text) {
    size_t at = 0;
    while (at < text.size && lb_is_blank(text.data[at]))
        at++;
    bool mention = at + 1 < text.size && text.data[at] == '<' && text.data[at + 1] == '@';
    if (at < text.size && strchr("{[<", text.data[at]) && !mention)
        return NO_LIST;
    bool quoted = false, row = false;
    for (size_t i = at; i < text.size && text.data[i] != '\n'; i++) {
        quoted ^= text.data[i] == '"';
        if ((unsigned char)text.data[i] < ' ' && text.data[i] != '\r' && text.data[i] != '\t')
            return NO_LIST;
        row = row || (!quoted && strchr(",;\t", text.data[i]));
    }
    return row ? A_TABLE : A_LIST;
}

/* What the ids are looked up in. */
typedef struct lookup {
    lb_directory directory;
    const lb_texts *texts;
    bool units_are_users;
    bool conversations; /* ids are those of conversations */
} lookup;

static size_t find_conversation(const lb_texts *texts, lb_str id) {
    uint64_t hash = lb_hash_str(id);
    size_t at = lb_search_u64(texts->conversation_hashes, 0, texts->conversations, hash);
    return at < texts->conversations && texts->conversation_hashes[at] == hash ? at : SIZE_MAX;
}

static int is_known(void *context, lb_str id, lb_error *error) {
    lookup *in = context;
    lb_hits found;
    if (in->conversations)
        return find_conversation(in->texts, id) != SIZE_MAX;
    int status = lb_directory_find(&in->directory, id, &found, error);
    return status < 0 ? status : found.count > 0;
}

static int add_user(lb_opted_out *out, size_t *capacity, uint64_t hash, lb_error *error) {
    uint64_t *grown = lb_grow(out->users, capacity, out->count + 1, sizeof *grown, error);
    if (!grown)
        return LB_E_RESOURCE;
    out->users = grown;
    out->users[out->count++] = hash;
    return LB_OK;
}

/* Takes down whom one listed id names. */
static int take_id(lb_opted_out *out, lookup *in, size_t *capacity, lb_str id, lb_error *error) {
    lb_hits found;
    int status = lb_directory_find(&in->directory, id, &found, error);
    if (status == LB_OK)
        status = lb_listed_add(&out->listed, &in->directory, id, &found, error);
    for (size_t i = 0; status == LB_OK && i < found.count; i++)
        status = add_user(out, capacity, in->directory.facts[found.first[i].unit].hash, error);
    return status;
}

/* The people who wrote in listed conversations, and what they wrote there. */
static int take_conversations(lb_opted_out *out, lookup *in, const lb_id_list *list,
                              lb_error *error) {
    const lb_texts *texts = in->texts;
    size_t capacity = 0;
    bool *listed = lb_alloc_zero(texts->conversations, sizeof *listed);
    int status = listed ? LB_OK : lb_fail_memory(error, "looking up who opted out");
    for (size_t i = 0; status == LB_OK && i < list->count; i++) {
        size_t at = find_conversation(texts, list->ids[i]);
        lb_hits found = {.exact = at != SIZE_MAX};
        status = lb_listed_add(&out->listed, &in->directory, list->ids[i], &found, error);
        if (found.exact)
            listed[at] = true;
    }
    for (size_t unit = 0; status == LB_OK && unit < texts->units; unit++) {
        uint64_t before = out->messages;
        for (size_t i = texts->offsets[unit]; i < texts->offsets[unit + 1]; i++)
            out->messages += listed[texts->messages[i].conversation];
        if (out->messages > before)
            status = add_user(out, &capacity, texts->unit_hashes[unit], error);
    }
    lb_free(listed);
    return status;
}

/* A list; where nobody is found by it, perhaps of conversations. */
static int read_list(lb_opted_out *out, lookup *in, const char *path, lb_error *error) {
    lb_id_list list;
    size_t capacity = 0;
    int status = lb_id_list_read(&list, path, is_known, in, error);
    if (status == LB_OK && list.matching == 0 && in->texts && in->units_are_users) {
        lb_id_list other = {0};
        in->conversations = true;
        status = lb_id_list_read(&other, path, is_known, in, error);
        in->conversations = status == LB_OK && other.matching > 0;
        lb_id_list_free(in->conversations ? &list : &other);
        list = in->conversations ? other : list;
    }
    out->conversations = in->conversations;
    out->column = list.column;
    out->columns = list.columns;
    snprintf(out->heading, sizeof out->heading, "%.*s", (int)list.heading.size,
             list.heading.size ? list.heading.data : "");
    if (status == LB_OK && in->conversations)
        status = take_conversations(out, in, &list, error);
    for (size_t i = 0; status == LB_OK && !in->conversations && i < list.count; i++)
        status = take_id(out, in, &capacity, list.ids[i], error);
    lb_id_list_free(&list);
    return status;
}

static int read_corpus(lb_opted_out *out, lookup *in, const lb_settings *settings,
                       lb_error *error) {
    lb_other_input input = {.path = settings->opted_out};
    int status = lb_other_corpus_open(&out->other, settings, &input, error);
    if (status == LB_OK)
        status = lb_other_corpus_read(&out->other, settings, error);
    out->index = out->other.index;
    size_t capacity = 0;
    bool users = status == LB_OK && lb_index_unit(out->index) == LB_UNIT_USER;
    for (size_t i = 0; status == LB_OK && users && i < lb_index_units(out->index); i++)
        status = take_id(out, in, &capacity, lb_index_facts(out->index)[i].key, error);
    return status;
}

/* How the file begins; NO_LIST also where it cannot be read as a table. */
static int look(const char *path, file_look *looks, lb_error *error) {
    lb_side_table *file = NULL;
    struct stat facts;
    *looks = NO_LIST;
    if (stat(path, &facts) != 0 || !S_ISREG(facts.st_mode))
        return LB_OK;
    int status =
        lb_side_table_open(&file, path, (lb_side_form){.delimiters = "", .trimmed = true}, NULL);
    if (status == LB_OK)
        *looks = look_at(lb_side_table_head(file));
    lb_side_table_close(file);
    return status == LB_E_RESOURCE ? lb_fail_memory(error, "reading who opted out") : LB_OK;
}

/* A corpus, and if it is none, or none of these people, perhaps a list in columns. */
static int read_corpus_or_table(lb_opted_out *out, lookup *in, const lb_settings *settings,
                                file_look looks, lb_error *error) {
    lb_error inner;
    int status = read_corpus(out, in, settings, &inner);
    bool nobody = status == LB_OK && out->count == 0 && out->listed.ids > 0;
    if (looks == A_TABLE && (status == LB_E_INPUT || status == LB_E_USAGE || nobody)) {
        lb_opted_out list = {0};
        int listed = read_list(&list, in, settings->opted_out, error);
        bool better = listed == LB_OK && (!nobody || list.count > 0);
        lb_opted_out_free(better || status < 0 ? out : &list);
        if (better || status < 0)
            *out = list;
        return better ? LB_OK : status < 0 ? listed : LB_OK;
    }
    if (status == LB_E_INPUT || status == LB_E_USAGE)
        return lb_fail(error, LB_E_INPUT, settings->opted_out,
                       "write one user id a line, as plain text, or name a corpus of conversations",
                       "is neither a list of ids nor a corpus: %s", inner.what);
    if (status < 0 && error)
        *error = inner;
    return status;
}

static void sort_users(lb_opted_out *out) {
    if (out->count > 1)
        qsort(out->users, out->count, sizeof *out->users, lb_order_u64);
    size_t kept = 0;
    for (size_t i = 0; i < out->count; i++)
        if (i == 0 || out->users[i] != out->users[kept - 1])
            out->users[kept++] = out->users[i];
    out->count = kept;
}

int lb_opted_out_load(lb_opted_out *out, const lb_settings *settings, const lb_index *index,
                      lb_error *error) {
    *out = (lb_opted_out){0};
    lookup in = {.texts = lb_index_texts(index),
                 .units_are_users = lb_index_unit(index) == LB_UNIT_USER};
    const lb_unit_facts *facts = lb_index_facts(index);
    file_look looks = NO_LIST;
    int status = lb_directory_make(&in.directory, facts, lb_index_units(index), error);
    if (status == LB_OK)
        status = look(settings->opted_out, &looks, error);
    if (status == LB_OK && looks == A_LIST)
        status = read_list(out, &in, settings->opted_out, error);
    else if (status == LB_OK)
        status = read_corpus_or_table(out, &in, settings, looks, error);
    lb_directory_free(&in.directory);
    if (status < 0) {
        lb_opted_out_free(out);
        return status;
    }
    sort_users(out);
    for (size_t i = 0; !out->conversations && facts && i < lb_index_units(index); i++)
        out->messages += lb_opted_out_has(out, facts[i].hash) ? facts[i].messages : 0;
    return LB_OK;
}

void lb_opted_out_free(lb_opted_out *out) {
    lb_free(out->users);
    lb_listed_free(&out->listed);
    lb_other_corpus_free(&out->other);
    *out = (lb_opted_out){0};
}

bool lb_opted_out_has(const lb_opted_out *out, uint64_t user_hash) {
    return out->count > 0 &&
           bsearch(&user_hash, out->users, out->count, sizeof *out->users, lb_order_u64) != NULL;
}
