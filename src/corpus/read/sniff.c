#include "corpus/read/sniff.h"

#include <stdio.h>
#include <strings.h>

#include "base/ascii.h"
#include "base/file.h"
#include "base/utf8.h"
#include "corpus/input/archive.h"
#include "corpus/input/file_kind.h"
#include "corpus/mapping/guess_table.h"
#include "corpus/read/log_detect.h"
#include "corpus/value/csv.h"
#include "corpus/value/json_shape.h"
#include "corpus/value/utf16.h"

static int fail(const lb_source_state *source, lb_error *error, const char *mend,
                const char *what) {
    return lb_fail(error, LB_E_INPUT, source->facts.path, mend, "%s", what);
}

/* Control characters that no text has; chat logs have those of mIRC's colours (02 03 0F 11 16 1D 1E
 * 1F) and escapes. */
static bool is_binary(lb_head head) {
    static const uint32_t in_text = 1u << 0x02 | 1u << 0x03 | 1u << 0x07 | 1u << 0x08 | 1u << '\t' |
                                    1u << '\n' | 1u << '\f' | 1u << '\r' | 1u << 0x0F | 1u << 0x11 |
                                    1u << 0x16 | 1u << 0x1B | 1u << 0x1D | 1u << 0x1E | 1u << 0x1F;
    size_t odd = 0;
    for (size_t i = 0; i < head.size; i++) {
        unsigned char c = (unsigned char)head.data[i];
        odd += c < 0x20 && !(in_text >> c & 1);
    }
    return odd > head.size / 50;
}

/* By its mark; the one of the little end begins as that of UTF-16 does. */
static bool is_utf32(lb_head head) {
    return head.size >= 4 &&
           (memcmp(head.data, "\xFF\xFE\0\0", 4) == 0 || memcmp(head.data, "\0\0\xFE\xFF", 4) == 0);
}

/* How to convert text that is UTF-16; NULL: it is not. */
static const char *utf16_mend(lb_head head) {
    lb_str text = {head.data, head.size};
    lb_utf16 found = lb_utf16_find(text);
    if (found == LB_UTF16_NONE)
        return NULL;
    return lb_utf16_has_mark(text) ? "convert it first: iconv -f UTF-16 -t UTF-8"
           : found == LB_UTF16_LE  ? "convert it first: iconv -f UTF-16LE -t UTF-8"
                                   : "convert it first: iconv -f UTF-16BE -t UTF-8";
}

/* What is no corpus whatever it is called. */
static int check_kind(lb_source_state *source, lb_head head, lb_error *error) {
    const char *name = lb_file_base_name(source->facts.path);
    const lb_file_kind *kind = lb_file_kind_of(name, (lb_str){head.data, head.size});
    if (!kind || (kind->markup && source->format))
        return LB_OK;
    source->wordless = kind->wordless;
    char what[128];
    snprintf(what, sizeof what, "this is %s", kind->what);
    return fail(source, error, kind->mend, what);
}

static int check_text(lb_source_state *source, lb_head head, lb_error *error) {
    size_t blanks = 0;
    while (blanks < head.size && lb_is_blank(head.data[blanks]))
        blanks++;
    source->wordless = blanks == head.size && head.whole;
    if (source->wordless)
        return fail(source, error, "check that this is the file that was meant",
                    "the input is empty");
    if (is_utf32(head))
        return fail(source, error, "convert it first: iconv -f UTF-32 -t UTF-8",
                    "the input is UTF-32, not UTF-8");
    const char *mend = utf16_mend(head);
    if (mend)
        return fail(source, error, mend, "the input is UTF-16, not UTF-8");
    if (lb_archive_is_tar((lb_str){head.data, head.size}))
        return fail(source, error, "store it in a file and name that",
                    "a tar archive cannot be read from a pipe");
    if (is_binary(head))
        return fail(source, error, "give text: JSON, CSV, XML or a chat log, compressed or not",
                    "the input is binary");
    return LB_OK;
}

static bool name_ends(const char *path, const char *ending) {
    static const char *const compressions[] = {".gz", ".zst", ".xz", ".bz2"};
    size_t size = strlen(path), n = strlen(ending);
    for (size_t i = 0; i < 4; i++) {
        size_t m = strlen(compressions[i]);
        if (size > m && strcasecmp(path + size - m, compressions[i]) == 0) {
            size -= m;
            break;
        }
    }
    return size >= n && strncasecmp(path + size - n, ending, n) == 0;
}

/* Is one of the first lines a whole JSON object? Then the objects stand one per line. */
static bool has_object_lines(lb_head head, size_t *lines) {
    bool found = false;
    lb_json_parser *parser = lb_json_parser_new();
    lb_buffer line = {0};
    *lines = 0;
    for (size_t at = 0; parser && at < head.size && *lines < 20;) {
        const char *end = memchr(head.data + at, '\n', head.size - at);
        size_t size = end ? (size_t)(end - head.data) - at : head.size - at;
        const char *what;
        bool mendable;
        lb_json json;
        line.size = 0;
        if (size > 1 && !found && lb_buffer_append(&line, head.data + at, size, NULL) == LB_OK &&
            lb_buffer_reserve(&line, LB_JSON_PADDING, NULL) == LB_OK)
            found = lb_json_parse(parser, line.data, size, &json, &what, &mendable, NULL) == 0 &&
                    lb_json_type(json, 1) == '{';
        *lines += size > 1;
        at += size + 1;
    }
    lb_buffer_free(&line);
    lb_json_parser_free(parser);
    return found;
}

/* Does the first object reach beyond its line, as far as can be seen without fault? */
static bool goes_beyond_line(lb_head head) {
    lb_json_shape shape = lb_json_shape_begin();
    const char *what, *line = memchr(head.data, '\n', head.size);
    size_t at = 0;
    lb_json_shape_state state = lb_json_shape_run(&shape, head.data, &at, head.size, &what);
    return line && state != LB_SHAPE_BROKEN && at > (size_t)(line - head.data);
}

static lb_container sniff_object(const lb_source_state *source, lb_head head) {
    size_t lines;
    bool found = has_object_lines(head, &lines);
    lb_head rest = head; /* from the first byte that is no blank */
    while (rest.size > 0 && lb_is_blank(*rest.data)) {
        rest.data++;
        rest.size--;
    }
    if (lines == 1 && head.whole)
        return name_ends(source->facts.path, ".json") ? LB_CONTAINER_JSON : LB_CONTAINER_JSONL;
    if ((found && !goes_beyond_line(rest)) || name_ends(source->facts.path, ".jsonl") ||
        name_ends(source->facts.path, ".ndjson"))
        return LB_CONTAINER_JSONL;
    return LB_CONTAINER_JSON;
}

/* The delimiter that cuts the first rows into the most cells, the same number in each; where none
 * does (ragged rows), the one the header has most. */
static char sniff_delimiter(lb_head head, size_t *cells) {
    static const char delimiters[] = {',', '\t', ';', '|'};
    lb_str text = {head.data, head.size};
    char best = ',';
    *cells = 1;
    for (size_t i = 0; i < 4; i++) {
        size_t count = lb_csv_count(text, head.whole, delimiters[i]);
        if (count > *cells) {
            *cells = count;
            best = delimiters[i];
        }
    }
    if (*cells > 1)
        return best;
    const char *end = memchr(head.data, '\n', head.size);
    text.size = end ? (size_t)(end - head.data) : head.size;
    for (size_t i = 0; i < 4; i++) {
        size_t count = lb_csv_count(text, true, delimiters[i]);
        if (count > *cells) {
            *cells = count;
            best = delimiters[i];
        }
    }
    return best;
}

static void set_quotes(lb_source_state *source, lb_head head) {
    if (source->delimiter == '\t' &&
        lb_csv_has_no_quotes((lb_str){head.data, head.size}, head.whole, '\t'))
        source->quotes = LB_QUOTES_NONE;
}

static void set_table(lb_source_state *source, lb_head head) {
    size_t cells;
    source->delimiter = sniff_delimiter(head, &cells);
    if (source->container == LB_CONTAINER_TSV && cells == 1)
        source->delimiter = '\t';
    set_quotes(source, head);
}

static bool begins_array(lb_head head, size_t at) {
    for (at++; at < head.size && lb_is_blank(head.data[at]); at++)
        ;
    return at == head.size || strchr("{[]\"", head.data[at]);
}

static bool begins_xml(lb_head head, size_t at) {
    char next = at + 1 < head.size ? head.data[at + 1] : '\0';
    if (next == '?' || next == '!')
        return true;
    for (at++; at < head.size && head.data[at] != '>' && !lb_is_blank(head.data[at]) &&
               head.data[at] != '/';
         at++)
        if (head.data[at] == '<')
            return false;
    const char *close = memchr(head.data + at, '>', head.size - at);
    return close && (((unsigned char)next | 32) >= 'a' || next == '_') &&
           memchr(close, '<', (size_t)(head.data + head.size - close));
}

static bool is_called_table(const lb_source_state *source) {
    return name_ends(source->facts.path, ".csv") || name_ends(source->facts.path, ".tsv") ||
           name_ends(source->facts.path, ".tab");
}

static int sniff_rest(lb_source_state *source, lb_head head, const lb_formats *formats,
                      lb_error *error) {
    int status = lb_log_detect(source, head, formats, error);
    if (status != 0) {
        source->container = LB_CONTAINER_LOG;
        return status < 0 ? status : LB_OK;
    }
    size_t cells;
    char delimiter;
    if (is_called_table(source))
        delimiter = sniff_delimiter(head, &cells);
    else if ((status = lb_table_guess((lb_str){head.data, head.size}, head.whole, &delimiter,
                                      error)) < 0)
        return status;
    if (!delimiter)
        return fail(source, error,
                    "of a chat, say what it is with --format; of a table, let its first line name "
                    "the columns, and call it .csv",
                    "the input is no JSON, CSV, XML or chat log that is known");
    source->container = delimiter == '\t' ? LB_CONTAINER_TSV : LB_CONTAINER_CSV;
    source->delimiter = delimiter;
    set_quotes(source, head);
    return LB_OK;
}

/* --format names one container, or several of which the look of the head decides. */
static bool is_wanted(const lb_format *wanted, lb_container container) {
    return !wanted || wanted->containers[container];
}

static bool is_database(lb_source_state *source) {
    const char *name = lb_input_database(source->input);
    for (lb_container c = 0; name && c < LB_CONTAINERS; c++)
        if (strcmp(lb_container_names[c], name) == 0) {
            source->container = c;
            return true;
        }
    return false;
}

static int check_rows(const lb_source_state *source, lb_head head, lb_error *error) {
    if (source->format && !lb_format_fits(source->format, source->container))
        return fail(source, error, "leave out --format, or name one that is read from tables",
                    "the format that was named is not read from a database");
    return head.size > 0 ? LB_OK
                         : fail(source, error, "check that this is the table that was meant",
                                "the table has no rows");
}

int lb_source_sniff(lb_source_state *source, lb_head head, const lb_formats *formats,
                    lb_error *error) {
    if (is_database(source))
        return check_rows(source, head, error);
    int status = check_kind(source, head, error);
    if (status == LB_OK)
        status = check_text(source, head, error);
    if (status < 0)
        return status;
    const lb_format *wanted = source->format;
    size_t at = 0;
    while (at < head.size && lb_is_blank(head.data[at]))
        at++;
    char first = at < head.size ? head.data[at] : '\0';
    if (first == '{')
        source->container = sniff_object(source, head);
    else if (first == '[' && begins_array(head, at))
        source->container = LB_CONTAINER_JSON;
    else if (first == '<' && begins_xml(head, at))
        source->container = LB_CONTAINER_XML;
    else if (!wanted) {
        if (name_ends(source->facts.path, ".jsonl") || name_ends(source->facts.path, ".ndjson"))
            source->container = LB_CONTAINER_JSONL; /* with a malformed first line */
        else
            return sniff_rest(source, head, formats, error);
    }
    if (is_wanted(wanted, source->container) && (first == '{' || first == '[' || first == '<'))
        return LB_OK;
    if (!wanted)
        return LB_OK;
    source->container = LB_CONTAINERS;
    for (lb_container c = 0; c < LB_CONTAINERS; c++)
        if (wanted->containers[c]) {
            source->container = c;
            break;
        }
    if (source->container == LB_CONTAINER_CSV || source->container == LB_CONTAINER_TSV)
        set_table(source, head);
    if (source->container == LB_CONTAINER_LOG) /* compiles the templates */
        status = lb_log_detect(source, head, formats, error);
    return status < 0 ? status : LB_OK;
}
