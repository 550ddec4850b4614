/* Data-set formats: what linkback knows about the data sets people publish. A format is data, the
 * file datasets/NAME/format.yaml, built into the library; to add one is to add a file.
 *
 * Grammar of format.yaml (a mapping; LIST is a sequence of strings, or one string; PATH as in
 * path.h; REGEX is POSIX extended, on a file's name without folders; everything but name,
 * containers and map may be missing):
 *
 *   name: wildchat       the folder's name, and the value of --format
 *   title: WildChat      one line for a reader
 *   containers: LIST     of jsonl, json, csv, tsv, xml, log, sqlite, parquet, duckdb; what reads
 *                        jsonl reads the rows of the last three as well
 *   detect:              how the head of an input shows the format; of several such mappings one
 *                        must hold
 *     keys: LIST         paths that must all be there (of XML from the root: Session.Posts.Post)
 *     any: LIST          paths of which at least one must be there
 *     exact: true        the record has no fields but these
 *     file: REGEX
 *   map:                 which field holds what
 *     record: LIST of PATH   JSON array or XML element that holds one message; a path that the
 *                            input does not have is left out
 *     user, conversation, message, reply_to, role, time, text, consent, channel: LIST of PATH
 *                            of several, the first that has a value counts; an empty value is the
 *                            last resort. With a channel, see mapping.h
 *   roles: LIST          whose words are people's own; default user, human, prompter
 *   service: {path: PATH, values: LIST}    a record with one of these values is no message
 *   bot: {path: PATH, values: LIST}        ... is not written by a person; without values: with
 *                                          any value but false, null, 0 and ""
 *   children: PATH       a record holds records of its own kind there (a tree)
 *   alternate: LIST      roles, in turn, of turns that name none
 *   marks: {TEXT: ROLE}  what begins a turn, where one text holds them all
 *   pieces: TEXT         a conversation's key that ends in TEXT and a number is a piece of one
 *   markup: html         texts are HTML: tags go, code is fenced, quotes become > lines; or
 *           entities     ... only &amp; and the like are replaced
 *   file: {pattern: REGEX, fields: LIST}   names for the groups of a pattern on the file's name,
 *                        which paths take as file(NAME); file() is the name without its endings,
 *                        folder() the folder or archive around it
 *   join:                a file beside the messages that says more of their users; its fields
 *                        serve as quasi-identifiers and sensitive fields
 *     file: REGEX
 *     key: PATH          the user in it; key() is the name of a member of an object
 *     record: PATH       as above
 *     separator: TEXT    of lines without a header, and
 *     columns: LIST      ... their names
 *   ignore: REGEX        files beside the messages that hold none
 *   text_join: TEXT      between the parts of one text; default a newline
 *   quasi_identifiers: LIST of PATH
 *   sensitive: LIST of PATH
 *   skip: LIST           what --skip is by default: quotes, code, urls
 *   lines:               container log: templates of lines, see log.h
 *     prefix, message, service, notice, day: LIST
 *     continued: true    a line that no template fits goes on with the message before
 *   notes: LIST          sentences for a reader: how the publisher anonymized, traps
 *
 * Where a record has several arrays of turns (two answers to compare), a turn that says the same at
 * the same place as one of the first array is counted once.
 */
#ifndef LB_CORPUS_MAPPING_FORMAT_H
#define LB_CORPUS_MAPPING_FORMAT_H

#include "corpus/mapping/catalogue.h"
#include "corpus/mapping/mapping.h"

typedef enum lb_container {
    LB_CONTAINER_JSONL,
    LB_CONTAINER_JSON,
    LB_CONTAINER_CSV,
    LB_CONTAINER_TSV,
    LB_CONTAINER_XML,
    LB_CONTAINER_SQLITE, /* of this and the next two, the rows are read as JSON, one per line */
    LB_CONTAINER_PARQUET,
    LB_CONTAINER_DUCKDB,
    LB_CONTAINER_LOG,
    LB_CONTAINERS
} lb_container;

extern const char *const lb_container_names[LB_CONTAINERS];

typedef struct lb_strings {
    const char *const *items;
    size_t count;
} lb_strings;

typedef struct lb_signature { /* what the head of an input shows */
    lb_strings keys, any;
    bool exact;
    const char *file_name; /* regex, or NULL */
} lb_signature;

typedef struct lb_format_join { /* file NULL: none */
    const char *file, *key, *record, *separator;
    lb_strings columns;
} lb_format_join;

enum { LB_SIGNATURES_MAX = 4 };

typedef struct lb_format {
    const char *name, *title;
    bool containers[LB_CONTAINERS];
    bool generic; /* named after its container; fields are guessed */
    lb_signature signatures[LB_SIGNATURES_MAX];
    size_t signature_count;
    lb_mapping mapping;
    lb_format_join join;
    const char *ignore;       /* regex, or NULL */
    bool continued;           /* lines may go on */
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
 * the container that match; of two, the first by name. *by is the signature. NULL: none. */
const lb_format *lb_formats_detect(const lb_formats *formats, lb_container container,
                                   const lb_catalogue *catalogue, const char *path,
                                   const lb_signature **by);

/* Does the base name of `path` match? */
bool lb_format_name_matches(const char *regex, const char *path);

/* Can the format be in a container of this kind? */
bool lb_format_fits(const lb_format *format, lb_container container);

/* Runs the format's pattern on the base name of `path`; values[i] belongs to file_fields[i]. */
int lb_format_file_values(const lb_format *format, const char *path,
                          lb_str values[LB_FILE_FIELDS_MAX], lb_arena *arena, lb_error *error);

#endif
