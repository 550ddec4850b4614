#include "report/kit/plain.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/ascii.h"
#include "results/metric.h"
#include "results/number.h"

enum { DIGITS = 3, NAMES_SHOWN = 3, TYPES_SHOWN = 3 };

static const struct {
    const char *metric, *sentence;
} PLAIN[] = {
#define LB_PLAIN(metric, sentence) {metric, sentence},
#include "results/plain.def"
};

static const char *sentence_of(const char *metric) {
    for (size_t i = 0; i < sizeof PLAIN / sizeof *PLAIN; i++)
        if (strcmp(PLAIN[i].metric, metric) == 0)
            return PLAIN[i].sentence;
    return NULL;
}

bool lb_plain_has(const char *metric) {
    return sentence_of(metric) != NULL;
}

void lb_sentence_begin(lb_buffer *text, size_t at) {
    if (text->size > at && lb_is_lower(text->data[at]))
        text->data[at] = (char)(text->data[at] - 'a' + 'A');
}

static bool begins(const char *text, const char *with) {
    return strncmp(text, with, strlen(with)) == 0;
}

static double units_of(const json_t *list, size_t index) {
    return lb_lookup_number_if(json_array_get(list, index), "units");
}

double lb_plain_among(const json_t *document, const char *metric) {
    static const char unicity[] = "tokens.unicity_p";
    if (begins(metric, "link."))
        return lb_figure_of(document, "link.eligible_users").value;
    if (begins(metric, "ext."))
        return lb_figure_of(document, "ext.eligible_users").value;
    if (begins(metric, unicity))
        return units_of(lb_lookup_if(document, "singling_out.unicity"),
                        (size_t)(metric[sizeof unicity - 1] - '1'));
    if (begins(metric, "tokens."))
        return units_of(lb_lookup_if(document, "singling_out.tokens"), 0);
    return lb_document_count(document);
}

bool lb_plain_few(const json_t *document, const char *metric) {
    return lb_plain_among(document, metric) < LB_FEW;
}

int lb_plain_whom(const json_t *document, const char *metric, lb_buffer *into, lb_error *error) {
    bool attacked = begins(metric, "link."), sought = begins(metric, "ext.");
    double among = lb_plain_among(document, metric);
    int status = lb_buffer_printf(into, error, "%s", attacked || sought ? "the " : "");
    if (status == LB_OK)
        status = isnan(among) ? lb_buffer_printf(into, error, "%s", lb_document_units(document))
                              : lb_document_units_print(document, among, into, error);
    if (status == LB_OK && (attacked || sought))
        status = lb_buffer_printf(into, error, " who %s",
                                  attacked ? "wrote enough to be attacked"
                                           : "were looked for in the other corpus");
    return status;
}

int lb_plain_share(const json_t *document, const char *metric, const lb_figure *share,
                   lb_buffer *into, lb_error *error) {
    int status;
    if (lb_plain_few(document, metric)) {
        char number[LB_NUMBER_MAX];
        double count = share->value * lb_plain_among(document, metric);
        bool whole = fabs(count - round(count)) < 1e-6;
        lb_number_display(whole ? round(count) : count, "", 2, number);
        status = lb_buffer_printf(into, error, "%s%s", whole ? "" : "on average ", number);
    } else
        status = lb_figure_print(share, DIGITS, true, into, error);
    if (status == LB_OK)
        status = lb_buffer_printf(into, error, " of ");
    return status == LB_OK ? lb_plain_whom(document, metric, into, error) : status;
}

int lb_plain_names(const json_t *names, const char *none, lb_buffer *into, lb_error *error) {
    size_t count = json_array_size(names);
    size_t shown = count > NAMES_SHOWN ? NAMES_SHOWN - 1 : count;
    int status = count == 0 ? lb_buffer_printf(into, error, "%s", none) : LB_OK;
    for (size_t i = 0; status == LB_OK && i < shown; i++) {
        const char *name = json_string_value(json_array_get(names, i));
        const char *join = i == 0 ? "" : i + 1 == count ? " and " : ", ";
        status = lb_buffer_printf(into, error, "%s%s", join, name ? name : lb_not_known);
    }
    if (status == LB_OK && shown < count)
        status = lb_buffer_printf(into, error, " and %zu more fields", count - shown);
    return status;
}

/* What a sentence is about, and where it goes. */
typedef struct sentence {
    const json_t *document;
    const char *metric;
    lb_figure figure;
    lb_buffer *into;
    lb_error *error;
} sentence;

static int say_value(const sentence *s, lb_str argument) {
    (void)argument;
    return lb_figure_print(&s->figure, DIGITS, true, s->into, s->error);
}

static int say_share(const sentence *s, lb_str argument) {
    (void)argument;
    return lb_plain_share(s->document, s->metric, &s->figure, s->into, s->error);
}

static int say_units(const sentence *s, lb_str argument) {
    (void)argument;
    return lb_document_units_print(s->document, s->figure.value, s->into, s->error);
}

static int say_count(const sentence *s, lb_str noun) {
    char number[LB_NUMBER_MAX];
    lb_number_display(s->figure.value, "", DIGITS, number);
    return lb_buffer_printf(s->into, s->error, "%s %.*s%s", number, (int)noun.size, noun.data,
                            s->figure.value == 1 ? "" : "s");
}

static int say_fields(const sentence *s, lb_str argument) {
    (void)argument;
    return lb_plain_names(lb_lookup(s->document, "corpus.quasi_identifiers"), "the fields", s->into,
                          s->error);
}

static int say_sensitive(const sentence *s, lb_str argument) {
    (void)argument;
    return lb_plain_names(lb_lookup(s->document, "corpus.sensitive"), "the sensitive field",
                          s->into, s->error);
}

static int say_k(const sentence *s, lb_str argument) {
    (void)argument;
    double k = begins(s->metric, "qi.")
                   ? lb_lookup_number(s->document, "singling_out.quasi_identifiers.threshold")
                   : lb_lookup_number(
                         json_array_get(lb_lookup(s->document, "singling_out.tokens"), 0), "k");
    char number[LB_NUMBER_MAX];
    lb_number_display(k, "", DIGITS, number);
    return lb_buffer_printf(s->into, s->error, "%s", number);
}

/* The most frequent type that is not among the `taken` first ones; NULL: there is none. */
static const json_t *type_next(const json_t *types, double below, size_t after) {
    const json_t *best = NULL;
    for (size_t i = 0; i < json_array_size(types); i++) {
        const json_t *type = json_array_get(types, i);
        double hits = lb_lookup_number(type, "hits");
        bool taken = hits > below || (hits == below && i <= after);
        if (hits > 0 && !taken && (!best || hits > lb_lookup_number(best, "hits")))
            best = type;
    }
    return best;
}

static size_t index_of(const json_t *types, const json_t *type) {
    size_t i = 0;
    while (json_array_get(types, i) != type)
        i++;
    return i;
}

/* ": e-mail addresses (12), telephone numbers (12)" */
static int say_types(const sentence *s, lb_str argument) {
    (void)argument;
    const json_t *types = lb_lookup_if(s->document, "singling_out.identifiers.types");
    double below = INFINITY;
    size_t after = 0, shown = 0;
    int status = LB_OK;
    for (const json_t *type; status == LB_OK && (type = type_next(types, below, after));) {
        char name[64], number[LB_NUMBER_MAX];
        below = lb_lookup_number(type, "hits");
        after = index_of(types, type);
        if (shown == TYPES_SHOWN)
            return lb_buffer_printf(s->into, s->error, ", and others");
        snprintf(name, sizeof name, "identifiers.%s", lb_lookup_text(type, "type"));
        const lb_metric *metric = lb_metric_find(name);
        lb_number_display(below, "", DIGITS, number);
        status = lb_buffer_printf(s->into, s->error, "%s%s (%s)", shown++ ? ", " : ": ",
                                  metric ? metric->title : lb_lookup_text(type, "type"), number);
    }
    return status;
}

static const struct {
    const char *name;
    int (*say)(const sentence *s, lb_str argument);
} SLOTS[] = {{"value", say_value}, {"share", say_share},   {"units", say_units},
             {"count", say_count}, {"fields", say_fields}, {"sensitive", say_sensitive},
             {"k", say_k},         {"types", say_types}};

/* `slot` is what stands in braces. */
static int slot_say(const sentence *s, lb_str slot) {
    const char *space = memchr(slot.data, ' ', slot.size);
    size_t length = space ? (size_t)(space - slot.data) : slot.size;
    lb_str argument = {slot.data + length + (space != NULL), slot.size - length - (space != NULL)};
    for (size_t i = 0; i < sizeof SLOTS / sizeof *SLOTS; i++)
        if (strlen(SLOTS[i].name) == length && memcmp(SLOTS[i].name, slot.data, length) == 0)
            return SLOTS[i].say(s, argument);
    return LB_OK;
}

static int words_say(const sentence *s, lb_str words) {
    char text[256];
    snprintf(text, sizeof text, "%.*s", (int)words.size, words.data);
    return lb_document_phrase(s->document, text, s->into, s->error);
}

static int sentence_say(const sentence *s, const char *template) {
    int status = LB_OK;
    while (status == LB_OK && *template) {
        size_t plain = strcspn(template, "{");
        status = words_say(s, (lb_str){template, plain});
        template += plain;
        if (*template == '\0')
            break;
        size_t slot = strcspn(template, "}");
        if (status == LB_OK)
            status = slot_say(s, (lb_str){template + 1, slot - 1});
        template += slot + 1;
    }
    return status;
}

/* "; at least 11 are required": of the rule "min 11". */
static int limit_say(const sentence *s, const json_t *check) {
    char name[32], limit[LB_NUMBER_MAX];
    const char *rule = lb_lookup_text(check, "rule"), *space = strchr(rule, ' ');
    double threshold;
    if (!space || !lb_number_parse(space + 1, &threshold))
        return LB_OK;
    snprintf(name, sizeof name, "%.*s", (int)(space - rule), rule);
    lb_number_display(threshold, s->figure.unit, DIGITS, limit);
    const char *bound = !s->figure.has_interval                 ? ""
                        : lb_lookup_is(check, "bound", "upper") ? " at the upper end of the range"
                        : lb_lookup_is(check, "bound", "lower") ? " at the lower end of the range"
                                                                : "";
    if (strcmp(name, "max_increase") == 0)
        return lb_buffer_printf(s->into, s->error, "; since the baseline it may rise by %s at most",
                                limit);
    if (strcmp(name, "max") == 0 && threshold == 0)
        return lb_buffer_printf(s->into, s->error, "; none is allowed%s", bound);
    bool least = strcmp(name, "min") == 0, one = threshold <= 1 || *s->figure.unit == '\0';
    return lb_buffer_printf(s->into, s->error, "; at %s %s %s %s%s", least ? "least" : "most",
                            limit, one || strcmp(s->figure.unit, "share") == 0 ? "is" : "are",
                            least ? "required" : "allowed", bound);
}

int lb_plain_check(const json_t *document, const json_t *check, lb_buffer *into, lb_error *error) {
    const char *name = lb_lookup_text(check, "metric");
    const char *template = sentence_of(name);
    const lb_metric *metric = lb_metric_find(name);
    size_t start = into->size;
    sentence s = {.document = document, .metric = name, .into = into, .error = error};
    s.figure = lb_figure_at(check, "value", "low", "high");
    s.figure.unit = metric ? metric->unit : "";
    bool told = template && (s.figure.known || !metric);
    int status = told ? sentence_say(&s, template)
                      : lb_buffer_printf(into, error, "%s", lb_lookup_text(check, "reason"));
    if (status == LB_OK && told)
        status = limit_say(&s, check);
    lb_sentence_begin(into, start);
    return status;
}
