/* Data-set formats: what linkback knows about the data sets people publish. A format is data, the
 * file datasets/NAME/format.yaml, built into the library; to add one is to add a file.
 * What stands in it: configuration, section 6.
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
    const char *ignore; /* regex, or NULL: files that hold nobody's words, or words once more */
    const char *unread; /* likewise: files that hold words, and are not read */
    bool continued;     /* lines may go on */
    const char *roles;  /* comma list */
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
