#include "audit/policy/settings_json.h"

#include <stdlib.h>

#include "results/json_value.h"

static int compare(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static json_t *sorted(const char *const *items, size_t count) {
    const char **order = lb_alloc(count, sizeof *order);
    if (!order)
        return NULL;
    for (size_t i = 0; i < count; i++)
        order[i] = items[i];
    qsort(order, count, sizeof *order, compare);
    json_t *list = lb_json_texts(order, count);
    lb_free(order);
    return list;
}

/* Of two KEY=PATH for one key the later holds. */
static json_t *effective(const char *const *maps, size_t count) {
    const char **kept = lb_alloc(count, sizeof *kept);
    size_t n = 0;
    if (!kept)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        size_t key = strcspn(maps[i], "=") + 1;
        bool later = false;
        for (size_t j = i + 1; j < count; j++)
            later = later || strncmp(maps[i], maps[j], key) == 0;
        if (!later)
            kept[n++] = maps[i];
    }
    json_t *list = sorted(kept, n);
    lb_free(kept);
    return list;
}

/* A comma list as it was given; NULL: null. */
static json_t *cut(const char *list) {
    const char *items[64];
    size_t count = 0;
    if (!list)
        return json_null();
    char *copy = lb_alloc(strlen(list) + 1, 1), *rest = NULL;
    if (!copy)
        return NULL;
    memcpy(copy, list, strlen(list) + 1);
    for (char *item = strtok_r(copy, ", \t", &rest); item && count < sizeof items / sizeof *items;
         item = strtok_r(NULL, ", \t", &rest))
        items[count++] = item;
    json_t *cut_list = sorted(items, count);
    lb_free(copy);
    return cut_list;
}

static json_t *text(const char *value) {
    return lb_json_text(lb_str_of(value));
}

static const char *split_name(lb_split_rule rule) {
    return rule == LB_SPLIT_CONVERSATION ? "conversation" : rule == LB_SPLIT_TIME ? "time" : NULL;
}

json_t *lb_settings_json(const lb_settings *settings) {
    const lb_corpus_options *corpus = &settings->corpus;
    json_t *object = json_object();
    bool ok =
        lb_json_set(object, "format", text(corpus->format)) &&
        lb_json_set(object, "map", effective(corpus->maps, corpus->map_count)) &&
        lb_json_set(object, "roles", cut(corpus->roles)) &&
        lb_json_set(object, "skip", cut(corpus->skip)) &&
        lb_json_set(object, "weight", text(corpus->weight)) &&
        lb_json_set(object, "k", lb_json_count(settings->k)) &&
        lb_json_set(object, "ngrams", lb_json_count(settings->ngrams)) &&
        lb_json_set(object, "missing",
                    json_string(settings->missing == LB_MISSING_ANY ? "any" : "own")) &&
        lb_json_set(object, "min_messages", lb_json_count(settings->min_messages)) &&
        lb_json_set(object, "split", text(split_name(settings->split))) &&
        lb_json_set(object, "sampling_fraction", lb_json_number(settings->sampling_fraction)) &&
        lb_json_set(object, "population",
                    settings->population ? lb_json_count(settings->population) : json_null());
    return lb_json_whole(object, ok);
}
