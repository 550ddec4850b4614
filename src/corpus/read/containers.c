#include "corpus/read/containers.h"

#include "corpus/read/read_csv.h"
#include "corpus/read/read_json.h"
#include "corpus/read/read_log.h"
#include "corpus/read/read_xml.h"

static int note_json(lb_source_state *source, lb_head head, lb_arena *arena, lb_error *error) {
    (void)arena;
    return lb_json_note(source, head, error);
}

static int note_xml(lb_source_state *source, lb_head head, lb_arena *arena, lb_error *error) {
    (void)arena;
    return lb_xml_note(source, head, error);
}

#define JSON_LINES                                                                                 \
    { .cut = LB_CUT_LINES, .note = note_json, .parse = lb_json_read }

static const lb_container_kind kinds[LB_CONTAINERS] = {
    [LB_CONTAINER_JSONL] = JSON_LINES,
    [LB_CONTAINER_JSON] = {.cut = LB_CUT_VALUES,
                           .many_in_a_line = true,
                           .note = note_json,
                           .parse = lb_json_read},
    [LB_CONTAINER_CSV] = {.cut = LB_CUT_ROWS, .note = lb_csv_note, .parse = lb_csv_read},
    [LB_CONTAINER_TSV] = {.cut = LB_CUT_ROWS, .note = lb_csv_note, .parse = lb_csv_read},
    [LB_CONTAINER_XML] = {.uncut = true,
                          .many_in_a_line = true,
                          .note = note_xml,
                          .open = lb_xml_reader_open},
    [LB_CONTAINER_SQLITE] = JSON_LINES, /* rows of a database come as JSON, one per line */
    [LB_CONTAINER_PARQUET] = JSON_LINES,
    [LB_CONTAINER_DUCKDB] = JSON_LINES,
    [LB_CONTAINER_LOG] = {.cut = LB_CUT_LINES, .note = lb_log_note, .open = lb_log_reader_open},
};

const lb_container_kind *lb_container_kind_of(const lb_source_state *source) {
    return &kinds[source->container];
}

lb_cut lb_container_cut(const lb_source_state *source, char first) {
    lb_cut cut = kinds[source->container].cut;
    if (cut == LB_CUT_ROWS && source->quotes == LB_QUOTES_NONE)
        return LB_CUT_LINES;
    return cut == LB_CUT_VALUES && first == '[' ? LB_CUT_ELEMENTS : cut;
}
