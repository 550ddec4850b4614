/* From the corpus to the population: how words single out as the crowd grows, and how many of the
 * unique here are unique there. */
#include <math.h>
#include <string.h>

#include "report/html/html.h"
#include "report/html/html_table.h"
#include "report/kit/svg_chart.h"
#include "results/number.h"

enum { CURVES_MAX = 4 };

static bool is_known(const json_t *curve) {
    return !isnan(lb_lookup_number(curve, "predicted"));
}

/* The curve the sentence is about: three words, as the answer above says them, else the first. */
static const json_t *leading(const json_t *curves) {
    const json_t *first = NULL;
    for (size_t i = 0; i < json_array_size(curves); i++) {
        const json_t *curve = json_array_get(curves, i);
        if (is_known(curve) && (!first || lb_lookup_number(curve, "p") == 3))
            first = curve;
    }
    return first;
}

static double here(const json_t *curve) {
    const json_t *points = lb_lookup(curve, "curve");
    return lb_lookup_item(json_array_get(points, json_array_size(points) - 1), 1);
}

static void predicted(lb_html *html, const json_t *curve) {
    lb_figure figure = lb_figure_at(curve, "predicted", "low", "high");
    lb_html_figure_text(html, &figure);
}

static void forecast(lb_html *html, const json_t *part, const json_t *curve) {
    lb_html_open(html, "p", "class", "lead", NULL);
    if (!curve) {
        lb_html_text(html, "The corpus has too few people to see how this changes in a crowd.");
    } else {
        lb_html_say(html, "Among ", lb_lookup_number(part, "population"), "");
        lb_html_text(html, " people, ");
        lb_html_count(html, lb_lookup_number(curve, "p"));
        lb_html_text(html, " words of a person's own, drawn at random, would single out ");
        predicted(html, curve);
        lb_html_say(html, " of them; among the ", lb_lookup_number(part, "units"), "");
        lb_html_say(html, " here it is ", here(curve), "share");
        lb_html_text(html, ".");
    }
    lb_html_close(html);
}

/* Measured points and, last, the prediction with its interval. */
static void draw(lb_curve *drawn, const json_t *curve, double population) {
    const json_t *points = lb_lookup(curve, "curve");
    drawn->count = 0;
    for (size_t i = 0; i < json_array_size(points) && i + 1 < LB_CURVE_POINTS; i++) {
        const json_t *pair = json_array_get(points, i);
        double share = lb_lookup_item(pair, 1);
        lb_curve_add(drawn, lb_lookup_item(pair, 0), share, share, share);
    }
    lb_curve_add(drawn, population, lb_lookup_number(curve, "predicted"),
                 lb_lookup_number(curve, "low"), lb_lookup_number(curve, "high"));
}

static void chart(lb_html *html, const json_t *part, const json_t *lead) {
    const json_t *curves = lb_lookup(part, "curves");
    static const char chart_title[] = "The larger the crowd, the less a few words single out";
    lb_curve drawn[CURVES_MAX];
    char labels[CURVES_MAX][32];
    lb_series series[CURVES_MAX];
    size_t count = 0;
    for (size_t i = 0; i < json_array_size(curves) && count < CURVES_MAX; i++) {
        const json_t *curve = json_array_get(curves, i);
        if (!is_known(curve))
            continue;
        snprintf(labels[count], sizeof *labels, "%.0f words", lb_lookup_number(curve, "p"));
        draw(&drawn[count], curve, lb_lookup_number(part, "population"));
        series[count] = lb_curve_series(&drawn[count], labels[count]);
        count++;
    }
    const lb_chart made = {.id = "extrapolation-chart",
                           .title = chart_title,
                           .description =
                               "Share of units singled out by so many of their own words, drawn at "
                               "random, in random parts of the corpus and in all of it; the last "
                               "point of each line is the prediction for the population, with its "
                               "95 % interval.",
                           .x_scale = LB_SCALE_LOG,
                           .y_scale = LB_SCALE_SHARE,
                           .x_title = "how many in the crowd",
                           .y_title = "singled out",
                           .series = series,
                           .series_count = count,
                           .mark = lb_lookup_number(part, "units"),
                           .mark_label = "this corpus"};
    if (!lead)
        return;
    lb_html_chart(html, &made);
}

static void curve_row(lb_html *html, const json_t *curve) {
    lb_html_open(html, "tr", NULL);
    lb_html_show_number(html, curve, "p");
    if (is_known(curve)) {
        lb_figure figure = lb_figure_at(curve, "predicted", "low", "high");
        lb_html_cell(html, here(curve), "share");
        lb_html_figure_cell(html, &figure);
        lb_html_show_share(html, curve, "half_error");
    } else {
        lb_html_open(html, "td", "colspan", "3", NULL);
        lb_html_foreign(html, lb_lookup(curve, "why"));
        lb_html_close(html);
    }
    lb_html_close(html);
}

void lb_html_extrapolation(lb_html *html) {
    static const char *const names[] = {"#words known", "#in this corpus",
                                        "#in the population (95 % interval)",
                                        "#error from half to whole", NULL};
    const json_t *part = lb_lookup(html->document, "singling_out.extrapolation");
    const json_t *curves = lb_lookup(part, "curves"), *lead = leading(curves);
    lb_html_section_open(html, "extrapolation");
    forecast(html, part, lead);
    chart(html, part, lead);
    lb_html_table_open(html, "Singled out in the population", names);
    for (size_t i = 0; i < json_array_size(curves); i++)
        curve_row(html, json_array_get(curves, i));
    lb_html_table_close(html);
    lb_html_leaf(
        html, "p", "note",
        "The prediction goes on as the corpus decays from its half to its whole. The last "
        "column is the test of it on what is known: how far off the whole corpus is when "
        "each half of it predicts it. The farther the population from the corpus, the less "
        "the test says. It holds for people who write like those of the corpus.");
    lb_html_close(html);
}

static const struct model {
    const char *path, *name, *source, *metric; /* which says why there is no estimate */
} MODELS[] = {
    {"pitman", "Pitman", "Hoshino 2001", "population.pitman"},
    {"zayatz", "Zayatz", "Zayatz 1991", "population.zayatz"},
    {"snb", "Slide negative binomial", "Chen & Keller-McNulty 1998", "population.snb"},
    {"generative.unique_share", "Gaussian copula, calibrated", "Rocher et al. 2019", NULL},
};

static void estimate(lb_html *html, const json_t *part) {
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
    lb_html_section_open(html, "population");
    estimate(html, part);
    lb_html_leaf(html, "p", NULL,
                 "Models that see only a sample disagree; the range says how little is known, and "
                 "the largest is the cautious one to plan by.");
    lb_html_table_open(html, "Estimates by model", NAMES);
    for (size_t i = 0; i < sizeof MODELS / sizeof *MODELS; i++)
        model_row(html, part, &MODELS[i]);
    lb_html_table_close(html);
    lb_html_close(html);
}
