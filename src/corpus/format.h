/* Data-set formats: what linkback knows about the data sets people publish. A format is data, the
 * file datasets/NAME/format.yaml, built into the library; to add one is to add a file.
 *
 * Grammar of format.yaml (a mapping; LIST is a sequence of strings, or one string; PATH as in
 * path.h; everything but name, containers and map may be missing):
 *
 *   name: wildchat               the folder's name, and the value of --format
 *   title: WildChat (AI2)        one line for a reader
 *   containers: LIST             of jsonl, json, csv, tsv, xml, log
 *   detect:                      how the format is recognised in the head of an input
 *     keys: LIST                 paths that must all be there (from the XML root:
 * Session.Posts.Post) any: LIST                  paths of which at least one must be there file:
 * REGEX                POSIX extended, on the file's name without folders map: which field holds
 * what record: PATH               JSON array or XML element that holds one message user,
 * conversation, message, reply_to, role, time, text, consent: LIST of PATH of several, the first
 * that has a value counts roles: LIST                  roles whose words are people's own; default
 * user, human, prompter service: {path: PATH, values: LIST}   a record with one of these values is
 * no message bot: {path: PATH, values: LIST}       ... is not written by a person file: {pattern:
 * REGEX, fields: LIST}  names for the groups of a pattern on the file's name (POSIX extended),
 * which paths take as file(NAME); file() is the name without its endings text_join: STRING between
 * the parts of one text; default a newline quasi_identifiers: LIST of PATH sensitive: LIST of PATH
 *   skip: LIST                   what --skip is by default: quotes, code, urls
 *   lines:                       container log: templates of lines, see log.h
 *     prefix: LIST
 *     message: LIST
 *     service: LIST
 *     notice: LIST
 *     day: LIST
 *   notes: LIST                  sentences for a reader: how the publisher anonymized, traps
 */
#ifndef LB_CORPUS_FORMAT_H
#define LB_CORPUS_FORMAT_H

#include "corpus/catalogue.h"
#include "corpus/mapping.h"

typedef enum lb_container {
    LB_CONTAINER_JSONL,
    LB_CONTAINER_JSON,
    LB_CONTAINER_CSV,
    LB_CONTAINER_TSV,
    LB_CONTAINER_XML,
    LB_CONTAINER_LOG,
    LB_CONTAINERS
} lb_container;

extern const char *const lb_container_names[LB_CONTAINERS];

typedef struct lb_strings {
    const char *const *items;
    size_t count;
} lb_strings;

typedef struct lb_format {
    const char *name, *title;
    bool containers[LB_CONTAINERS];
    bool generic; /* named after its container; fields are guessed */
    lb_strings keys, any;
    const char *file_name; /* regex, or NULL */
    lb_mapping mapping;
    const char *roles;        /* comma list */
    const char *file_pattern; /* regex, or NULL */
    lb_strings quasi_identifiers, sensitive;
    const char *skip; /* list as of --skip; "none" */
    lb_strings line_prefixes, message_lines, service_lines, notice_lines, day_lines;
    lb_strings notes;
} lb_format;

typedef struct lb_formats lb_formats;

/* All formats built in, by name, and behind them the generic ones. */
int lb_formats_load(lb_formats **out, lb_error *error);
void lb_formats_free(lb_formats *formats);
const lb_format *lb_formats_all(const lb_formats *formats, size_t *count);
const lb_format *lb_formats_find(const lb_formats *formats, const char *name); /* or NULL */
/* LB_E_USAGE: there is no such format, with the nearest name. */
int lb_formats_unknown(const lb_formats *formats, const char *name, lb_error *error);

/* Reads one format.yaml; strings live in the arena. Errors are LB_E_USAGE at `where`:line:column.
 */
int lb_format_read(lb_format *out, lb_str yaml, const char *where, lb_arena *arena,
                   lb_error *error);

/* The format whose signature the head of an input has: the one with the most keys among those of
 * the container that match; of two, the first by name. NULL: none. */
const lb_format *lb_formats_detect(const lb_formats *formats, lb_container container,
                                   const lb_catalogue *catalogue, const char *path);

/* Runs the format's pattern on the base name of `path`; values[i] belongs to file_fields[i]. */
int lb_format_file_values(const lb_format *format, const char *path,
                          lb_str values[LB_FILE_FIELDS_MAX], lb_arena *arena, lb_error *error);

#endif
