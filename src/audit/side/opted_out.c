#include "audit/side/opted_out.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "base/hash.h"
#include "base/order.h"
#include "corpus/read/side_table.h"

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Plain text whose first line is neither the beginning of a document nor a row. */
static bool looks_like_list(lb_str text) {
    size_t at = 0;
    while (at < text.size && is_blank(text.data[at]))
        at++;
    if (at < text.size && strchr("{[<", text.data[at]))
        return false;
    bool quoted = false;
    for (size_t i = at; i < text.size && text.data[i] != '\n'; i++) {
        quoted ^= text.data[i] == '"';
        if ((unsigned char)text.data[i] < ' ' && text.data[i] != '\r')
            return false;
        if (!quoted && (text.data[i] == ',' || text.data[i] == ';'))
            return false;
    }
    return true;
}

static int add_user(lb_opted_out *out, size_t *capacity, uint64_t hash, lb_error *error) {
    uint64_t *grown = lb_grow(out->users, capacity, out->count + 1, sizeof *grown, error);
    if (!grown)
        return LB_E_RESOURCE;
    out->users = grown;
    out->users[out->count++] = hash;
    return LB_OK;
}

static int read_list(lb_opted_out *out, lb_side_table *list, lb_error *error) {
    size_t capacity = 0;
    lb_side_row row;
    int status;
    while ((status = lb_side_table_next(list, &row, error)) == 1)
        if ((status = add_user(out, &capacity, lb_hash_str(row.cells[0]), error)) < 0)
            break;
    return status;
}

/* The file as a list; NULL where it is none, and a corpus or nothing. */
static int open_list(lb_side_table **list, const char *path, lb_error *error) {
    struct stat facts;
    *list = NULL;
    if (stat(path, &facts) != 0 || !S_ISREG(facts.st_mode))
        return LB_OK;
    int status =
        lb_side_table_open(list, path, (lb_side_form){.delimiters = "", .trimmed = true}, error);
    if (status == LB_OK && !looks_like_list(lb_side_table_head(*list))) {
        lb_side_table_close(*list);
        *list = NULL;
    }
    return status == LB_E_INPUT ? LB_OK : status;
}

static int read_corpus(lb_opted_out *out, const lb_settings *settings, lb_error *error) {
    lb_other_input input = {.path = settings->opted_out};
    int status = lb_other_corpus_open(&out->other, settings, &input, error);
    if (status == LB_OK)
        status = lb_other_corpus_read(&out->other, settings, error);
    out->index = out->other.index;
    size_t capacity = 0;
    bool users = status == LB_OK && lb_index_unit(out->index) == LB_UNIT_USER;
    for (size_t i = 0; status == LB_OK && users && i < lb_index_units(out->index); i++)
        status = add_user(out, &capacity, lb_index_facts(out->index)[i].hash, error);
    return status;
}

int lb_opted_out_load(lb_opted_out *out, const lb_settings *settings, lb_error *error) {
    *out = (lb_opted_out){0};
    lb_side_table *list;
    int status = open_list(&list, settings->opted_out, error);
    if (status == LB_OK)
        status = list ? read_list(out, list, error) : read_corpus(out, settings, error);
    lb_side_table_close(list);
    if (status < 0) {
        lb_opted_out_free(out);
        return status;
    }
    if (out->count > 1)
        qsort(out->users, out->count, sizeof *out->users, lb_order_u64);
    size_t kept = 0;
    for (size_t i = 0; i < out->count; i++)
        if (i == 0 || out->users[i] != out->users[kept - 1])
            out->users[kept++] = out->users[i];
    out->count = kept;
    return LB_OK;
}

void lb_opted_out_free(lb_opted_out *out) {
    lb_free(out->users);
    lb_other_corpus_free(&out->other);
    *out = (lb_opted_out){0};
}

bool lb_opted_out_has(const lb_opted_out *out, uint64_t user_hash) {
    return out->count > 0 &&
           bsearch(&user_hash, out->users, out->count, sizeof *out->users, lb_order_u64) != NULL;
}
