/* A plan: the mapping of one input, compiled. What a message is made of are *slots* (user, text,
 * ..., one per attribute); a plan says which place of a record fills which slot. It is a tree
 * beside the record's own: a reader walks both together, in one pass, and looks at nothing else.
 *
 * What was found lies in *frames*: one for the document (or line, row), one for each record in it
 * where --map record names an array, one for each turn of a conversation. A slot that a turn leaves
 * empty is inherited from the frame around it.
 */
#ifndef LB_CORPUS_MAPPING_PLAN_H
#define LB_CORPUS_MAPPING_PLAN_H

#include "corpus/mapping/catalogue.h"
#include "corpus/mapping/mapping.h"

/* A group is what surrounds some of the records: a chat of several in one document. */
typedef enum lb_level { LB_LEVEL_NONE, LB_LEVEL_GROUP, LB_LEVEL_RECORD, LB_LEVEL_TURN } lb_level;

typedef struct lb_file_facts {         /* what the place of an input says */
    lb_str name;                       /* without folders and endings: file() */
    lb_str values[LB_FILE_FIELDS_MAX]; /* file(NAME), by the names of the mapping */
    lb_str folder;                     /* folder() */
} lb_file_facts;

typedef struct lb_plan_node {
    lb_step_kind kind;
    lb_str name;
    uint32_t parent;
    uint32_t first_child, next; /* node numbers, 0: none; node 0 is the root */
    uint32_t fills;             /* number of the first fill + 1, 0: none */
    uint32_t same_as;           /* a record below a record: go on as there; 0: no */
    lb_level level;             /* each value here opens a frame */
    bool structural;            /* nothing is taken; what does not fit is passed by */
} lb_plan_node;

typedef struct lb_plan_fill {
    uint32_t slot;
    uint32_t rank; /* of a slot's places the lowest rank counts */
    uint32_t next; /* as lb_plan_node.fills */
} lb_plan_fill;

typedef struct lb_plan {
    lb_plan_node *nodes;
    lb_plan_fill *fills;
    size_t node_count, node_capacity, fill_count, fill_capacity;
    size_t slots;      /* LB_SLOTS + attributes */
    lb_str *constants; /* [slots]: what the file's name says; data NULL: nothing */
    const lb_mapping *mapping;
    size_t turn_nodes; /* places of the record that hold turns */
    bool has_records;
} lb_plan;

/* `attributes` are the corpus's; a field that the catalogue does not have stays empty.
 */
int lb_plan_compile(lb_plan *plan, const lb_mapping *mapping, const char *const *attributes,
                    size_t attribute_count, const lb_catalogue *catalogue,
                    const lb_file_facts *file, lb_arena *arena, lb_error *error);
void lb_plan_free(lb_plan *plan);

/* The path of a node, from the root or the record; returns its length, at most `size`. */
size_t lb_plan_path(const lb_plan *plan, uint32_t node, char *text, size_t size);

/* The child for a field of this name (a FIELD before VALUES), or for elements; 0: none. */
uint32_t lb_plan_child(const lb_plan *plan, uint32_t node, lb_str name);
uint32_t lb_plan_elements(const lb_plan *plan, uint32_t node);

typedef struct lb_frame {
    uint32_t parent; /* frame number; the document's frame 0 is its own parent */
    uint32_t node;   /* of the plan, where it was opened */
    lb_level level;
} lb_frame;

typedef struct lb_frames { /* scratch of one worker; {0} is empty */
    size_t slots, count;
    lb_frame *frames;
    lb_str *values;  /* [count][slots] */
    uint32_t *ranks; /* [count][slots] */
    size_t frame_capacity, value_capacity, rank_capacity;
    bool lost;                     /* some value was found that no slot took */
    uint32_t lost_ranks[LB_SLOTS]; /* of which of a slot's places, a bit each */
    lb_str *turns; /* of lb_emit: roles and texts of the record's first array of turns */
    size_t turn_capacity;
} lb_frames;

int lb_frames_begin(lb_frames *frames, const lb_plan *plan, lb_error *error); /* opens frame 0 */
int lb_frames_open(lb_frames *frames, uint32_t parent, uint32_t node, lb_level level,
                   uint32_t *number, lb_error *error);
void lb_frames_free(lb_frames *frames);

/* Fills a slot. A better rank replaces what is there, and any value an empty one; at the same rank
 * (an array's elements) the values are joined, in `arena`, by `join`. */
int lb_frames_fill(lb_frames *frames, uint32_t frame, const lb_plan_fill *fill, lb_str value,
                   const char *join, lb_arena *arena, lb_error *error);
/* What fills the slot of the frame is not taken. */
void lb_frames_lose(lb_frames *frames, uint32_t frame, lb_slot slot);

#endif
