#include "report/html/html.h"

#include <math.h>
#include <nettle/base64.h>
#include <nettle/sha2.h>
#include <stdlib.h>
#include <string.h>

#include "base/resource.h"
#include "results/metric.h"
#include "results/number.h"

static const char style_path[] = "reports/report.css";
static const char script_path[] = "reports/report.js";
/* Nothing is loaded, and no script runs but our own, known by its SHA-256. */
static const char security_policy[] = "default-src 'none'; style-src 'unsafe-inline'; "
                                      "script-src 'sha256-%s'; base-uri 'none'; form-action 'none'";

void lb_html_term(lb_html *html, const char *metric, const char *text) {
    if (!lb_lookup_if(lb_lookup(html->document, "metrics"), metric)) {
        lb_html_text(html, "%s", text); /* no definition stands on the page */
        return;
    }
    const lb_metric *known = lb_metric_find(metric);
    lb_buffer definition = {0};
    lb_html_open(html, "a", "class", "term", NULL);
    lb_html_attribute(html, "href", "#def-%s", metric);
    if (known && lb_document_phrase(html->document, known->definition, &definition, NULL) < 0)
        html->failed = true;
    if (definition.size > 0)
        lb_html_attribute(html, "title", "%.*s", (int)definition.size, definition.data);
    lb_buffer_free(&definition);
    lb_html_text(html, "%s", text);
    lb_html_close(html);
}

void lb_html_number(lb_html *html, double value, const char *unit) {
    char text[LB_NUMBER_MAX];
    lb_number_display(value, unit, 3, text);
    lb_html_text(html, "%s", text);
}

void lb_html_say(lb_html *html, const char *words, double value, const char *unit) {
    lb_html_text(html, "%s", words);
    lb_html_number(html, value, unit);
}

void lb_html_count(lb_html *html, double value) {
    if (isnan(value))
        lb_html_text(html, "%s", lb_not_known);
    else
        lb_html_text(html, "%.0f", value);
}

void lb_html_figure_text(lb_html *html, const lb_figure *figure) {
    lb_buffer text = {0};
    if (lb_figure_print(figure, 3, true, &text, NULL) < 0)
        html->failed = true;
    lb_html_buffer(html, &text);
    lb_buffer_free(&text);
}

void lb_html_sort_value(lb_html *html, double value) {
    char text[LB_NUMBER_MAX];
    if (isnan(value))
        return;
    lb_number_format(value, text);
    lb_html_attribute(html, "data-value", "%s", text);
}

/* A circle, a triangle, an octagon: what a light means is told by its shape and in words. */
void lb_html_light(lb_html *html, lb_light light, const char *words) {
    static const char *const shapes[] = {
        "M3 8h10", "M3.5 8.5l3 3 6-7", "M8 2L15 14H1ZM8 6v4M8 11.5v1",
        "M5.3 1.5h5.4l3.8 3.8v5.4l-3.8 3.8H5.3L1.5 10.7V5.3ZM5.5 5.5l5 5M10.5 5.5l-5 5"};
    lb_html_open(html, "span", "class", "light", NULL);
    lb_html_attribute(html, "data-light", "%s", lb_light_name(light));
    lb_html_open(html, "svg", "xmlns", "http://www.w3.org/2000/svg", "viewBox", "0 0 16 16",
                 "aria-hidden", "true", NULL);
    lb_html_open(html, "path", "d", shapes[light], NULL);
    lb_html_close_void(html);
    lb_html_close(html);
    lb_html_leaf(html, "span", NULL, "%s", words);
    lb_html_close(html);
}

void lb_html_fold_open(lb_html *html, const char *summary) {
    lb_html_open(html, "details", NULL);
    lb_html_leaf(html, "summary", NULL, "%s", summary);
}

void lb_html_fold_close(lb_html *html) {
    lb_html_close(html);
}

static void meta(lb_html *html, const char *name, const char *content) {
    lb_html_open(html, "meta", "name", name, "content", content, NULL);
    lb_html_close_void(html);
}

/* The SHA-256 of a text in base64, as a content security policy names a script. */
static void text_digest(lb_str text,
                        char digest[BASE64_ENCODE_RAW_LENGTH(SHA256_DIGEST_SIZE) + 1]) {
    struct sha256_ctx hash;
    unsigned char bytes[SHA256_DIGEST_SIZE];
    sha256_init(&hash);
    sha256_update(&hash, text.size, (const unsigned char *)text.data);
    sha256_digest(&hash, sizeof bytes, bytes);
    base64_encode_raw(digest, sizeof bytes, bytes);
    digest[BASE64_ENCODE_RAW_LENGTH(SHA256_DIGEST_SIZE)] = '\0';
}

static void security(lb_html *html) {
    const lb_resource *script = lb_resource_find(script_path);
    char digest[BASE64_ENCODE_RAW_LENGTH(SHA256_DIGEST_SIZE) + 1];
    text_digest(script ? script->content : LB_STR(""), digest);
    lb_html_open(html, "meta", "http-equiv", "Content-Security-Policy", NULL);
    lb_html_attribute(html, "content", security_policy, digest);
    lb_html_close_void(html);
}

static void script(lb_html *html) {
    const lb_resource *file = lb_resource_find(script_path);
    if (!file)
        return;
    lb_html_open(html, "script", NULL);
    lb_html_raw(html, file->content);
    lb_html_close(html);
}

static void head(lb_html *html, const lb_answers *answers) {
    const lb_resource *style = lb_resource_find(style_path);
    lb_html_open(html, "head", NULL);
    lb_html_open(html, "meta", "charset", "utf-8", NULL);
    lb_html_close_void(html);
    meta(html, "generator", "linkback"); /* by which a later run leaves the page out */
    security(html);
    meta(html, "viewport", "width=device-width, initial-scale=1");
    meta(html, "color-scheme", "light dark");
    meta(html, "referrer", "no-referrer");
    meta(html, "robots", "noindex");
    const char *title = lb_lookup_text_if(html->document, "corpus.title");
    lb_html_leaf(html, "title", NULL, "%s%s%s: linkback audit", title ? title : "",
                 title ? ": " : "", answers->verdict.headline);
    lb_html_open(html, "style", NULL);
    if (style)
        lb_html_raw(html, style->content);
    lb_html_close(html);
    lb_html_close(html);
}

static const struct part {
    const char *path, *anchor, *name;
    lb_html_section *write;
} parts[] = {
#define LB_HTML_PART(name, path, anchor, title) {path, anchor, title, lb_html_##name},
#include "report/html/parts.def"
};
enum { PART_COUNT = sizeof parts / sizeof *parts };

static bool is_there(const lb_html *html, const struct part *part) {
    return !part->path || lb_document_has(html->document, part->path);
}

const char *lb_html_evidence(const lb_html *html, const char *anchor) {
    for (size_t i = 0; i < PART_COUNT; i++)
        if (strcmp(parts[i].anchor, anchor) == 0 && is_there(html, &parts[i]))
            return anchor;
    return lb_document_has(html->document, "gate.checks") ? "policy" : "method";
}

/* Its number among the parts of this page, from 1; 0: it is not there. */
static size_t part_number(const lb_html *html, const char *anchor) {
    for (size_t i = 0, number = 0; i < PART_COUNT; i++) {
        number += is_there(html, &parts[i]);
        if (strcmp(parts[i].anchor, anchor) == 0)
            return is_there(html, &parts[i]) ? number : 0;
    }
    return 0;
}

void lb_html_section_open(lb_html *html, const char *anchor) {
    lb_html_open(html, "section", "id", anchor, NULL);
    for (size_t i = 0; i < PART_COUNT; i++)
        if (strcmp(parts[i].anchor, anchor) == 0)
            lb_html_leaf(html, "h2", NULL, "%zu. %s", part_number(html, anchor), parts[i].name);
}

const char *lb_html_part_named(const lb_html *html, const char *text, size_t *length) {
    const struct part *found = NULL;
    *length = 0;
    for (size_t i = 0; i < PART_COUNT; i++) {
        size_t size = strlen(parts[i].name);
        if (size > *length && strncmp(text, parts[i].name, size) == 0) {
            found = &parts[i];
            *length = size;
        }
    }
    return found && is_there(html, found) ? found->anchor : NULL;
}

void lb_html_on_paper(lb_html *html, const char *anchor) {
    size_t number = part_number(html, anchor);
    if (number > 0)
        lb_html_leaf(html, "span", "paper", " (section %zu)", number);
}

static void contents(lb_html *html) {
    lb_html_open(html, "nav", "aria-label", "Contents", NULL);
    lb_html_open(html, "ul", NULL);
    for (size_t i = 0; i < PART_COUNT; i++) {
        if (!is_there(html, &parts[i]))
            continue;
        lb_html_open(html, "li", NULL);
        lb_html_open(html, "a", NULL);
        lb_html_attribute(html, "href", "#%s", parts[i].anchor);
        lb_html_text(html, "%zu. %s", part_number(html, parts[i].anchor), parts[i].name);
        lb_html_close(html);
        lb_html_close(html);
    }
    lb_html_close(html);
    lb_html_close(html);
}

static void revealed(lb_html *html) {
    lb_html_open(html, "p", "class", "revealed", "role", "status", NULL);
    lb_html_text(html, "%s", lb_revealed_warning);
    lb_html_close(html);
}

static void page(lb_html *html, const lb_answers *answers) {
    lb_html_open(html, "html", "xmlns", "http://www.w3.org/1999/xhtml", "lang", "en", NULL);
    head(html, answers);
    lb_html_open(html, "body", NULL);
    if (lb_document_revealed(html->document))
        revealed(html);
    lb_html_verdict(html, answers);
    lb_html_open(html, "main", NULL);
    lb_html_rules(html, &answers->findings);
    lb_html_answer_cards(html, answers);
    lb_html_not_judged(html, &answers->findings);
    lb_html_words(html);
    lb_html_open(html, "div", "class", "appendix", NULL);
    contents(html);
    for (size_t i = 0; i < PART_COUNT; i++)
        if (is_there(html, &parts[i]))
            parts[i].write(html);
    lb_html_close(html);
    lb_html_close(html);
    script(html);
    lb_html_close(html);
    lb_html_close(html);
}

int lb_report_html(const json_t *document, lb_buffer *into, lb_error *error) {
    lb_html html;
    lb_answers answers;
    int status = lb_answers_make(&answers, document, error);
    if (status == LB_OK)
        status = lb_html_begin(&html, document, into, error);
    if (status == LB_OK) {
        page(&html, &answers);
        status = lb_html_end(&html, error);
    }
    lb_answers_free(&answers);
    return status;
}
