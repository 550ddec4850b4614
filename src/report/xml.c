#include "report/xml.h"

#include <string.h>

#include "report/kit/figure.h"
#include "report/kit/xml_writer.h"
#include "results/number.h"

static const char first[] = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
static const char namespace[] = "urn:linkback:report:1";

/* A plain value as an attribute; null and what is not there: nothing. */
static void attribute(lb_xml *xml, const char *name, const json_t *value) {
    char number[LB_NUMBER_MAX];
    lb_xml_text_attribute(xml, name, value);
    if (json_is_number(value)) {
        lb_number_format(json_number_value(value), number);
        lb_xml_attribute(xml, name, "%s", number);
    } else if (json_is_boolean(value))
        lb_xml_attribute(xml, name, "%s", json_is_true(value) ? "true" : "false");
}

/* Those of the object's members that are listed. */
static void attributes(lb_xml *xml, const json_t *object, const char *const *names) {
    for (; *names; names++)
        attribute(xml, *names + (**names == '?'), lb_lookup_key(object, *names));
}

static void line_begin(lb_xml *xml, unsigned depth) {
    static const char spaces[] = "\n                        ";
    size_t width = 1 + 2 * (size_t)depth;
    lb_xml_raw(xml, (lb_str){spaces, width < sizeof spaces - 1 ? width : sizeof spaces - 1});
}

static void open_at(lb_xml *xml, unsigned depth, const char *tag) {
    line_begin(xml, depth);
    lb_xml_open(xml, tag, NULL);
}

static void close_at(lb_xml *xml, unsigned depth) {
    line_begin(xml, depth);
    lb_xml_close(xml);
}

static void leaf(lb_xml *xml, unsigned depth, const char *tag, const json_t *text) {
    if (!json_is_string(text))
        return;
    open_at(xml, depth, tag);
    lb_xml_write(xml, json_string_value(text), json_string_length(text));
    lb_xml_close(xml);
}

/* A list of texts: an element each. */
static void leaves(lb_xml *xml, unsigned depth, const char *tag, const json_t *texts) {
    for (size_t i = 0; i < json_array_size(texts); i++)
        leaf(xml, depth, tag, json_array_get(texts, i));
}

static void tool(lb_xml *xml) {
    static const char *const names[] = {"name", "version", NULL};
    const json_t *object = lb_lookup(xml->document, "tool");
    const char *name;
    json_t *version;
    open_at(xml, 1, "tool");
    attributes(xml, object, names);
    json_object_foreach((json_t *)lb_lookup(object, "libraries"), name, version) {
        open_at(xml, 2, "library");
        lb_xml_attribute(xml, "name", "%s", name);
        attribute(xml, "version", version);
        lb_xml_close_void(xml);
    }
    close_at(xml, 1);
}

/* An element for an option, or for each item of a list. */
static void options(lb_xml *xml, const char *name, const json_t *value) {
    char number[LB_NUMBER_MAX];
    for (size_t i = 0; i < json_array_size(value); i++)
        options(xml, name, json_array_get(value, i));
    if (json_is_array(value) || json_is_null(value))
        return;
    line_begin(xml, 2);
    lb_xml_open(xml, "option", "name", name, NULL);
    if (json_is_string(value))
        lb_xml_write(xml, json_string_value(value), json_string_length(value));
    else if (json_is_boolean(value))
        lb_xml_text(xml, "%s", json_is_true(value) ? "true" : "false");
    else {
        lb_number_format(json_number_value(value), number);
        lb_xml_text(xml, "%s", number);
    }
    lb_xml_close(xml);
}

static void run(lb_xml *xml) {
    static const char *const names[] = {
        "job",  "started", "elapsed_seconds", "cpu_seconds", "peak_rss_bytes",
        "seed", "threads", "ranks",           "revealed",    NULL};
    static const char *const configuration[] = {"path", "sha256", NULL};
    const json_t *object = lb_lookup(xml->document, "run");
    const char *name;
    json_t *value;
    open_at(xml, 1, "run");
    attributes(xml, object, names);
    leaves(xml, 2, "argument", lb_lookup(object, "command"));
    if (json_is_object(lb_lookup(object, "configuration"))) {
        open_at(xml, 2, "configuration");
        attributes(xml, lb_lookup(object, "configuration"), configuration);
        lb_xml_close_void(xml);
    }
    json_object_foreach((json_t *)lb_lookup(object, "options"), name, value) {
        options(xml, name, value);
    }
    close_at(xml, 1);
}

static void corpus(lb_xml *xml) {
    static const char *const names[] = {"?title",        "unit",     "units",  "users",
                                        "conversations", "messages", "tokens", "distinct_tokens",
                                        "first",         "last",     NULL};
    static const char *const input[] = {"path",   "container", "compression", "format", "bytes",
                                        "sha256", "records",   "rejected",    NULL};
    static const char *const field[] = {"key", "path", "from", NULL};
    const json_t *object = lb_lookup(xml->document, "corpus");
    const json_t *inputs = lb_lookup(object, "inputs"), *fields = lb_lookup_if(object, "fields");
    open_at(xml, 1, "corpus");
    attributes(xml, object, names);
    for (size_t i = 0; i < json_array_size(inputs); i++) {
        open_at(xml, 2, "input");
        attributes(xml, json_array_get(inputs, i), input);
        lb_xml_close_void(xml);
    }
    for (size_t i = 0; i < json_array_size(fields); i++) {
        open_at(xml, 2, "field");
        attributes(xml, json_array_get(fields, i), field);
        lb_xml_close_void(xml);
    }
    leaves(xml, 2, "quasi_identifier", lb_lookup(object, "quasi_identifiers"));
    leaves(xml, 2, "sensitive", lb_lookup(object, "sensitive"));
    close_at(xml, 1);
}

static void metrics(lb_xml *xml) {
    static const char *const names[] = {"value", "?low", "?high", "unit", "worse", "?why", NULL};
    const char *name;
    json_t *metric;
    open_at(xml, 1, "metrics");
    json_object_foreach((json_t *)lb_lookup(xml->document, "metrics"), name, metric) {
        open_at(xml, 2, "metric");
        lb_xml_attribute(xml, "name", "%s", name);
        attributes(xml, metric, names);
        lb_xml_close_void(xml);
    }
    close_at(xml, 1);
}

/* Any value of the document as a tree of its own. */
static void value_write(lb_xml *xml, const char *key, const json_t *value, unsigned depth) {
    static const char *const tags[] = {
        [JSON_OBJECT] = "object",  [JSON_ARRAY] = "list",  [JSON_STRING] = "text",
        [JSON_INTEGER] = "number", [JSON_REAL] = "number", [JSON_TRUE] = "flag",
        [JSON_FALSE] = "flag",     [JSON_NULL] = "null"};
    char number[LB_NUMBER_MAX];
    const char *name;
    json_t *member;
    line_begin(xml, depth);
    lb_xml_open(xml, tags[json_typeof(value)], "key", key, NULL);
    json_object_foreach((json_t *)value, name, member) {
        value_write(xml, name, member, depth + 1);
    }
    for (size_t i = 0; i < json_array_size(value); i++)
        value_write(xml, NULL, json_array_get(value, i), depth + 1);
    if (json_object_size(value) > 0 || json_array_size(value) > 0)
        line_begin(xml, depth);
    else if (json_is_string(value))
        lb_xml_write(xml, json_string_value(value), json_string_length(value));
    else if (json_is_boolean(value))
        lb_xml_text(xml, "%s", json_is_true(value) ? "true" : "false");
    else if (json_is_number(value)) {
        lb_number_format(json_number_value(value), number);
        lb_xml_text(xml, "%s", number);
    }
    lb_xml_close(xml);
}

/* Every section that has no elements of its own. */
static void evidence(lb_xml *xml) {
    static const char *const others[] = {"schema",  "tool",  "run",  "corpus",
                                         "metrics", "users", "gate", "warnings"};
    const char *name;
    json_t *section;
    json_object_foreach((json_t *)xml->document, name, section) {
        bool other = false;
        for (size_t i = 0; i < sizeof others / sizeof *others; i++)
            other = other || strcmp(name, others[i]) == 0;
        if (other)
            continue;
        open_at(xml, 1, "evidence");
        lb_xml_attribute(xml, "section", "%s", name);
        value_write(xml, NULL, section, 2);
        close_at(xml, 1);
    }
}

static void people(lb_xml *xml) {
    static const char *const names[] = {"user", "risk", "messages", "own_words", NULL};
    const json_t *list = lb_lookup(xml->document, "users");
    open_at(xml, 1, "people");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *person = json_array_get(list, i);
        open_at(xml, 2, "person");
        attributes(xml, person, names);
        leaves(xml, 3, "reason", lb_lookup(person, "reasons"));
        close_at(xml, 2);
    }
    close_at(xml, 1);
}

static void waiver(lb_xml *xml, unsigned depth, const json_t *object) {
    static const char *const names[] = {"?policy", "metric", "until", "?state",
                                        "reason",  "owner",  "place", NULL};
    open_at(xml, depth, "waiver");
    attributes(xml, object, names);
    lb_xml_close_void(xml);
}

static void check(lb_xml *xml, const json_t *object) {
    static const char *const names[] = {"policy", "metric",  "rule",  "value", "?low",     "?high",
                                        "bound",  "verdict", "must",  "?why",  "severity", "reason",
                                        "source", "kind",    "place", NULL};
    static const char *const neighbour[] = {"threshold", "verdict", NULL};
    const json_t *neighbours = lb_lookup(object, "neighbours");
    const json_t *covered = lb_lookup_if(object, "waiver");
    open_at(xml, 2, "check");
    attributes(xml, object, names);
    for (size_t i = 0; i < json_array_size(neighbours); i++) {
        open_at(xml, 3, "neighbour");
        attributes(xml, json_array_get(neighbours, i), neighbour);
        lb_xml_close_void(xml);
    }
    if (covered)
        waiver(xml, 3, covered);
    close_at(xml, 2);
}

static void gate(lb_xml *xml) {
    static const char *const names[] = {"verdict", "claim",       "?judged", "?broken",
                                        "?waived", "?not_judged", NULL};
    const json_t *object = lb_lookup(xml->document, "gate");
    const json_t *checks = lb_lookup(object, "checks");
    const json_t *waivers = lb_lookup(object, "waivers");
    open_at(xml, 1, "gate");
    attributes(xml, object, names);
    leaves(xml, 2, "policy", lb_lookup(object, "policies"));
    for (size_t i = 0; i < json_array_size(checks); i++)
        check(xml, json_array_get(checks, i));
    for (size_t i = 0; i < json_array_size(waivers); i++)
        waiver(xml, 2, json_array_get(waivers, i));
    close_at(xml, 1);
}

int lb_report_xml(const json_t *document, lb_buffer *into, lb_error *error) {
    lb_xml xml;
    int status = lb_xml_begin(&xml, document, first, into, error);
    if (status < 0)
        return status;
    lb_xml_open(&xml, "report", "xmlns", namespace, NULL);
    attribute(&xml, "schema", lb_lookup(document, "schema"));
    tool(&xml);
    run(&xml);
    corpus(&xml);
    metrics(&xml);
    evidence(&xml);
    people(&xml);
    gate(&xml);
    leaves(&xml, 1, "warning", lb_lookup(document, "warnings"));
    close_at(&xml, 0);
    lb_xml_raw(&xml, LB_STR("\n"));
    return lb_xml_end(&xml, error);
}
