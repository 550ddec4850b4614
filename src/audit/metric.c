#include "audit/metric.h"

#include "audit/nearest.h"

static const lb_metric METRICS[LB_METRIC_COUNT] = {
#define LB_METRIC(id, name, unit, worse, title, definition, source)                                \
    {LB_METRIC_##id, name, unit, worse, title, definition, source},
#include "audit/metrics.def"
#undef LB_METRIC
};

static const char *const NAMES[LB_METRIC_COUNT] = {
#define LB_METRIC(id, name, unit, worse, title, definition, source) name,
#include "audit/metrics.def"
#undef LB_METRIC
};

const lb_metric *lb_metric_get(lb_metric_id id) {
    return &METRICS[id];
}

const lb_metric *lb_metric_find(const char *name) {
    for (size_t i = 0; i < LB_METRIC_COUNT; i++)
        if (strcmp(METRICS[i].name, name) == 0)
            return &METRICS[i];
    return NULL;
}

const lb_metric *lb_metric_nearest(const char *name) {
    return &METRICS[lb_nearest(name, NAMES, LB_METRIC_COUNT)];
}
