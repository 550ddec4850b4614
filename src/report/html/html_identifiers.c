/* What was left in the clear: direct identifiers by type, with masked examples and their places. */
#include "report/html/html.h"
#include "report/html/html_table.h"

static void sentence(lb_html *html) {
    lb_figure total = lb_figure_of(html->document, "identifiers.total");
    lb_figure share = lb_figure_of(html->document, "identifiers.users_share");
    if (!total.known)
        return;
    lb_html_open(html, "p", "class", "lead", NULL);
    lb_html_number(html, total.value, "");
    lb_html_text(html, " ");
    lb_html_term(html, "identifiers.total", "direct identifiers");
    lb_html_text(html, " stand in the text");
    if (share.known) {
        lb_html_say(html, ", of ", share.value, "share");
        lb_html_text(html, " of %s", lb_document_units(html->document));
    }
    lb_html_text(html, ".");
    lb_html_close(html);
}

static void types_table(lb_html *html, const json_t *types) {
    static const lb_html_column columns[] = {
        {"Type", lb_html_show_name, "type"},
        {"#found", lb_html_show_number, "hits"},
        {"#units", lb_html_show_number, "units"},
        {"#conversations", lb_html_show_number, "conversations"},
        {0}};
    lb_html_table(html, "Direct identifiers by type", columns, types);
}

static void example_rows(lb_html *html, const json_t *type) {
    const json_t *examples = lb_lookup(type, "examples");
    for (size_t i = 0; i < json_array_size(examples); i++) {
        const json_t *example = json_array_get(examples, i);
        lb_html_open(html, "tr", NULL);
        lb_html_show_name(html, type, "type");
        lb_html_show_code(html, example, "shape");
        lb_html_show_place(html, example, "where");
        lb_html_close(html);
    }
}

void lb_html_identifiers(lb_html *html) {
    static const char *const names[] = {"Type", "Shape", "Where", NULL};
    const json_t *types = lb_lookup(html->document, "singling_out.identifiers.types");
    lb_html_section_open(html, "identifiers");
    sentence(html);
    types_table(html, types);
    lb_html_fold_open(html, "Examples, by their shape");
    lb_html_table_open(html, "Examples of direct identifiers", names);
    for (size_t i = 0; i < json_array_size(types); i++)
        example_rows(html, json_array_get(types, i));
    lb_html_table_close(html);
    lb_html_fold_close(html);
    lb_html_close(html);
}
