/* Charts as inline SVG: accessible (title, description, a table beside them), without script, in
 * colours of the style sheet, labelled directly. Lines differ by dash as well as by colour, so that
 * the chart reads well in grey. */
#ifndef LB_REPORT_KIT_SVG_CHART_H
#define LB_REPORT_KIT_SVG_CHART_H

#include "report/kit/html_writer.h"

typedef struct lb_series {
    const char *label;
    const double *x, *y;      /* x ascending */
    const double *low, *high; /* ends of the 95 % intervals, drawn as whiskers; NULL: none */
    size_t count;
    bool steps;  /* a cumulated count: horizontal until the next x */
    bool points; /* each value is marked by a dot */
} lb_series;

/* A curve of measured points with their intervals. */
enum { LB_CURVE_POINTS = 16 };

typedef struct lb_curve {
    double x[LB_CURVE_POINTS], y[LB_CURVE_POINTS], low[LB_CURVE_POINTS], high[LB_CURVE_POINTS];
    size_t count;
} lb_curve;

/* Adds a point behind those there; nothing where the curve is full. */
void lb_curve_add(lb_curve *curve, double x, double y, double low, double high);
/* Each point marked, with its interval. Points into the curve. */
lb_series lb_curve_series(const lb_curve *curve, const char *label);

typedef enum lb_scale {
    LB_SCALE_LOG,   /* positive values; the axis covers whole decades */
    LB_SCALE_SHARE, /* 0 to 1, in percent */
    LB_SCALE_WHOLE  /* few whole numbers, each with its tick */
} lb_scale;

typedef struct lb_chart {
    const char *id;          /* unique on the page */
    const char *title;       /* the finding, as a sentence; read out by screen readers;
                                "unit" in it and in the description is whom the audit counts */
    const char *description; /* what is drawn */
    lb_scale x_scale, y_scale;
    const char *x_title, *y_title; /* with units */
    const lb_series *series;
    size_t series_count;
    double mark; /* a threshold on the x axis; 0: none */
    const char *mark_label;
} lb_chart;

void lb_svg_chart(lb_html *html, const lb_chart *chart);
/* The same in a <figure>, its title above it. */
void lb_html_chart(lb_html *html, const lb_chart *chart);

/* A bar for one share of 1, as wide as its container, with the interval as a whisker where there is
 * one (low < high). Decoration: the number must stand beside it as text. */
void lb_svg_share_bar(lb_html *html, double share, double low, double high);

#endif
