/* From the sample to the population: how many of the unique here are unique there. */
#include <math.h>
#include <string.h>

#include "report/html/html.h"
#include "report/html/html_table.h"
#include "report/kit/svg_chart.h"
#include "results/number.h"

static const struct model {
    const char *path, *name, *source, *metric; /* which says why there is no estimate */
} MODELS[] = {
    {"pitman", "Pitman", "Hoshino 2001", "population.pitman"},
    {"zayatz", "Zayatz", "Zayatz 1991", "population.zayatz"},
    {"snb", "Slide negative binomial", "Chen & Keller-McNulty 1998", "population.snb"},
    {"generative.unique_share", "Gaussian copula, calibrated", "Rocher et al. 2019", NULL},
};

static void sentence(lb_html *html, const json_t *part) {
    const json_t *spread = lb_lookup(part, "spread");
    double share = lb_lookup_number(part, "unique_share");
    if (isnan(share))
        return;
    lb_html_open(html, "p", "class", "lead", NULL);
    lb_html_say(html, "In a population of ", lb_lookup_number(part, "size"), "");
    lb_html_say(html, ", of which the corpus holds ", lb_lookup_number(part, "sample"), "");
    lb_html_say(html, " (a sampling fraction of ", lb_lookup_number(part, "fraction"), "share");
    lb_html_say(html, "), an estimated ", share, "share");
    lb_html_text(html, " would be ");
    lb_html_term(html, "population.unique_share", "unique");
    lb_html_text(html, " by these fields");
    if (json_array_size(spread) == 2) {
        lb_html_say(html, "; the models range from ", lb_lookup_item(spread, 0), "share");
        lb_html_say(html, " to ", lb_lookup_item(spread, 1), "share");
    }
    lb_html_text(html, ".");
    lb_html_close(html);
}

static void model_row(lb_html *html, const json_t *part, const struct model *model) {
    const char *chosen = lb_lookup_text_or_null(part, "model");
    double share = lb_lookup_number_if(part, model->path);
    lb_html_open(html, "tr", NULL);
    lb_html_open(html, "th", "scope", "row", NULL);
    lb_html_text(html, "%s%s", model->name,
                 chosen && strcmp(chosen, model->path) == 0 ? " (chosen)" : "");
    lb_html_leaf(html, "div", "note", "%s", model->source);
    lb_html_close(html);
    lb_html_open(html, "td", "class", "bar-cell", NULL);
    if (!isnan(share)) {
        lb_svg_share_bar(html, share, 0, 0);
        lb_html_close(html);
        lb_html_cell(html, share, "share");
    } else {
        lb_html_close(html);
        lb_figure figure = model->metric ? lb_figure_of(html->document, model->metric)
                                         : (lb_figure){.known = false};
        const char *why = model->metric ? figure.why : lb_lookup_text_if(part, "generative.why");
        lb_html_leaf(html, "td", "note", "none: %s", why ? why : "it did not converge");
    }
    lb_html_close(html);
}

void lb_html_population(lb_html *html) {
    static const char *const NAMES[] = {"Model", "Unique in the population", "#percent", NULL};
    const json_t *part = lb_lookup(html->document, "population");
    lb_html_section_open(html, "population", "In the population");
    sentence(html, part);
    lb_html_leaf(html, "p", NULL,
                 "Models that see only a sample disagree; the range says how little is known, and "
                 "the largest is the cautious one to plan by.");
    lb_html_table_open(html, "Estimates by model", NAMES);
    for (size_t i = 0; i < sizeof MODELS / sizeof *MODELS; i++)
        model_row(html, part, &MODELS[i]);
    lb_html_table_close(html);
    lb_html_close(html);
}
