/* Tables of the page. A table of rows that are alike is described by its columns: what heads each,
 * what of a row stands in it, and the function that shows it. */
#ifndef LB_REPORT_HTML_HTML_TABLE_H
#define LB_REPORT_HTML_HTML_TABLE_H

#include "report/kit/figure.h"
#include "report/kit/html_writer.h"

/* Writes the cell of a row, an object of the document, for what stands under `key`. */
typedef void lb_html_show(lb_html *html, const json_t *row, const char *key);

typedef struct lb_html_column {
    const char *heading; /* one that begins with '#' heads numbers, "unit" is whom the
                             audit counts; NULL: the columns end */
    lb_html_show *show;
    const char *key; /* as lb_lookup_key takes it, except where `show` says otherwise */
} lb_html_column;

/* The whole table, or of its rows those from `from` to before `to`. */
void lb_html_table(lb_html *html, const char *caption, const lb_html_column *columns,
                   const json_t *rows);
void lb_html_table_part(lb_html *html, const char *caption, const lb_html_column *columns,
                        const json_t *rows, size_t from, size_t to);
/* lb_html_table in a fold with the same title; nothing where there is no row. */
void lb_html_table_folded(lb_html *html, const char *caption, const lb_html_column *columns,
                          const json_t *rows);
/* Its parts, for a table that leaves out rows. Close with lb_html_table_close. */
void lb_html_columns_open(lb_html *html, const char *caption, const lb_html_column *columns);
void lb_html_row(lb_html *html, const lb_html_column *columns, const json_t *row);

/* <table> with its head, in a box that scrolls, for rows that are not alike; names are headings as
 * of columns and end with NULL. Close with lb_html_table_close. */
void lb_html_table_open(lb_html *html, const char *caption, const char *const *names);
void lb_html_table_close(lb_html *html);

lb_html_show lb_html_show_name;    /* a text of the corpus that names the row */
lb_html_show lb_html_show_foreign; /* any other text of the corpus */
lb_html_show lb_html_show_wide;    /* a long one */
lb_html_show lb_html_show_code;    /* one in the type of code */
lb_html_show lb_html_show_place;   /* a long one in the type of code */
lb_html_show lb_html_show_number;  /* a number without unit; empty where it may lack and does */
lb_html_show lb_html_show_share;   /* a share of 1, likewise */
lb_html_show lb_html_show_bar;     /* a share of 1 as a bar, by which the script can sort */
lb_html_show lb_html_show_plain_bar;

void lb_html_cell(lb_html *html, double value, const char *unit); /* <td class=number> */
/* The same of a number that `in` may lack: the cell is empty then. */
void lb_html_cell_if(lb_html *html, const json_t *in, const char *path, const char *unit);
void lb_html_cell_empty(lb_html *html);
void lb_html_figure_cell(lb_html *html, const lb_figure *figure); /* with its interval */
/* A bar, with a whisker from `low` to `high` where they differ. */
void lb_html_bar_cell(lb_html *html, double share, double low, double high);
/* The cell that names a row, with text of our own. */
void lb_html_row_name(lb_html *html, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The same with a link to the definition of the metric. */
void lb_html_row_term(lb_html *html, const char *metric, const char *text);

#endif
