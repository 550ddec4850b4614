/* The HTML report: one self-contained page, from verdict to evidence to method. It loads nothing
 * and needs no script; the one it has (reports/report.js) makes tables sort and filter. A strict
 * content security policy says so to the browser.
 *
 * Each part of the page is a function of the document that writes a section, or nothing where its
 * part of the document is empty. To add one: write html_NAME.c and list
 * it in parts.def. */
#ifndef LB_REPORT_HTML_HTML_H
#define LB_REPORT_HTML_HTML_H

#include "report/kit/answers.h"
#include "report/kit/html_writer.h"

int lb_report_html(const json_t *document, lb_buffer *into, lb_error *error);

typedef void lb_html_section(lb_html *html);

/* The first page, in its order: what to decide, what was read, what is broken and what to do, the
 * three answers, what was not judged, and what the words mean. */
void lb_html_verdict(lb_html *html, const lb_answers *answers);
void lb_html_rules(lb_html *html, const lb_findings *findings);
void lb_html_answer_cards(lb_html *html, const lb_answers *answers);
void lb_html_not_judged(lb_html *html, const lb_findings *findings);
void lb_html_words(lb_html *html);
#define LB_HTML_PART(name, path, anchor, title) lb_html_section lb_html_##name;
#include "report/html/parts.def"

/* Opens the <section> of a part, with its number and its title; close it with lb_html_close. */
void lb_html_section_open(lb_html *html, const char *anchor);
/* The part of the page whose title a text begins with: its anchor, or NULL where the page has no
 * such part; *length is the title's, 0 where no part is called so. */
const char *lb_html_part_named(const lb_html *html, const char *text, size_t *length);
/* " (section 3)", for who reads on paper. */
void lb_html_on_paper(lb_html *html, const char *anchor);
/* `anchor`, if the page has that section, else the nearest that it has. */
const char *lb_html_evidence(const lb_html *html, const char *anchor);
/* Of pairs [size, how many], the people by how many they share it with, in bands; `are_groups`: the
 * second number counts groups of that size, else people. `heading` stands over the sizes. */
void lb_html_bands(lb_html *html, const char *caption, const char *heading, const json_t *pairs,
                   bool are_groups);
void lb_html_attackers(lb_html *html); /* a part of the section on quasi-identifiers */
/* A title with the definition of the metric, and a link to where it is printed. */
void lb_html_term(lb_html *html, const char *metric, const char *text);
void lb_html_number(lb_html *html, double value, const char *unit); /* as text */
/* The same behind words of a sentence. */
void lb_html_say(lb_html *html, const char *words, double value, const char *unit);
void lb_html_count(lb_html *html, double value); /* a whole number without separators */
void lb_html_figure_text(lb_html *html, const lb_figure *figure); /* with its interval */
void lb_html_sort_value(lb_html *html, double value); /* by which the script sorts the open cell */
void lb_html_light(lb_html *html, lb_light light, const char *words); /* shape and words */
/* <details><summary>...; close with lb_html_fold_close. */
void lb_html_fold_open(lb_html *html, const char *summary);
void lb_html_fold_close(lb_html *html);

#endif
