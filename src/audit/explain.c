#include <ctype.h>

#include "audit/policy/policy.h"
#include "base/buffer.h"
#include "base/resource.h"
#include "linkback/linkback.h"
#include "results/number.h"

enum { NAMES_MAX = 512, FIGURES_MAX = 15 };
static const char list_mend[] = "linkback explain lists what can be explained";

/* How sure the figures are that begin so, and which options change them; the first that fits. */
static const struct about {
    const char *begins, *certainty, *options;
} abouts[] = {
    {"qi.individual_", "an estimate from the sampling weights, without an interval",
     "--weight, --qi, --unit, --missing"},
    {"qi.journalist_", "exact for the population table that is given",
     "--population-table, --qi, --unit, --missing"},
    {"qi.marketer", "exact for the population table that is given",
     "--population-table, --qi, --unit, --missing"},
    {"qi.k_map", "exact for the population table that is given",
     "--population-table, --qi, --unit, --missing"},
    {"qi.delta_", "exact for the population table that is given",
     "--population-table, --qi, --unit, --missing"},
    {"qi.", "exact; counted in the corpus, no interval", "--qi, --unit, --missing, --k"},
    {"suda.dis_", "an estimate that rests on --sampling-fraction, without an interval",
     "--sampling-fraction, --qi, --unit, --missing"},
    {"suda.", "exact; counted in the corpus, no interval", "--qi, --unit, --missing"},
    {"tokens.unicity_",
     "computed over random draws (of one token exactly), with a 95 % interval over people",
     "--ngrams, --roles, --skip, --unit, --seed"},
    {"tokens.worst_", "a count; a lower bound where searches were cut short",
     "--ngrams, --roles, --skip, --unit"},
    {"tokens.", "exact; counted in the corpus, no interval", "--k, --roles, --skip, --unit"},
    {"link.eligible_", "exact; counted in the corpus", "--min-messages, --split, --roles, --skip"},
    {"link.candidates", "exact; counted in the corpus", "--min-messages, --split, --roles"},
    {"link.chance", "exact; one divided by the candidates", "--min-messages, --split, --roles"},
    {"link.pairs_", "a count by probabilities that were learnt, without an interval",
     "--calibrate, --roles, --skip, --seed"},
    {"link.", "an estimate with a 95 % interval over people; a stronger attacker is in no interval",
     "--split, --min-messages, --qi, --roles, --skip, --seed"},
    {"ext.eligible_", "exact; counted in the corpora", "--aux, --truth, --min-messages"},
    {"ext.candidates", "exact; counted in the corpora", "--aux, --aux-map"},
    {"ext.chance", "exact; one divided by the candidates", "--aux, --aux-map"},
    {"ext.pairs_", "a count by probabilities that were learnt, without an interval",
     "--aux, --aux-map, --roles, --skip, --seed"},
    {"ext.", "an estimate with a 95 % interval over people; a stronger attacker is in no interval",
     "--aux, --truth, --aux-map, --min-messages, --roles, --skip, --seed"},
    {"inference.", "exact; counted in the corpus, no interval",
     "--sensitive, --qi, --hierarchy, --missing, --unit"},
    {"population.", "an estimate by a model, without an interval; it can be wrong by a factor",
     "--population, --qi, --unit, --missing, --seed"},
    {"identifiers.reversible_keys", "exact for the space that was tried", "--try-keys, --map"},
    {"identifiers.", "a count of what is recognised, and so a lower bound", "--map, --roles"},
    {"consent.", "a count, without an interval", "--opted-out, --map consent=FIELD"},
    {"retention.", "exact; counted in the corpus", "--map time=FIELD, --policy"},
    {"coverage.", "exact; counted while the inputs were read", "--map, --format, --max-errors"},
};

typedef struct explainer {
    lb_buffer text;
    int status;
    lb_error *error;
} explainer;

#define SAY(e, ...)                                                                                \
    do {                                                                                           \
        if ((e)->status == LB_OK)                                                                  \
            (e)->status = lb_buffer_printf(&(e)->text, (e)->error, __VA_ARGS__);                   \
    } while (0)

/* `text` with people in place of units. */
static void say_phrase(explainer *e, const char *text) {
    if (e->status == LB_OK)
        e->status = lb_metric_phrase(text, "user", &e->text, e->error);
}

/* What the built-in profiles ask of a figure. */
static void say_rules(explainer *e, const lb_metric *metric) {
    char name[LB_PROFILE_NAME_MAX], threshold[LB_NUMBER_MAX];
    bool first = true;
    for (size_t i = 0; e->status == LB_OK && lb_policy_profile(i, name); i++) {
        lb_policy *policy;
        e->status = lb_policy_load(&policy, name, e->error);
        if (e->status < 0)
            return;
        for (size_t j = 0; j < policy->rule_count; j++) {
            const lb_rule *rule = &policy->rules[j];
            if (rule->metric != metric->id)
                continue;
            lb_number_format(rule->threshold, threshold);
            SAY(e, "%s%s %s %s", first ? "  Profiles: " : "; ", name, lb_limit_name(rule->limit),
                threshold);
            first = false;
        }
        lb_policy_free(policy);
    }
    SAY(e, "%s", first ? "" : "\n");
}

static void say_metric(explainer *e, const lb_metric *metric) {
    static const char *const worse[] = {"higher", "lower", "neither direction; it says how many"};
    const lb_family *family = lb_metric_family(metric->name);
    SAY(e, "%s: ", metric->name);
    say_phrase(e, metric->title);
    SAY(e, "\n  ");
    say_phrase(e, metric->definition);
    SAY(e, "\n\n  Unit: %s\n",
        strcmp(metric->unit, "units") == 0 ? "people, or conversations or records (--unit)"
                                           : metric->unit);
    SAY(e, "  Worse: %s\n", worse[metric->worse]);
    for (size_t i = 0; i < sizeof abouts / sizeof *abouts; i++)
        if (strncmp(metric->name, abouts[i].begins, strlen(abouts[i].begins)) == 0) {
            SAY(e, "  Certainty: %s\n  Options: %s\n", abouts[i].certainty, abouts[i].options);
            break;
        }
    if (*family->mend && metric->worse != LB_WORSE_NEITHER)
        SAY(e, "  If it is bad: %s\n", family->mend);
    say_rules(e, metric);
    SAY(e, "  Source: %s\n", metric->source);
}

static void list_metrics(explainer *e, const char *begins) {
    for (int i = 0; i < LB_METRIC_COUNT; i++) {
        const lb_metric *metric = lb_metric_get((lb_metric_id)i);
        if (strncmp(metric->name, begins, strlen(begins)) != 0)
            continue;
        SAY(e, "  %s: ", metric->name);
        say_phrase(e, metric->title);
        SAY(e, "\n");
    }
}

/* --- the words of docs/glossary.md: rows "| word, word | what it is | where |" --- */

typedef struct term {
    lb_str words, meaning;
} term;

/* The next row, or false at the end. */
static bool next_term(lb_str *page, term *found) {
    while (page->size > 0) {
        const char *end = memchr(page->data, '\n', page->size);
        lb_str line = {page->data, end ? (size_t)(end - page->data) : page->size};
        size_t step = line.size + (end != NULL);
        *page = (lb_str){page->data + step, page->size - step};
        if (line.size < 4 || memcmp(line.data, "| ", 2) != 0 ||
            (line.size > 7 && memcmp(line.data, "| word ", 7) == 0))
            continue;
        const char *start = line.data + 2, *last = line.data + line.size;
        const char *bar = memchr(start, '|', (size_t)(last - start));
        const char *next = bar ? memchr(bar + 1, '|', (size_t)(last - bar - 1)) : NULL;
        if (!next || bar - start < 2 || next - bar < 3)
            continue;
        found->words = (lb_str){start, (size_t)(bar - start) - 1};
        found->meaning = (lb_str){bar + 2, (size_t)(next - bar) - 3};
        return true;
    }
    return false;
}

static lb_str glossary(void) {
    const lb_resource *page = lb_resource_find("docs/glossary.md");
    return page ? page->content : LB_STR("");
}

/* The first of the words of a row, or what of `rest` comes next. False: none is left. */
static bool next_word(lb_str *rest, lb_str *word) {
    if (rest->size == 0)
        return false;
    size_t length = 0;
    while (length < rest->size && rest->data[length] != ',')
        length++;
    *word = (lb_str){rest->data, length};
    size_t step = length;
    while (step < rest->size && (rest->data[step] == ',' || rest->data[step] == ' '))
        step++;
    *rest = (lb_str){rest->data + step, rest->size - step};
    return true;
}

/* Whatever the case, and one or many. */
static bool is_word(lb_str word, const char *asked) {
    size_t length = strlen(asked);
    for (size_t i = 0; i < word.size && i < length; i++)
        if (tolower((unsigned char)word.data[i]) != tolower((unsigned char)asked[i]))
            return false;
    return length == word.size ||
           (length == word.size + 1 && tolower((unsigned char)asked[word.size]) == 's') ||
           (length == word.size + 2 && strcmp(asked + word.size, "es") == 0);
}

static bool term_find(const char *asked, term *found) {
    lb_str page = glossary();
    while (next_term(&page, found)) {
        lb_str rest = found->words, word;
        while (next_word(&rest, &word))
            if (is_word(word, asked))
                return true;
    }
    return false;
}

static bool speaks_of(const lb_metric *metric, const char *word) {
    return strstr(metric->name, word) || strstr(metric->title, word) ||
           strstr(metric->definition, word) || strstr(metric->source, word);
}

/* The figures that speak of the term, unless nearly all of them do. */
static void say_figures_of(explainer *e, const term *found) {
    const char *names[LB_METRIC_COUNT];
    char name[64];
    lb_str rest = found->words, word = {0};
    size_t count = 0;
    next_word(&rest, &word);
    snprintf(name, sizeof name, "%.*s", (int)word.size, word.data);
    for (int i = 0; i < LB_METRIC_COUNT; i++) {
        const lb_metric *metric = lb_metric_get((lb_metric_id)i);
        if (speaks_of(metric, name))
            names[count++] = metric->name;
    }
    if (count == 0 || count > FIGURES_MAX)
        return;
    for (size_t i = 0; i < count; i++)
        SAY(e, "%s%s", i == 0 ? "  Figures: " : ", ", names[i]);
    SAY(e, "\n");
}

static void say_term(explainer *e, const term *found) {
    SAY(e, "%.*s\n  ", (int)found->words.size, found->words.data);
    for (size_t i = 0; i < found->meaning.size; i++)
        if (found->meaning.data[i] != '`')
            SAY(e, "%c", found->meaning.data[i]);
    SAY(e, "\n");
    say_figures_of(e, found);
}

static void list_terms(explainer *e) {
    lb_str page = glossary();
    term found;
    for (bool first = true; next_term(&page, &found); first = false)
        SAY(e, "%s%.*s", first ? "  " : "; ", (int)found.words.size, found.words.data);
    SAY(e, "\n");
}

static int unknown(const char *asked, lb_error *error) {
    const char *names[NAMES_MAX];
    char words[NAMES_MAX][48];
    size_t count = 0;
    lb_str page = glossary();
    term found;
    for (int i = 0; i < LB_METRIC_COUNT && count < NAMES_MAX; i++)
        names[count++] = lb_metric_get((lb_metric_id)i)->name;
    while (next_term(&page, &found)) {
        lb_str rest = found.words, word;
        for (; next_word(&rest, &word) && count < NAMES_MAX; count++) {
            snprintf(words[count], sizeof words[count], "%.*s", (int)word.size, word.data);
            names[count] = words[count];
        }
    }
    char what[LB_ERROR_MEND_MAX];
    lb_name_suggest(what, "", asked, names, count, list_mend);
    return lb_fail(error, LB_E_USAGE, asked, what, "no figure and no word is called so");
}

int lb_explain(const char *word, char **text, lb_error *error) {
    explainer e = {.error = error};
    char begins[64];
    term found;
    snprintf(begins, sizeof begins, "%s.", word ? word : "");
    if (!word) {
        SAY(&e, "Figures\n");
        list_metrics(&e, "");
        SAY(&e, "\nWords\n");
        list_terms(&e);
    } else if (lb_metric_find(word))
        say_metric(&e, lb_metric_find(word));
    else if (term_find(word, &found))
        say_term(&e, &found);
    else {
        list_metrics(&e, begins);
        if (e.status == LB_OK && e.text.size == 0)
            e.status = unknown(word, error);
    }
    if (e.status < 0)
        lb_buffer_free(&e.text);
    else
        *text = e.text.data;
    return e.status;
}
