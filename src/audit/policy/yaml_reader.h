/* YAML, read against a list of known keys: every error says file:line:column and, for a misspelt
 * name, the nearest known one.
 *
 * A document is loaded whole (libyaml); what lb_yaml_* return as text is copied into an arena of
 * the caller, so that the document can be freed. Anchors are allowed, tags are ignored, a key that
 * stands twice is an error.
 */
#ifndef LB_AUDIT_POLICY_YAML_READER_H
#define LB_AUDIT_POLICY_YAML_READER_H

#include <yaml.h>

#include "base/memory.h"
#include "base/str.h"

typedef struct lb_yaml lb_yaml;

/* `name` is what errors call the file; it must outlive the document. */
int lb_yaml_parse(lb_yaml **out, const char *name, lb_str text, lb_error *error);
void lb_yaml_free(lb_yaml *yaml);
yaml_node_t *lb_yaml_root(lb_yaml *yaml); /* NULL: the document is empty */

int lb_yaml_fail(const lb_yaml *yaml, const yaml_node_t *node, lb_error *error, const char *mend,
                 const char *what, ...) __attribute__((format(printf, 5, 6)));
void lb_yaml_place(const lb_yaml *yaml, const yaml_node_t *node,
                   char place[LB_ERROR_WHERE_MAX]); /* "file:line:column" */

/* A mapping that may have the given keys: values[i] is the node under keys[i], or NULL. */
int lb_yaml_mapping(lb_yaml *yaml, yaml_node_t *node, const char *what, const char *const *keys,
                    size_t count, yaml_node_t **values, lb_error *error);

/* A mapping with free keys: the pair number `index`; false behind the last. */
bool lb_yaml_pair(lb_yaml *yaml, yaml_node_t *node, size_t index, yaml_node_t **key,
                  yaml_node_t **value);

/* A sequence: element number `index`; NULL behind the last. */
yaml_node_t *lb_yaml_element(lb_yaml *yaml, yaml_node_t *node, size_t index);
size_t lb_yaml_length(const yaml_node_t *node);
int lb_yaml_sequence(lb_yaml *yaml, yaml_node_t *node, const char *what, lb_error *error);

/* Scalars. `what` names the value in errors ("min", "policy.rules"). Where `node` is NULL the
 * result is left as it is. */
int lb_yaml_text(lb_yaml *yaml, yaml_node_t *node, const char *what, lb_arena *arena,
                 const char **text, lb_error *error); /* not empty */
int lb_yaml_number(lb_yaml *yaml, yaml_node_t *node, const char *what, double least, double most,
                   double *value, lb_error *error);
int lb_yaml_count(lb_yaml *yaml, yaml_node_t *node, const char *what, uint64_t least, uint64_t most,
                  uint64_t *value, lb_error *error);
int lb_yaml_choice(lb_yaml *yaml, yaml_node_t *node, const char *what, const char *const *names,
                   size_t count, size_t *chosen, lb_error *error);
/* A sequence of texts, or one text that commas cut. The array lives in the arena. */
int lb_yaml_texts(lb_yaml *yaml, yaml_node_t *node, const char *what, lb_arena *arena,
                  const char *const **texts, size_t *count, lb_error *error);

#endif
