/* Paths to fields (configuration, section 5): `field`, `field.sub`, `field[].sub` (each element of
 * an array), `field{}.sub` (each value of an object) with `field{}.key()` (the value's name),
 * `@attribute` and `text()` in XML, `file()` and `file(NAME)` for what the file's name says,
 * `folder()` for the folder or archive around it. Where records lie within a document (the key
 * `record`), `$.field` is one of the document, and never of a record. A path is a list of steps.
 */
#ifndef LB_CORPUS_MAPPING_PATH_H
#define LB_CORPUS_MAPPING_PATH_H

#include "base/memory.h"
#include "base/str.h"

typedef enum lb_step_kind { LB_STEP_FIELD, LB_STEP_ELEMENTS, LB_STEP_VALUES } lb_step_kind;

typedef struct lb_step {
    lb_step_kind kind;
    lb_str name; /* of LB_STEP_FIELD; "@attribute" and "text()" are names like others */
} lb_step;

typedef struct lb_path {
    const lb_step *steps;
    size_t count;
} lb_path;

/* LB_E_USAGE for a malformed path; `where` names its place ("--map"). The steps live in the arena,
 * names point into a copy there. */
int lb_path_parse(lb_path *out, const char *text, const char *where, lb_arena *arena,
                  lb_error *error);

/* Does `path` begin with `prefix`? In `prefix`, VALUES stands for any field. */
bool lb_path_begins(lb_path path, lb_path prefix);
static inline bool lb_path_matches(lb_path path, lb_path pattern) {
    return path.count == pattern.count && lb_path_begins(path, pattern);
}
/* How many arrays and objects does it go through? */
size_t lb_path_iterations(lb_path path);
/* Do both end in the same array or object? */
bool lb_path_is_beside(lb_path path, lb_path other);

#endif
