/* Words that few people use: the uniqueness distribution (Chia et al. 2019, section III). */
#include <string.h>

#include "report/html/html.h"
#include "report/html/html_table.h"
#include "report/kit/svg_chart.h"
#include "results/number.h"

enum { LENGTHS_MAX = 5, ROWS_SHOWN = 20 };

static const char *length_name(double n) {
    static const char *const NAMES[] = {"words", "pairs of words", "runs of three", "runs of four",
                                        "runs of five"};
    return n >= 1 && n <= LENGTHS_MAX ? NAMES[(size_t)n - 1] : "runs of words";
}

static void sentence(lb_html *html) {
    lb_figure own = lb_figure_of(html->document, "tokens.unique_share");
    lb_figure repeated = lb_figure_of(html->document, "tokens.signature_share");
    lb_figure random = lb_figure_of(html->document, "tokens.unicity_p1");
    const char *units = lb_document_units(html->document);
    lb_html_open(html, "p", "class", "lead", NULL);
    if (own.known) {
        lb_html_number(html, own.value, "share");
        lb_html_text(html, " of %s use a word that ", units);
        lb_html_term(html, "tokens.unique_share", "no one else uses");
        lb_html_text(html, ". ");
    }
    if (repeated.known) {
        lb_html_number(html, repeated.value, "share");
        lb_html_text(html, " repeat a rare word in two conversations or more, a ");
        lb_html_term(html, "tokens.signature_share", "signature");
        lb_html_text(html, " by which their texts can be linked. ");
    }
    if (random.known) {
        lb_html_phrase(html, "One of a unit's words, ");
        lb_html_term(html, "tokens.unicity_p1", "picked at random");
        lb_html_say(html, ", singles out ", random.value, "share");
        lb_html_text(html, ".");
    }
    lb_html_close(html);
}

/* The cumulated distribution of one length: x = users, y = distinct tokens of at most x users. */
static bool series_make(lb_html *html, const json_t *distribution, lb_series *series) {
    size_t count = json_array_size(distribution);
    double *points = lb_alloc(count, 2 * sizeof *points);
    if (!points) {
        html->failed = true;
        return false;
    }
    double sum = 0;
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        const json_t *row = json_array_get(distribution, i);
        double users = lb_lookup_item(row, 0);
        sum += lb_lookup_item(row, 1);
        if (users < 1 || sum < 1)
            continue;
        points[used] = users;
        points[count + used++] = sum;
    }
    *series = (lb_series){.x = points, .y = points + count, .count = used, .steps = true};
    return true;
}

static void chart(lb_html *html, const json_t *tokens) {
    lb_series series[LENGTHS_MAX] = {0};
    size_t count = 0;
    char title[256], mark[64], x_title[96], k[LB_NUMBER_MAX], below[LB_NUMBER_MAX],
        distinct[LB_NUMBER_MAX];
    const json_t *words = json_array_get(tokens, 0);
    for (size_t i = 0; i < json_array_size(tokens) && count < LENGTHS_MAX; i++) {
        const json_t *entry = json_array_get(tokens, i);
        const json_t *distribution = lb_lookup(entry, "distribution");
        if (json_array_size(distribution) == 0 || !series_make(html, distribution, &series[count]))
            continue;
        series[count++].label = length_name(lb_lookup_number(entry, "n"));
    }
    lb_number_display(lb_lookup_number(words, "k"), "", 1, k);
    lb_number_display(lb_lookup_number(words, "below_k"), "", 1, below);
    lb_number_display(lb_lookup_number(words, "distinct"), "", 1, distinct);
    snprintf(mark, sizeof mark, "k = %s", k);
    snprintf(title, sizeof title, "%s of %s distinct words are used by fewer than %s %s", below,
             distinct, k, lb_document_units(html->document));
    snprintf(x_title, sizeof x_title, "used by at most so many %s (log)",
             lb_document_units(html->document));
    lb_chart drawn = {.id = "uniqueness",
                      .title = title,
                      .description =
                          "Cumulated uniqueness distribution. Both axes are logarithmic: how many "
                          "distinct words, or runs of words, are used by at most so many units.",
                      .x_title = x_title,
                      .y_title = "distinct, cumulated (log)",
                      .series = series,
                      .series_count = count,
                      .mark = lb_lookup_number(words, "k"),
                      .mark_label = mark};
    if (count > 0) {
        lb_html_chart(html, &drawn);
    }
    for (size_t i = 0; i < LENGTHS_MAX; i++)
        lb_free((void *)(uintptr_t)series[i].x);
}

static void length_cell(lb_html *html, const json_t *entry, const char *key) {
    lb_html_row_name(html, "%s", length_name(lb_lookup_number(entry, key)));
}

static void lengths_table(lb_html *html, const json_t *tokens) {
    static const lb_html_column columns[] = {
        {"Runs of words", length_cell, "n"},
        {"#distinct", lb_html_show_number, "distinct"},
        {"#of one unit", lb_html_show_number, "unique"},
        {"#of fewer than k", lb_html_show_number, "below_k"},
        {"#have one of their own", lb_html_show_share, "unique_share"},
        {"#have a signature", lb_html_show_share, "signature_share"},
        {"#unicity, one", lb_html_show_share, "unicity_p1"},
        {0}};
    lb_html_table(html, "By length", columns, tokens);
}

static const char *class_words(const char *name) {
    static const char *const WORDS[][2] = {
        {"number", "numbers"},           {"date", "dates and times"},
        {"url", "addresses of the web"}, {"email", "e-mail addresses"},
        {"handle", "handles"},           {"code", "codes, keys and ids"},
        {"name", "name-like words"},     {"foreign", "words of another script"},
        {"other", "other words"}};
    for (size_t i = 0; name && i < sizeof WORDS / sizeof *WORDS; i++)
        if (strcmp(name, WORDS[i][0]) == 0)
            return WORDS[i][1];
    return name ? name : "";
}

static void class_cell(lb_html *html, const json_t *entry, const char *key) {
    lb_html_row_name(html, "%s", class_words(lb_lookup_text(entry, key)));
}

static void identifying_cell(lb_html *html, const json_t *entry, const char *key) {
    lb_html_leaf(html, "td", NULL, "%s", lb_lookup_flag(entry, key) ? "yes" : "");
}

/* What the rare words are: an identifying class is a leak, a misspelling a habit. */
static void classes_table(lb_html *html, const json_t *classes) {
    static const lb_html_column columns[] = {
        {"What the rare words are", class_cell, "class"},
        {"Points at someone", identifying_cell, "identifying"},
        {"#distinct", lb_html_show_number, "tokens"},
        {"#of one unit", lb_html_show_number, "unique"},
        {"Units that use one", lb_html_show_bar, "units_share"},
        {"#percent", lb_html_show_share, "units_share"},
        {"#only these", lb_html_show_share, "only_share"},
        {0}};
    if (json_array_size(classes) == 0)
        return;
    lb_html_columns_open(html, "Classes of rare words", columns);
    for (size_t i = 0; i < json_array_size(classes); i++)
        if (lb_lookup_number(json_array_get(classes, i), "tokens") != 0)
            lb_html_row(html, columns, json_array_get(classes, i));
    lb_html_table_close(html);
}

static void distribution_table(lb_html *html, const json_t *entry) {
    static const char *const NAMES[] = {"#used by exactly", "#distinct",           "#cumulated",
                                        "#reached",         "#reached, cumulated", NULL};
    const json_t *distribution = lb_lookup(entry, "distribution");
    char caption[96];
    double sum = 0;
    snprintf(caption, sizeof caption, "Uniqueness distribution of %s",
             length_name(lb_lookup_number(entry, "n")));
    lb_html_fold_open(html, caption);
    lb_html_table_open(html, caption, NAMES);
    for (size_t i = 0; i < json_array_size(distribution) && i < ROWS_SHOWN; i++) {
        const json_t *row = json_array_get(distribution, i);
        sum += lb_lookup_item(row, 1);
        lb_html_open(html, "tr", NULL);
        lb_html_cell(html, lb_lookup_item(row, 0), "");
        lb_html_cell(html, lb_lookup_item(row, 1), "");
        lb_html_cell(html, sum, "");
        lb_html_cell(html, lb_lookup_item(row, 2), "");
        lb_html_cell(html, lb_lookup_item(row, 3), "");
        lb_html_close(html);
    }
    lb_html_table_close(html);
    if (json_array_size(distribution) > ROWS_SHOWN)
        lb_html_leaf(html, "p", "note", "The first %d of %zu rows; report.json has all.",
                     ROWS_SHOWN, json_array_size(distribution));
    lb_html_fold_close(html);
}

void lb_html_tokens(lb_html *html) {
    const json_t *tokens = lb_lookup(html->document, "singling_out.tokens");
    lb_html_section_open(html, "words");
    sentence(html);
    chart(html, tokens);
    lengths_table(html, tokens);
    classes_table(html, lb_lookup(json_array_get(tokens, 0), "classes_of_rare_tokens"));
    for (size_t i = 0; i < json_array_size(tokens); i++)
        if (json_array_size(lb_lookup(json_array_get(tokens, i), "distribution")) > 0)
            distribution_table(html, json_array_get(tokens, i));
    lb_html_leaf(html, "p", "note",
                 "A word that is used once, a typo or a paste, singles out but does not link; a "
                 "word that repeats does both. The two are counted apart.");
    lb_html_close(html);
}
