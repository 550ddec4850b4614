/* The fields again, by what the attacker knows; and the fields that nobody named. */
#include "report/html/html.h"
#include "report/html/html_table.h"

static void metric_cell(lb_html *html, const char *metric) {
    lb_figure figure = metric ? lb_figure_of(html->document, metric) : (lb_figure){.known = false};
    if (figure.known)
        lb_html_cell(html, figure.value, "share");
    else
        lb_html_cell_empty(html);
}

static void attacker_row(lb_html *html, const char *name, const char *knows, const char *most,
                         const char *mean, const json_t *above, const char *prefix) {
    static const char *const thresholds[] = {"0.2", "0.09", "0.05"};
    const char *term = mean ? mean : most;
    if (!lb_figure_of(html->document, term).known)
        return;
    lb_html_open(html, "tr", NULL);
    lb_html_open(html, "th", "scope", "row", NULL);
    lb_html_term(html, term, name);
    lb_html_leaf(html, "div", "note", "%s", knows);
    lb_html_close(html);
    metric_cell(html, most);
    metric_cell(html, mean);
    for (size_t i = 0; i < sizeof thresholds / sizeof *thresholds; i++) {
        char key[32];
        snprintf(key, sizeof key, "%s%s", prefix, thresholds[i]);
        lb_html_cell_if(html, above, key, "share");
    }
    lb_html_close(html);
}

static void population_words(lb_html *html) {
    lb_figure k_map = lb_figure_of(html->document, "qi.k_map");
    lb_figure least = lb_figure_of(html->document, "qi.delta_presence_min");
    lb_figure most = lb_figure_of(html->document, "qi.delta_presence_max");
    if (!k_map.known)
        return;
    lb_html_open(html, "p", NULL);
    lb_html_text(
        html, "In the population table everyone of the corpus shares these fields with at least ");
    lb_html_number(html, k_map.value, "");
    lb_html_text(html, " people (");
    lb_html_term(html, "qi.k_map", "k-map");
    lb_html_say(html,
                "), and someone with the right values is in the corpus with a probability of ",
                least.value, "share");
    lb_html_say(html, " to ", most.value, "share");
    lb_html_text(html, " (");
    lb_html_term(html, "qi.delta_presence_max", "delta-presence");
    lb_html_text(html, ").");
    lb_html_close(html);
}

void lb_html_attackers(lb_html *html) {
    static const char *const names[] = {"Attacker",    "#highest",    "#mean", "#above 0.2",
                                        "#above 0.09", "#above 0.05", NULL};
    const json_t *part = lb_lookup(html->document, "singling_out.quasi_identifiers");
    const json_t *population = lb_lookup_if(part, "population_table");
    lb_html_leaf(html, "h3", NULL, "By what the attacker knows");
    lb_html_table_open(html, "Risk by attacker", names);
    attacker_row(html, "Prosecutor", "knows that the target is in the corpus", "qi.prosecutor_max",
                 "qi.prosecutor_mean", lb_lookup(part, "below"), "");
    attacker_row(html, "Journalist", "knows the population, not who is in the corpus",
                 "qi.journalist_max", "qi.journalist_mean", population, "above_");
    attacker_row(html, "Marketer", "wants many right matches, not one", NULL, "qi.marketer", NULL,
                 "");
    attacker_row(html, "By sampling weights", "the population is guessed from the weights",
                 "qi.individual_max", "qi.individual_mean", NULL, "");
    lb_html_table_close(html);
    lb_html_open(html, "p", NULL);
    lb_html_text(
        html,
        "The last three columns are the share of %s whose risk is above 0.2 (groups below "
        "5), 0.09 (below 12) and 0.05 (below 20). Public releases are commonly held to 0.09.",
        lb_document_units(html->document));
    lb_html_close(html);
    population_words(html);
}

void lb_html_candidates(lb_html *html) {
    static const lb_html_column columns[] = {{"Field", lb_html_show_name, "field"},
                                             {"#values", lb_html_show_number, "?values"},
                                             {"Unique alone", lb_html_show_bar, "unique_share"},
                                             {"#percent", lb_html_show_share, "unique_share"},
                                             {"#separation", lb_html_show_share, "?separation"},
                                             {"#missing", lb_html_show_share, "?missing"},
                                             {0}};
    const json_t *list = lb_lookup(html->document, "singling_out.candidates");
    lb_html_section_open(html, "candidates");
    lb_html_open(html, "p", "class", "lead", NULL);
    lb_html_text(html, "%zu more %s %s apart and %s in no figure of this report.",
                 json_array_size(list), json_array_size(list) == 1 ? "field tells" : "fields tell",
                 lb_document_units(html->document), json_array_size(list) == 1 ? "is" : "are");
    lb_html_close(html);
    lb_html_leaf(
        html, "p", NULL,
        "If an outsider may know what stands in one of them, the fields above understate "
        "the risk: name it with --qi. Separation is the share of pairs that differ. Judged "
        "by the first 64 MB of the corpus.");
    lb_html_table(html, "Fields that were not named", columns, list);
    lb_html_close(html);
}
