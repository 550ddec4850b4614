#include "report/kit/svg_chart.h"

#include <math.h>

#include "results/number.h"

/* The frame in the units of the viewBox; text is 12 of them high. */
enum {
    WIDTH = 500,
    HEIGHT = 310,
    LEFT = 50,
    RIGHT = 128, /* room for the labels of the lines */
    TOP = 26,
    BOTTOM = 46,
    LABEL_GAP = 14,
    SERIES_MAX = 8
};

typedef struct axis {
    lb_scale scale;
    double first, last; /* values at both ends; decades on a logarithmic axis */
    double from, to;    /* places of both ends */
} axis;

static axis axis_of(const lb_chart *chart, bool horizontal) {
    double least = INFINITY, most = -INFINITY;
    for (size_t i = 0; i < chart->series_count; i++) {
        const lb_series *series = &chart->series[i];
        for (size_t j = 0; j < series->count; j++) {
            double value = horizontal ? series->x[j] : series->y[j];
            least = fmin(least, value);
            most = fmax(most, value);
        }
    }
    axis found = {.scale = horizontal ? chart->x_scale : chart->y_scale, .first = 0, .last = 1};
    if (found.scale == LB_SCALE_LOG && most > 0) {
        found.first = floor(log10(least) + 1e-9);
        found.last = ceil(log10(most) - 1e-9);
    } else if (found.scale == LB_SCALE_WHOLE && most >= least) {
        found.first = floor(least);
        found.last = ceil(most);
    }
    if (found.last <= found.first)
        found.last = found.first + 1;
    found.from = horizontal ? LEFT : HEIGHT - BOTTOM;
    found.to = horizontal ? WIDTH - RIGHT : TOP;
    return found;
}

static double place(const axis *along, double value) {
    double at = along->scale == LB_SCALE_LOG ? log10(value) : value;
    double share = (at - along->first) / (along->last - along->first);
    return along->from + share * (along->to - along->from);
}

static void line(lb_html *html, const char *class, double x1, double y1, double x2, double y2) {
    lb_html_open(html, "line", "class", class, NULL);
    lb_html_coordinate(html, "x1", x1);
    lb_html_coordinate(html, "y1", y1);
    lb_html_coordinate(html, "x2", x2);
    lb_html_coordinate(html, "y2", y2);
    lb_html_close_void(html);
}

static void label(lb_html *html, const char *anchor, const char *class, double x, double y,
                  const char *text) {
    lb_html_open(html, "text", "class", class, "text-anchor", anchor, NULL);
    lb_html_coordinate(html, "x", x);
    lb_html_coordinate(html, "y", y);
    lb_html_text(html, "%s", text);
    lb_html_close(html);
}

static void decade_label(int decade, char text[LB_NUMBER_MAX]) {
    static const char *const labels[] = {"1",     "10",  "100",  "1 k",  "10 k",
                                         "100 k", "1 M", "10 M", "100 M"};
    enum { LABEL_COUNT = sizeof labels / sizeof *labels };
    if (decade >= 0 && decade < LABEL_COUNT)
        snprintf(text, LB_NUMBER_MAX, "%s", labels[decade]);
    else
        snprintf(text, LB_NUMBER_MAX, "1e%d", decade);
}

/* The tick number `index` of an axis; false behind the last. */
static bool tick_of(const axis *along, int index, double *value, char text[LB_NUMBER_MAX]) {
    enum { SHARE_TICKS = 4 };
    double at = along->first + index;
    if (along->scale == LB_SCALE_SHARE) {
        *value = (double)index / SHARE_TICKS;
        lb_number_display(*value, "share", 3, text);
        return index <= SHARE_TICKS;
    }
    if (at > along->last + 1e-9)
        return false;
    if (along->scale == LB_SCALE_LOG) {
        *value = pow(10, at);
        decade_label((int)at, text);
    } else {
        *value = at;
        lb_number_display(at, "", 3, text);
    }
    return true;
}

static void axes_draw(lb_html *html, const lb_chart *chart, const axis *x, const axis *y) {
    char text[LB_NUMBER_MAX];
    double value;
    for (int i = 0; tick_of(x, i, &value, text); i++) {
        double at = place(x, value);
        line(html, "grid", at, y->from, at, y->to);
        label(html, "middle", "tick", at, y->from + 16, text);
    }
    for (int i = 0; tick_of(y, i, &value, text); i++) {
        double at = place(y, value);
        line(html, "grid", x->from, at, x->to, at);
        label(html, "end", "tick", x->from - 6, at + 4, text);
    }
    line(html, "axis", x->from, y->from, x->to, y->from);
    label(html, "middle", "axis-title", (x->from + x->to) / 2, HEIGHT - 8, chart->x_title);
    label(html, "start", "axis-title", 2, 12, chart->y_title);
}

static void point_append(lb_html *html, lb_buffer *path, const char *step, double value) {
    char text[LB_NUMBER_MAX];
    lb_number_format(round(value * 10) / 10, text);
    if (lb_buffer_printf(path, NULL, "%s%s", step, text) < 0)
        html->failed = true;
}

/* Points closer than half a unit to the one before are left out: they cannot be seen. */
static void series_draw(lb_html *html, const lb_series *series, size_t number, const axis *x,
                        const axis *y) {
    lb_buffer path = {0};
    double drawn_x = 0, drawn_y = 0;
    for (size_t i = 0; i < series->count; i++) {
        double px = place(x, series->x[i]), py = place(y, series->y[i]);
        bool first = path.size == 0, last = i + 1 == series->count;
        if (isnan(px) || isnan(py))
            continue;
        if (!first && !last && fabs(px - drawn_x) < 0.5 && fabs(py - drawn_y) < 0.5)
            continue;
        if (!first && series->steps) {
            point_append(html, &path, "H", px);
            point_append(html, &path, "V", py);
        } else {
            point_append(html, &path, first ? "M" : "L", px);
            point_append(html, &path, " ", py);
        }
        drawn_x = px;
        drawn_y = py;
    }
    if (series->steps && path.size > 0)
        point_append(html, &path, "H", x->to);
    lb_html_open(html, "path", "d", path.data ? path.data : "", NULL);
    lb_html_attribute(html, "class", "line line-%zu", number % 4 + 1);
    lb_html_close_void(html);
    lb_buffer_free(&path);
}

/* The dots of a series, and the intervals around them. */
static void points_draw(lb_html *html, const lb_series *series, size_t number, const axis *x,
                        const axis *y) {
    char class[32];
    snprintf(class, sizeof class, "line line-%zu whiskers", number % 4 + 1);
    for (size_t i = 0; i < series->count; i++) {
        double px = place(x, series->x[i]), py = place(y, series->y[i]);
        if (isnan(px) || isnan(py))
            continue;
        if (series->low && series->low[i] < series->high[i])
            line(html, class, px, place(y, series->low[i]), px, place(y, series->high[i]));
        if (!series->points)
            continue;
        lb_html_open(html, "circle", "r", "3.2", NULL);
        lb_html_attribute(html, "class", "point point-%zu", number % 4 + 1);
        lb_html_coordinate(html, "cx", px);
        lb_html_coordinate(html, "cy", py);
        lb_html_close_void(html);
    }
}

/* Labels stand where the lines end, pushed apart downwards where they would overlap. */
static void labels_draw(lb_html *html, const lb_chart *chart, const axis *x, const axis *y) {
    bool done[SERIES_MAX] = {false};
    double above = -INFINITY;
    for (size_t round = 0; round < chart->series_count && round < SERIES_MAX; round++) {
        size_t next = SERIES_MAX;
        double best = INFINITY;
        for (size_t i = 0; i < chart->series_count && i < SERIES_MAX; i++) {
            const lb_series *series = &chart->series[i];
            if (done[i] || series->count == 0)
                continue;
            double end = place(y, series->y[series->count - 1]);
            if (end < best) {
                best = end;
                next = i;
            }
        }
        if (next == SERIES_MAX)
            return;
        done[next] = true;
        double at = fmax(best, above + LABEL_GAP);
        char class[32];
        snprintf(class, sizeof class, "label label-%zu", next % 4 + 1);
        label(html, "start", class, x->to + 6, at + 4, chart->series[next].label);
        above = at;
    }
}

void lb_svg_chart(lb_html *html, const lb_chart *chart) {
    axis x = axis_of(chart, true), y = axis_of(chart, false);
    lb_html_open(html, "svg", "xmlns", "http://www.w3.org/2000/svg", "class", "chart", "role",
                 "img", NULL);
    lb_html_attribute(html, "viewBox", "0 0 %d %d", WIDTH, HEIGHT);
    lb_html_attribute(html, "aria-labelledby", "%s-title %s-description", chart->id, chart->id);
    lb_html_open(html, "title", NULL);
    lb_html_attribute(html, "id", "%s-title", chart->id);
    lb_html_phrase(html, chart->title);
    lb_html_close(html);
    lb_html_open(html, "desc", NULL);
    lb_html_attribute(html, "id", "%s-description", chart->id);
    lb_html_phrase(html, chart->description);
    lb_html_close(html);
    axes_draw(html, chart, &x, &y);
    if (chart->mark > 0) {
        double at = place(&x, chart->mark);
        line(html, "mark", at, y.from, at, y.to - 4);
        label(html, "start", "mark-label", at + 4, y.to + 6, chart->mark_label);
    }
    for (size_t i = 0; i < chart->series_count; i++)
        series_draw(html, &chart->series[i], i, &x, &y);
    for (size_t i = 0; i < chart->series_count; i++)
        points_draw(html, &chart->series[i], i, &x, &y);
    labels_draw(html, chart, &x, &y);
    lb_html_close(html);
}

static double within(double share) {
    return share < 0 ? 0 : share > 1 ? 1 : share;
}

static void percent_attribute(lb_html *html, const char *name, double share) {
    char text[LB_NUMBER_MAX];
    lb_number_format(round(within(share) * 1e4) / 1e2, text);
    lb_html_attribute(html, name, "%s%%", text);
}

void lb_svg_share_bar(lb_html *html, double share, double low, double high) {
    lb_html_open(html, "svg", "xmlns", "http://www.w3.org/2000/svg", "class", "bar", "aria-hidden",
                 "true", NULL);
    lb_html_open(html, "rect", "class", "bar-ground", "width", "100%", "height", "100%", NULL);
    lb_html_close_void(html);
    if (!isnan(share)) {
        lb_html_open(html, "rect", "class", "bar-share", "height", "100%", NULL);
        percent_attribute(html, "width", share);
        lb_html_close_void(html);
    }
    if (low < high) {
        lb_html_open(html, "line", "class", "whisker", "y1", "50%", "y2", "50%", NULL);
        percent_attribute(html, "x1", low);
        percent_attribute(html, "x2", high);
        lb_html_close_void(html);
    }
    lb_html_close(html);
}

void lb_curve_add(lb_curve *curve, double x, double y, double low, double high) {
    if (curve->count == LB_CURVE_POINTS)
        return;
    curve->x[curve->count] = x;
    curve->y[curve->count] = y;
    curve->low[curve->count] = low;
    curve->high[curve->count++] = high;
}

lb_series lb_curve_series(const lb_curve *curve, const char *label) {
    return (lb_series){.label = label,
                       .x = curve->x,
                       .y = curve->y,
                       .low = curve->low,
                       .high = curve->high,
                       .count = curve->count,
                       .points = true};
}

void lb_html_chart(lb_html *html, const lb_chart *chart) {
    lb_html_open(html, "figure", NULL);
    lb_html_open(html, "figcaption", NULL);
    lb_html_phrase(html, chart->title);
    lb_html_close(html);
    lb_svg_chart(html, chart);
    lb_html_close(html);
}
