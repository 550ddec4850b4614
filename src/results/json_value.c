#include "results/json_value.h"

#include <math.h>
#include <stdio.h>

#include "base/calendar.h"
#include "base/utf8.h"

json_t *lb_json_number(double value) {
    if (!isfinite(value))
        return json_null();
    if (value == floor(value) && fabs(value) < 9007199254740992.0)
        return json_integer((json_int_t)value);
    return json_real(value);
}

json_t *lb_json_count(uint64_t value) {
    return json_integer(value > INT64_MAX ? INT64_MAX : (json_int_t)value);
}

json_t *lb_json_text(lb_str text) {
    if (!text.data)
        return json_null();
    if (lb_utf8_valid(text.data, text.size))
        return json_stringn_nocheck(text.data, text.size);
    lb_buffer repaired = {0};
    uint64_t replaced = 0;
    json_t *value = NULL;
    if (lb_utf8_repair(text, &repaired, &replaced, NULL) == LB_OK)
        value = json_stringn_nocheck(repaired.data, repaired.size);
    lb_buffer_free(&repaired);
    return value;
}

json_t *lb_json_time(int64_t microseconds) {
    int64_t seconds = microseconds / 1000000 - (microseconds % 1000000 < 0);
    int of_day = (int)(((seconds % 86400) + 86400) % 86400);
    char date[LB_DATE_MAX], text[LB_DATE_MAX + 16];
    lb_date_format(lb_date_of_seconds(seconds), date);
    snprintf(text, sizeof text, "%sT%02d:%02d:%02dZ", date, of_day / 3600, of_day / 60 % 60,
             of_day % 60);
    return json_string(text);
}

json_t *lb_json_list(size_t count, json_t *(*item)(const void *context, size_t index),
                     const void *context) {
    json_t *list = json_array();
    for (size_t i = 0; list && i < count; i++)
        if (json_array_append_new(list, item(context, i)) != 0) {
            json_decref(list);
            return NULL;
        }
    return list;
}

static json_t *text_item(const void *texts, size_t index) {
    return lb_json_text(lb_str_of(((const char *const *)texts)[index]));
}

json_t *lb_json_texts(const char *const *texts, size_t count) {
    return lb_json_list(count, text_item, texts);
}
