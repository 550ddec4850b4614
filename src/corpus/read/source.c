#include "corpus/read/source.h"

#include "corpus/read/log.h"

int lb_source_bind(lb_source_state *source, lb_arena *arena, lb_error *error) {
    if (source->container == LB_CONTAINER_XML)
        source->plan.has_records = true; /* frame 0 is what surrounds the record */
    if (!source->header)
        return LB_OK;
    source->columns = lb_arena_alloc(arena, source->column_count, sizeof *source->columns);
    if (!source->columns)
        return lb_fail_memory(error, "binding columns");
    for (size_t i = 0; i < source->column_count; i++)
        source->columns[i] = lb_plan_child(&source->plan, 0, source->header[i]);
    return LB_OK;
}

void lb_source_close(lb_source_state *source) {
    lb_catalogue_free(source->catalogue);
    lb_plan_free(&source->plan);
    lb_input_free(source->input);
    lb_buffer_free(&source->head);
    lb_log_templates_free(source->log);
    source->catalogue = NULL;
    source->input = NULL;
    source->log = NULL;
}
